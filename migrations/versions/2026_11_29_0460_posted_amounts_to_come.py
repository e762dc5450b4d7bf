"""What is received until a posted amount begins hangs beside it.

Expand step: a column with a constant default, which no row is rewritten for. What was replaced before is not told
again: the amount that hangs names its month.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.db import HOT_ROLE

revision: str = "r0905"
down_revision: str | None = "r0902"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "notices",
        sa.Column("earlier", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    )
    op.execute(f"GRANT SELECT (earlier) ON notices TO {HOT_ROLE}")


def downgrade() -> None:
    op.drop_column("notices", "earlier")
