"""How an agency is asked about an item: by its interface, or on paper by the county.

Expand step: one column with a default, which is how every check there is was asked.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0551"
down_revision: str | None = "r0541"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("checks", sa.Column("mode", sa.String(length=16), nullable=False, server_default="interface"))


def downgrade() -> None:
    op.execute("UPDATE checks SET status = 'unavailable', next_attempt_at = NULL WHERE status = 'awaiting_entry'")
    op.drop_column("checks", "mode")
