"""What becomes of logs of deliveries, exports and rosters of committees: the eraser may remove them.

Rights and an index, by which the oldest deliveries are found; no table changes.
"""

from collections.abc import Sequence

from alembic import op

from app.retention import ERASER_ROLE

revision: str = "r0760"
down_revision: str | None = "r0740"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ERASED = "webhook_deliveries, webhook_attempts, exports, committee_members"
# To lock a row PostgreSQL asks for the right to change something of it.
_LOCKED = {"webhook_deliveries": "queued_until", "exports": "version", "committee_members": "left_at"}


def upgrade() -> None:
    op.execute(f"GRANT SELECT, DELETE ON {_ERASED} TO {ERASER_ROLE}")
    for table, column in _LOCKED.items():
        op.execute(f"GRANT UPDATE ({column}) ON {table} TO {ERASER_ROLE}")
    op.create_index("webhook_deliveries_created_at_idx", "webhook_deliveries", ["created_at"])


def downgrade() -> None:
    op.drop_index("webhook_deliveries_created_at_idx", table_name="webhook_deliveries")
    for table, column in _LOCKED.items():
        op.execute(f"REVOKE UPDATE ({column}) ON {table} FROM {ERASER_ROLE}")
    op.execute(f"REVOKE SELECT, DELETE ON {_ERASED} FROM {ERASER_ROLE}")
