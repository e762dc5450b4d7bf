"""Disputes of what a report says, each with the ticket that asks its agency for a correction.

Expand step: one new table.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0650"
down_revision: str | None = "r0640"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report_disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("recheck_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("statement_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("raised_at", _INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("reasons_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answer_report_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('corrected', 'upheld')) = (answered_at IS NOT NULL)",
            name=op.f("report_disputes_answered_check"),
        ),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (reference IS NULL)", name=op.f("report_disputes_by_somebody_with_reference_check")
        ),
        sa.CheckConstraint(
            "status <> 'upheld' OR (answered_by IS NOT NULL AND reasons_sealed IS NOT NULL)",
            name=op.f("report_disputes_upheld_check"),
        ),
        sa.CheckConstraint(
            "status <> 'corrected' OR answered_by IS NOT NULL OR answer_report_id IS NOT NULL",
            name=op.f("report_disputes_corrected_check"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("report_disputes_application_id_fkey")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["household_reports.id"], name=op.f("report_disputes_report_id_fkey")),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name=op.f("report_disputes_check_id_fkey")),
        sa.ForeignKeyConstraint(["recheck_id"], ["checks.id"], name=op.f("report_disputes_recheck_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("report_disputes_pkey")),
    )
    op.create_index(
        "report_disputes_one_pending_per_field_key",
        "report_disputes",
        ["application_id", "member_id", "item", "key"],
        unique=True,
        postgresql_where=sa.text("status IN ('open', 'overdue', 'escalated')"),
    )
    for column in ("report_id", "check_id", "recheck_id"):
        op.create_index(op.f(f"report_disputes_{column}_idx"), "report_disputes", [column])
    op.create_index("report_disputes_number_key", "report_disputes", ["number"], unique=True)
    op.create_index(op.f("report_disputes_division_status_idx"), "report_disputes", ["division", "status"])
    op.create_index(op.f("report_disputes_citizen_id_id_idx"), "report_disputes", ["citizen_id", "id"])
    op.create_index(
        op.f("report_disputes_application_id_answered_by_idx"), "report_disputes", ["application_id", "answered_by"]
    )
    op.create_index(
        "report_disputes_due_idx",
        "report_disputes",
        ["due_on"],
        postgresql_where=sa.text("status IN ('open', 'overdue')"),
    )
    op.execute(f"GRANT SELECT, UPDATE (statement_sealed, reasons_sealed) ON report_disputes TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON report_disputes TO {ERASER_ROLE}")
    keep_within_reach("report_disputes", "division BETWEEN :low AND :high AND (:owner IS NULL OR citizen_id = :owner)")


def downgrade() -> None:
    op.drop_table("report_disputes")
