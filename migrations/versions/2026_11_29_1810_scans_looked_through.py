"""The scans of what was entered before are uploads of ours, too."""

from collections.abc import Sequence

from alembic import op

revision: str = "r0972"
down_revision: str | None = "r0971"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE checks VALIDATE CONSTRAINT checks_scan_upload_id_fkey")
    op.execute("ALTER TABLE evidence_letters VALIDATE CONSTRAINT evidence_letters_scan_upload_id_fkey")


def downgrade() -> None:
    """What was looked through stays so."""
