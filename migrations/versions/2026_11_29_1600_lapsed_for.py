"""Why what was disputed has lapsed, for whoever disputed it to read.

Expand step: a column without a default, and a check that every row there is passes, for it is empty.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0941"
down_revision: str | None = "r0931"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("report_disputes", sa.Column("lapsed_for", sa.String(32), nullable=True))
    op.create_check_constraint(
        op.f("report_disputes_lapsed_check"), "report_disputes", "lapsed_for IS NULL OR status = 'lapsed'"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("report_disputes_lapsed_check"), "report_disputes")
    op.drop_column("report_disputes", "lapsed_for")
