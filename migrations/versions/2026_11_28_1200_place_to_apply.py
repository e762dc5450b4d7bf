"""Where a household lives, if not where it applies, and the place it was told to apply at.

Expand step: two columns that may be empty.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE

revision: str = "r0300"
down_revision: str | None = "r0220"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("applications", sa.Column("residence_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("applications", sa.Column("redirected_to", sa.String(length=12), nullable=True))
    op.execute(f"GRANT SELECT (residence_sealed), UPDATE (residence_sealed) ON applications TO {KEYS_ROLE}")
    op.execute(f"GRANT UPDATE (residence_sealed, redirected_to) ON applications TO {ERASER_ROLE}")


def downgrade() -> None:
    op.drop_column("applications", "redirected_to")
    op.drop_column("applications", "residence_sealed")
