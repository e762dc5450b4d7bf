"""Files lie sealed in the storage, each under a key of its own.

Expand step: files kept before have no key and are read as they lie.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "r0060"
down_revision: str | None = "r0080"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("uploads", sa.Column("key_sealed", sa.LargeBinary(), nullable=True))
    # Who seals anew what lies under an old key.
    op.execute("GRANT SELECT, UPDATE (key_sealed) ON uploads TO dibao_keys")


def downgrade() -> None:
    op.execute("REVOKE SELECT, UPDATE (key_sealed) ON uploads FROM dibao_keys")
    op.drop_column("uploads", "key_sealed")
