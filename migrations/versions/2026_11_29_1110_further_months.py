"""What a changed number left for a person names every month that waits, not the first alone.

Expand step: a column with a default. Safe while the old code runs, which neither writes nor reads it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "r0913"
down_revision: str | None = "r0912"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("recomputed_awards", sa.Column("further", JSONB(), server_default=sa.text("'[]'"), nullable=False))


def downgrade() -> None:
    op.drop_column("recomputed_awards", "further")
