"""What an award amounts to from a month on, and what changed numbers mean for awards.

Expand step: four tables, and a column that says by which of an award's amounts a line was laid; all lines until now
were laid by what the decision granted, which is number 0. A line of arrears may have another cause than its month.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach, make_append_only

revision: str = "r0420"
down_revision: str | None = "r0410"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OF_OFFICES = "division BETWEEN :low AND :high AND :owner IS NULL"


def _with_award(table: str) -> str:
    award = f"EXISTS (SELECT 1 FROM awards WHERE awards.id = {table}.award_id)"  # noqa: S608 # nosec B608
    return f"division BETWEEN :low AND :high AND (:owner IS NULL OR {award})"


def upgrade() -> None:
    op.create_table(
        "number_sets",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("number_sets_pkey")),
    )
    make_append_only("number_sets")
    _create_amounts()
    _create_recomputations()
    _create_recomputed_awards()
    op.add_column("pay_lines", sa.Column("amount_seq", sa.SmallInteger(), server_default="0", nullable=False))
    op.drop_constraint(op.f("pay_lines_cause_check"), "pay_lines", type_="check")
    op.create_check_constraint(
        op.f("pay_lines_cause_check"),
        "pay_lines",
        "CASE kind WHEN 'regular' THEN cause = 'entitlement' WHEN 'reissue' THEN cause <> 'entitlement' ELSE true END",
    )


def _create_amounts() -> None:
    op.create_table(
        "award_amounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("before_fen", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("numbers", sa.String(length=64), nullable=True),
        sa.Column("rules_version", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("award_amounts_amount_check")),
        sa.CheckConstraint("seq > 0", name=op.f("award_amounts_seq_check")),
        sa.CheckConstraint("extract(day FROM from_month) = 1", name=op.f("award_amounts_from_month_check")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("award_amounts_award_id_fkey")),
        sa.ForeignKeyConstraint(["change_id"], ["number_changes.id"], name=op.f("award_amounts_change_id_fkey")),
        sa.ForeignKeyConstraint(["numbers"], ["number_sets.digest"], name=op.f("award_amounts_numbers_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("award_amounts_pkey")),
        sa.UniqueConstraint("award_id", "seq", name=op.f("award_amounts_award_id_seq_key")),
    )
    op.create_index(
        "award_amounts_change_id_idx",
        "award_amounts",
        ["change_id"],
        postgresql_where=sa.text("change_id IS NOT NULL"),
    )
    make_append_only("award_amounts")
    op.execute(f"GRANT SELECT, DELETE ON award_amounts TO {ERASER_ROLE}")
    keep_within_reach("award_amounts", _with_award("award_amounts"))


def _create_recomputations() -> None:
    op.create_table(
        "recomputations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("raised_fen", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["number_changes.id"], name=op.f("recomputations_change_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("recomputations_pkey")),
        sa.UniqueConstraint("change_id", "county", "program", name=op.f("recomputations_change_id_county_program_key")),
    )
    op.create_index(
        "recomputations_unfinished_idx", "recomputations", ["id"], postgresql_where=sa.text("finished_at IS NULL")
    )
    keep_within_reach("recomputations", _OF_OFFICES)


def _create_recomputed_awards() -> None:
    op.create_table(
        "recomputed_awards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("before_fen", sa.BigInteger(), nullable=False),
        sa.Column("after_fen", sa.BigInteger(), nullable=True),
        sa.Column("numbers", sa.String(length=64), nullable=True),
        sa.Column("settlement", sa.String(length=16), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step_due", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(settlement IN ('none', 'open')) = (settled_at IS NULL)", name=op.f("recomputed_awards_settled_check")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("recomputed_awards_award_id_fkey")),
        sa.ForeignKeyConstraint(["change_id"], ["number_changes.id"], name=op.f("recomputed_awards_change_id_fkey")),
        sa.ForeignKeyConstraint(["numbers"], ["number_sets.digest"], name=op.f("recomputed_awards_numbers_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("recomputed_awards_pkey")),
        sa.UniqueConstraint("change_id", "award_id", name=op.f("recomputed_awards_change_id_award_id_key")),
    )
    op.create_index(
        "recomputed_awards_one_open_key",
        "recomputed_awards",
        ["award_id"],
        unique=True,
        postgresql_where=sa.text("settlement = 'open'"),
    )
    op.create_index("recomputed_awards_change_id_division_id_idx", "recomputed_awards", ["change_id", "division", "id"])
    op.create_index(
        "recomputed_awards_step_due_idx", "recomputed_awards", ["award_id"], postgresql_where=sa.text("step_due")
    )
    op.execute(f"GRANT SELECT, DELETE ON recomputed_awards TO {ERASER_ROLE}")
    keep_within_reach("recomputed_awards", _OF_OFFICES)


def downgrade() -> None:
    op.drop_constraint(op.f("pay_lines_cause_check"), "pay_lines", type_="check")
    op.create_check_constraint(
        op.f("pay_lines_cause_check"), "pay_lines", "(kind = 'reissue') = (cause <> 'entitlement')"
    )
    op.drop_column("pay_lines", "amount_seq")
    for table in ("recomputed_awards", "recomputations", "award_amounts", "number_sets"):
        op.drop_table(table)
