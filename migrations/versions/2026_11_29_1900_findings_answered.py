"""Which proposed amount answers a finding: its approval settles that one and no other.

Expand step: a column without a value and its key. What is proposed by now names no finding, so that its approval
settles none; they stay the county's task.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0981"
down_revision: str | None = "r0972"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("award_findings", sa.Column("adjustment_id", sa.Uuid(), nullable=True))
    op.create_index(
        "award_findings_adjustment_idx",
        "award_findings",
        ["adjustment_id"],
        postgresql_where=sa.text("adjustment_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("award_findings_adjustment_id_fkey"), "award_findings", "award_adjustments", ["adjustment_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("award_findings", "adjustment_id")
