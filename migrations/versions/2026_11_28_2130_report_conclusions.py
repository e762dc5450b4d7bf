"""What a county's checker concludes from a report.

Expand step: one new table.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0640"
down_revision: str | None = "r0630"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report_conclusions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("statement_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("concluded_by", sa.Uuid(), nullable=False),
        sa.Column("concluded_at", _INSTANT, nullable=False),
        sa.Column("superseded_at", _INSTANT, nullable=True),
        sa.CheckConstraint(
            "verdict IN ('consistent', 'inconsistent', 'cannot_be_told')", name=op.f("report_conclusions_verdict_check")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("report_conclusions_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["household_reports.id"], name=op.f("report_conclusions_report_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("report_conclusions_pkey")),
    )
    op.create_index(
        "report_conclusions_one_live_key",
        "report_conclusions",
        ["report_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index(
        op.f("report_conclusions_application_id_concluded_by_idx"),
        "report_conclusions",
        ["application_id", "concluded_by"],
    )
    op.create_index(op.f("report_conclusions_report_id_idx"), "report_conclusions", ["report_id"])
    op.execute(f"GRANT SELECT, UPDATE (statement_sealed) ON report_conclusions TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON report_conclusions TO {ERASER_ROLE}")
    keep_within_reach(
        "report_conclusions",
        "division BETWEEN :low AND :high AND (:owner IS NULL OR "
        "EXISTS (SELECT 1 FROM applications WHERE applications.id = report_conclusions.application_id))",
    )


def downgrade() -> None:
    op.drop_table("report_conclusions")
