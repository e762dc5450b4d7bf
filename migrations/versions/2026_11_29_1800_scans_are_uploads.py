"""The scan that an answer was entered from is an upload of ours: also where checks and letters name it.

Expand step: the keys hold for what is written from now on. What is there is looked through by the next revision, in a
transaction of its own, which keeps nobody from writing.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "r0971"
down_revision: str | None = "r0961"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("checks", "evidence_letters")


def upgrade() -> None:
    for table in _TABLES:
        key = op.f(f"{table}_scan_upload_id_fkey")
        op.create_foreign_key(key, table, "uploads", ["scan_upload_id"], ["id"], postgresql_not_valid=True)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_constraint(op.f(f"{table}_scan_upload_id_fkey"), table)
