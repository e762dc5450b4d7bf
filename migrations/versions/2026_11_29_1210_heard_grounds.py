"""A hearing about a stop names the ground it is about, and an award the instant at which it was last kept.

Expand step: two columns without a value. Safe while the old code runs, which neither writes nor reads them. Hearings
of before name none; they carry a stop only for what waits for a person since before them.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0961"
down_revision: str | None = "r0951"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("award_hearings", sa.Column("ground", sa.String(16), nullable=True))
    op.add_column("awards", sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("awards", "kept_at")
    op.drop_column("award_hearings", "ground")
