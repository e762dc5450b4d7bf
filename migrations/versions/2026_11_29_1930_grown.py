"""Whether what waits in its first month comes from a member's age, and from no changed number.

Expand step: a column without a value. What was found by now does not say; it is taken for a changed number, as it was.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0991"
down_revision: str | None = "r0981"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("recomputed_awards", sa.Column("grown", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("recomputed_awards", "grown")
