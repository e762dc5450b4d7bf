"""When and how the letter that asks an agency for a correction went out, as the county says.

Expand step: columns without a default, and a check that every row there is passes, for they are empty.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0910"
down_revision: str | None = "r0906"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("report_disputes", sa.Column("sent_on", sa.Date(), nullable=True))
    op.add_column("report_disputes", sa.Column("sent_way", sa.String(32), nullable=True))
    op.add_column("report_disputes", sa.Column("sent_by", sa.Uuid(), nullable=True))
    op.create_check_constraint(
        op.f("report_disputes_sent_check"),
        "report_disputes",
        "(sent_on IS NULL) = (sent_by IS NULL) AND (sent_on IS NULL) = (sent_way IS NULL)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("report_disputes_sent_check"), "report_disputes")
    for name in ("sent_by", "sent_way", "sent_on"):
        op.drop_column("report_disputes", name)
