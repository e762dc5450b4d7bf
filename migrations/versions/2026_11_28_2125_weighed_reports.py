"""Reports say until when they hold and what their contradictions come to.

Expand step: two columns, filled for the reports there are with what holds where no place has set anything; what they
contradict was not weighed.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0630"
down_revision: str | None = "r0615"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("household_reports", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("household_reports", sa.Column("points", sa.Integer(), nullable=True))
    op.execute("UPDATE household_reports SET valid_until = (issued_at AT TIME ZONE 'Asia/Shanghai')::date + 90")
    op.create_index(
        "household_reports_expiring_idx",
        "household_reports",
        ["valid_until"],
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("household_reports_expiring_idx", "household_reports")
    op.drop_column("household_reports", "points")
    op.drop_column("household_reports", "valid_until")
