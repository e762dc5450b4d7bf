"""The scan that an answer was entered from, and uploads of staff, who see their own.

Expand step: a column without a value, and a wider rule.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.rights import keep_within_reach, lift_reach

revision: str = "r0680"
down_revision: str | None = "r0670"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PAPERS = "EXISTS (SELECT 1 FROM documents WHERE documents.upload_id = uploads.id)"
_SCANS = "EXISTS (SELECT 1 FROM checks WHERE checks.scan_upload_id = uploads.id)"
_BEFORE = f"owner_id = :owner OR (:owner IS NULL AND (:everywhere OR {_PAPERS}))"
_RULE = f"owner_id = :owner OR (:owner IS NULL AND (:everywhere OR owner_id = :actor OR {_PAPERS} OR {_SCANS}))"


def upgrade() -> None:
    op.add_column("checks", sa.Column("scan_upload_id", sa.Uuid(), nullable=True))
    op.create_index(
        "checks_scan_upload_id_idx",
        "checks",
        ["scan_upload_id"],
        postgresql_where=sa.text("scan_upload_id IS NOT NULL"),
    )
    lift_reach("uploads")
    keep_within_reach("uploads", _RULE)


def downgrade() -> None:
    lift_reach("uploads")
    keep_within_reach("uploads", _BEFORE)
    op.drop_index("checks_scan_upload_id_idx", table_name="checks")
    op.drop_column("checks", "scan_upload_id")
