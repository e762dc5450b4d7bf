"""What agencies answer by call-back or by file is kept among the attempts, told apart from those that were made.

Expand step: one column with a constant default, which rewrites no row.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0901"
down_revision: str | None = "r0900"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "check_attempts", sa.Column("called_back", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("check_attempts", "called_back")
