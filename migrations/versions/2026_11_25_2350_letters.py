"""Letters: what a household was told in writing, once for each cause.

Expand step: one new table, to which the processes may only add.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach, make_append_only

revision: str = "r0160"
down_revision: str | None = "r0100"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("authority", sa.String(length=12), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("letters_application_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("letters_pkey")),
        sa.UniqueConstraint(
            "application_id", "kind", "cause_id", name=op.f("letters_application_id_kind_cause_id_key")
        ),
    )
    op.create_index("letters_number_key", "letters", ["number"], unique=True)
    op.create_index("letters_division_issued_at_idx", "letters", ["division", "issued_at"])
    op.create_index("letters_citizen_id_idx", "letters", ["citizen_id"])
    make_append_only("letters")
    op.execute(f"GRANT SELECT, UPDATE (body_sealed) ON letters TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON letters TO {ERASER_ROLE}")
    keep_within_reach("letters", "division BETWEEN :low AND :high AND (:owner IS NULL OR citizen_id = :owner)")


def downgrade() -> None:
    op.drop_table("letters")
