"""Lower amounts: proposed by one person, decided by another after the recipient was heard.

Expand step: one new table; an amount may rest on such a decision, and what a change left open on somebody's reason.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0430"
down_revision: str | None = "r0420"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "award_adjustments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("before_fen", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("recomputed_id", sa.Uuid(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("amount_fen > 0 AND amount_fen < before_fen", name=op.f("award_adjustments_amount_check")),
        sa.CheckConstraint("extract(day FROM from_month) = 1", name=op.f("award_adjustments_from_month_check")),
        sa.CheckConstraint(
            "(status = 'proposed') = (decided_at IS NULL)", name=op.f("award_adjustments_decided_check")
        ),
        sa.CheckConstraint(
            "status <> 'approved' OR decided_by <> proposed_by", name=op.f("award_adjustments_four_eyes_check")
        ),
        sa.CheckConstraint(
            "(ground = 'standard') = (recomputed_id IS NOT NULL)", name=op.f("award_adjustments_ground_check")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("award_adjustments_award_id_fkey")),
        sa.ForeignKeyConstraint(
            ["recomputed_id"], ["recomputed_awards.id"], name=op.f("award_adjustments_recomputed_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("award_adjustments_pkey")),
    )
    op.create_index("award_adjustments_award_id_idx", "award_adjustments", ["award_id"])
    op.create_index(
        "award_adjustments_one_proposed_key",
        "award_adjustments",
        ["award_id"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.execute(f"GRANT SELECT, UPDATE (reason_sealed, rejected_reason_sealed) ON award_adjustments TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON award_adjustments TO {ERASER_ROLE}")
    keep_within_reach(
        "award_adjustments",
        "division BETWEEN :low AND :high AND (:owner IS NULL OR "
        "EXISTS (SELECT 1 FROM awards WHERE awards.id = award_adjustments.award_id))",
    )
    op.add_column("award_amounts", sa.Column("adjustment_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("award_amounts_adjustment_id_fkey"), "award_amounts", "award_adjustments", ["adjustment_id"], ["id"]
    )
    op.add_column("recomputed_awards", sa.Column("settled_reason_sealed", sa.LargeBinary(), nullable=True))
    op.execute(f"GRANT SELECT, UPDATE (settled_reason_sealed) ON recomputed_awards TO {KEYS_ROLE}")


def downgrade() -> None:
    op.drop_column("recomputed_awards", "settled_reason_sealed")
    op.drop_constraint(op.f("award_amounts_adjustment_id_fkey"), "award_amounts", type_="foreignkey")
    op.drop_column("award_amounts", "adjustment_id")
    op.drop_table("award_adjustments")
