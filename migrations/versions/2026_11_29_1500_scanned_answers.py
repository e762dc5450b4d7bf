"""The scan of what an agency answered to a dispute, which offices of the place may load.

Expand step: a column without a value, its key, and a wider rule. What was answered before has no scan.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.rights import keep_within_reach, lift_reach

revision: str = "r0921"
down_revision: str | None = "r0913"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEPT = (
    "EXISTS (SELECT 1 FROM documents WHERE documents.upload_id = uploads.id)",
    "EXISTS (SELECT 1 FROM checks WHERE checks.scan_upload_id = uploads.id)",
    "EXISTS (SELECT 1 FROM evidence_letters WHERE evidence_letters.scan_upload_id = uploads.id)",
)
_ANSWERS = "EXISTS (SELECT 1 FROM report_disputes WHERE report_disputes.scan_upload_id = uploads.id)"


def _uploads(*kept: str) -> str:
    return f"owner_id = :owner OR (:owner IS NULL AND (:everywhere OR owner_id = :actor OR {' OR '.join(kept)}))"


def upgrade() -> None:
    op.add_column("report_disputes", sa.Column("scan_upload_id", sa.Uuid(), nullable=True))
    op.create_index(
        "report_disputes_scan_idx",
        "report_disputes",
        ["scan_upload_id"],
        postgresql_where=sa.text("scan_upload_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("report_disputes_scan_upload_id_fkey"), "report_disputes", "uploads", ["scan_upload_id"], ["id"]
    )
    lift_reach("uploads")
    keep_within_reach("uploads", _uploads(*_KEPT, _ANSWERS))


def downgrade() -> None:
    lift_reach("uploads")
    keep_within_reach("uploads", _uploads(*_KEPT))
    op.drop_column("report_disputes", "scan_upload_id")
