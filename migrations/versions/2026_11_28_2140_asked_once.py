"""Asked at most once for the same need: which check asks about a person, and which case used whose answer.

Expand step: two new tables, and an index by which a person is found in whatever county.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach, make_append_only

revision: str = "r0561"
down_revision: str | None = "r0650"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "asked_needs",
        sa.Column("person_index", sa.LargeBinary(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("person_index", "item", name=op.f("asked_needs_pkey")),
    )
    op.create_index(op.f("asked_needs_application_id_idx"), "asked_needs", ["application_id"])
    op.create_table(
        "check_uses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("source_check_id", sa.Uuid(), nullable=False),
        sa.Column("authorisation_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("check_uses_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("check_uses_pkey")),
    )
    op.create_index("check_uses_check_id_key", "check_uses", ["check_id"], unique=True)
    op.create_index(op.f("check_uses_application_id_idx"), "check_uses", ["application_id"])
    op.create_index(op.f("members_id_number_index_idx"), "members", ["id_number_index"])
    make_append_only("check_uses")
    op.execute(f"GRANT SELECT, DELETE ON check_uses, asked_needs TO {ERASER_ROLE}")
    own = "EXISTS (SELECT 1 FROM applications WHERE applications.id = check_uses.application_id)"
    keep_within_reach("check_uses", f"division BETWEEN :low AND :high AND (:owner IS NULL OR {own})")


def downgrade() -> None:
    op.drop_index(op.f("members_id_number_index_idx"), table_name="members")
    op.drop_table("check_uses")
    op.drop_table("asked_needs")
