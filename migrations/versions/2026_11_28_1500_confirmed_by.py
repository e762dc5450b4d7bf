"""Who decides an application, as settled with its acceptance.

Expand step: a column that may be empty; empty means the county, as it was for all before.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0450"
down_revision: str | None = "r0440"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("applications", sa.Column("confirmed_by", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("applications", "confirmed_by")
