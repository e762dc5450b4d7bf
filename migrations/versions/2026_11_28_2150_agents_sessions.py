"""Who acts in a session for another, and under which epoch: it ends with all sessions of his own.

Expand step: columns without a value, which is what every session has in which nobody acts for another. Those that are
open under an entrustment end here, for it is not known under which epoch they were opened; who acts opens another.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.core.db import HOT_ROLE

revision: str = "r0660"
down_revision: str | None = "r0561"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("agent_id", sa.Uuid(), nullable=True))
    op.add_column("sessions", sa.Column("agent_epoch", sa.Integer(), nullable=True))
    op.create_index("sessions_agent_id_idx", "sessions", ["agent_id"])
    op.execute(f"GRANT SELECT (agent_id, agent_epoch) ON sessions TO {HOT_ROLE}")
    op.execute("UPDATE sessions SET revoked_at = now() WHERE entrustment_id IS NOT NULL AND revoked_at IS NULL")


def downgrade() -> None:
    op.drop_index("sessions_agent_id_idx", table_name="sessions")
    op.drop_column("sessions", "agent_epoch")
    op.drop_column("sessions", "agent_id")
