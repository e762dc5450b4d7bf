"""Steps that were not done in time, and which level's supervisors were told.

Expand step: one new table, which nobody changes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach, make_append_only

revision: str = "r0220"
down_revision: str | None = "r0210"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("escalations_application_id_fkey")),
        sa.ForeignKeyConstraint(["step_id"], ["application_steps.id"], name=op.f("escalations_step_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("escalations_pkey")),
        sa.UniqueConstraint("step_id", "level", name=op.f("escalations_step_id_level_key")),
    )
    op.create_index("escalations_application_id_idx", "escalations", ["application_id"])
    op.create_index("escalations_division_level_id_idx", "escalations", ["division", "level", "id"])
    make_append_only("escalations")
    op.execute(f"GRANT SELECT, DELETE ON escalations TO {ERASER_ROLE}")
    keep_within_reach(
        "escalations",
        "division BETWEEN :low AND :high AND (:owner IS NULL OR "
        "EXISTS (SELECT 1 FROM applications WHERE applications.id = escalations.application_id))",
    )


def downgrade() -> None:
    op.drop_table("escalations")
