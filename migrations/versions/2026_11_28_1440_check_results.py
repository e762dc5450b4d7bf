"""Results by which a household does not qualify: told to it, objected to, checked again.

Expand step: one new table.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0440"
down_revision: str | None = "r0430"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "check_results",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("findings_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", _INSTANT, nullable=False),
        sa.Column("object_by", sa.Date(), nullable=False),
        sa.Column("object_by_provisional", sa.Boolean(), nullable=False),
        sa.Column("objected_at", _INSTANT, nullable=True),
        sa.Column("objection_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recheck_asked_by", sa.Uuid(), nullable=True),
        sa.Column("recheck_asked_at", _INSTANT, nullable=True),
        sa.Column("recheck_report_id", sa.Uuid(), nullable=True),
        sa.Column("still", sa.Boolean(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("check_results_application_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("check_results_pkey")),
        sa.UniqueConstraint("application_id", "report_id", name=op.f("check_results_application_id_report_id_key")),
    )
    op.create_index(
        "check_results_one_open_key",
        "check_results",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('told', 'objected', 'rechecking')"),
    )
    op.create_index(
        "check_results_due_idx", "check_results", ["object_by"], postgresql_where=sa.text("status = 'told'")
    )
    op.execute(f"GRANT SELECT, UPDATE (findings_sealed, objection_sealed) ON check_results TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON check_results TO {ERASER_ROLE}")
    keep_within_reach(
        "check_results",
        "division BETWEEN :low AND :high AND (:owner IS NULL OR "
        "EXISTS (SELECT 1 FROM applications WHERE applications.id = check_results.application_id))",
    )


def downgrade() -> None:
    op.drop_table("check_results")
