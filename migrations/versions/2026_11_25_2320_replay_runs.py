"""Each night's sample of decisions that were judged again: how far it went, and how many came out otherwise."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0150"
down_revision: str | None = "r0140"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "replay_runs",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("different", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("replay_runs_pkey")),
    )


def downgrade() -> None:
    op.drop_table("replay_runs")
