"""Opinions about children that are not posted, on what ground; members who are listed with somebody who applies alone.

Expand step: a column that may be empty, and one that is true for all before, as everybody listed was claimed.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0460"
down_revision: str | None = "r0450"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("opinions", sa.Column("notice_skipped", sa.String(length=32), nullable=True))
    op.add_column("members", sa.Column("claimed", sa.Boolean(), server_default=sa.text("true"), nullable=False))


def downgrade() -> None:
    op.drop_column("members", "claimed")
    op.drop_column("opinions", "notice_skipped")
