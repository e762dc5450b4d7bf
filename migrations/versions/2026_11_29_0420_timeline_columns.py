"""Hot reads may tell who confirms a case, why its time was extended and when it ended.

The timeline says what follows, that there is more time to decide, and what can be done against what was decided. Safe
while the old code runs, which asks for none of them; before the new code, which does.
"""

from collections.abc import Sequence

from alembic import op

from app.core.db import HOT_ROLE

revision: str = "r0870"
down_revision: str | None = "r0860"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COLUMNS = "confirmed_by, extended_reason, ended_at"


def upgrade() -> None:
    op.execute(f"GRANT SELECT ({_COLUMNS}) ON applications TO {HOT_ROLE}")


def downgrade() -> None:
    op.execute(f"REVOKE SELECT ({_COLUMNS}) ON applications FROM {HOT_ROLE}")  # noqa: S608 # nosec B608
