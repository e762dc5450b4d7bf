"""The notice of an award that was stopped ends by itself, and is found by the index of those that are due.

Expand step: the index takes in every notice with a last day, not an opinion's alone. Safe while the old code runs: what
it looks for is in the index.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0912"
down_revision: str | None = "r0911"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INDEX = "notices_due_idx"


def upgrade() -> None:
    _index("status = 'posted' AND ends_on IS NOT NULL")


def downgrade() -> None:
    _index("status = 'posted' AND kind = 'opinion'")


def _index(condition: str) -> None:
    op.drop_index(_INDEX, table_name="notices")
    op.create_index(_INDEX, "notices", ["ends_on"], postgresql_where=sa.text(condition))
