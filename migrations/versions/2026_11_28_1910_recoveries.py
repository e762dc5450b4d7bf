"""What was paid too much and is to come back: claims, their months, and what came back.

Expand step: three new tables.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach, make_append_only

revision: str = "r0530"
down_revision: str | None = "r0520"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_SEALED = "reason_sealed, opinion_sealed, drop_reason_sealed, write_off_reason_sealed"
_TABLES = ("recoveries", "recovery_months", "repayments")


def _placed(parent: str, key: str, table: str) -> str:
    of = f"EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {table}.{key})"  # noqa: S608 # nosec B608
    return f"division BETWEEN :low AND :high AND (:owner IS NULL OR {of})"


def upgrade() -> None:
    _create_recoveries()
    _create_months()
    _create_repayments()
    op.execute(f"GRANT SELECT, UPDATE ({_SEALED}) ON recoveries TO {KEYS_ROLE}")
    for table in _TABLES:
        op.execute(f"GRANT SELECT, DELETE ON {table} TO {ERASER_ROLE}")
    make_append_only("repayments")
    keep_within_reach("recoveries", _placed("awards", "award_id", "recoveries"))
    keep_within_reach("recovery_months", _placed("awards", "award_id", "recovery_months"))
    keep_within_reach("repayments", _placed("recoveries", "recovery_id", "repayments"))


def _create_recoveries() -> None:
    op.create_table(
        "recoveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("heard_by", sa.Uuid(), nullable=True),
        sa.Column("opinion_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.Column("drop_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("instalments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("repaid_fen", sa.BigInteger(), nullable=False),
        sa.Column("written_off_fen", sa.BigInteger(), nullable=False),
        sa.Column("write_off_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("write_off_proposed_by", sa.Uuid(), nullable=True),
        sa.Column("write_off_proposed_at", _INSTANT, nullable=True),
        sa.Column("written_off_by", sa.Uuid(), nullable=True),
        sa.Column("written_off_at", _INSTANT, nullable=True),
        sa.CheckConstraint("total_fen > 0", name=op.f("recoveries_total_check")),
        sa.CheckConstraint(
            "repaid_fen >= 0 AND written_off_fen >= 0 AND repaid_fen + written_off_fen <= total_fen",
            name=op.f("recoveries_rest_check"),
        ),
        sa.CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name=op.f("recoveries_decided_check")),
        sa.CheckConstraint("status = 'proposed' OR decided_by <> proposed_by", name=op.f("recoveries_four_eyes_check")),
        sa.CheckConstraint("(status = 'repaid') = (repaid_fen = total_fen)", name=op.f("recoveries_repaid_check")),
        sa.CheckConstraint(
            "(status = 'written_off') = (written_off_by IS NOT NULL) "
            "AND (status = 'written_off') = (written_off_fen > 0)",
            name=op.f("recoveries_written_off_check"),
        ),
        sa.CheckConstraint(
            "written_off_by IS NULL OR (write_off_proposed_by IS NOT NULL AND written_off_by <> write_off_proposed_by "
            "AND write_off_reason_sealed IS NOT NULL)",
            name=op.f("recoveries_two_persons_check"),
        ),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("recoveries_award_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("recoveries_pkey")),
    )
    op.create_index(op.f("recoveries_award_id_idx"), "recoveries", ["award_id"])
    op.create_index("recoveries_number_key", "recoveries", ["number"], unique=True)
    op.create_index(
        "recoveries_one_proposed_key",
        "recoveries",
        ["award_id"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
    )


def _create_months() -> None:
    op.create_table(
        "recovery_months",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("recovery_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_fen > 0 AND amount_fen <= paid_fen", name=op.f("recovery_months_amount_check")),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("recovery_months_month_check")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("recovery_months_award_id_fkey")),
        sa.ForeignKeyConstraint(["recovery_id"], ["recoveries.id"], name=op.f("recovery_months_recovery_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("recovery_months_pkey")),
        sa.UniqueConstraint("recovery_id", "month", name=op.f("recovery_months_recovery_id_month_key")),
    )
    op.create_index(
        "recovery_months_once_key",
        "recovery_months",
        ["award_id", "month"],
        unique=True,
        postgresql_where=sa.text("live"),
    )


def _create_repayments() -> None:
    op.create_table(
        "repayments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("recovery_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("repayments_amount_check")),
        sa.ForeignKeyConstraint(["recovery_id"], ["recoveries.id"], name=op.f("repayments_recovery_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("repayments_pkey")),
        sa.UniqueConstraint("recovery_id", "reference", name=op.f("repayments_recovery_id_reference_key")),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
