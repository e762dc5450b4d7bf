"""An award that another county goes on with: the hand-over between the two, and what holds their months apart.

Expand step: one new table; an award says which one it goes on with; what waits for a person may come of a hand-over. A
month is one person's once in the whole, no longer once in each county: the key says so now, which before the claims
alone kept. (Where lines are spread over nodes by county one day, it is the claims again, and the nightly check.)
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0830"
down_revision: str | None = "r0820"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_LINES_BY_COUNTY = "pay_lines_county_program_beneficiary_id_month_cause_key"
_LINES = "pay_lines_program_beneficiary_id_month_cause_key"
_DONE = "(status = 'completed')"
# The one row that lies under two counties; the other one's from when it was told.
_OF_BOTH = (
    "(division BETWEEN :low AND :high OR (to_division BETWEEN :low AND :high AND released_at IS NOT NULL)) "
    "AND (:owner IS NULL OR EXISTS (SELECT 1 FROM awards WHERE awards.id = handovers.award_id))"
)


def upgrade() -> None:
    op.add_column("awards", sa.Column("taken_over_from", sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f("awards_taken_over_from_key"), "awards", ["taken_over_from"])
    op.create_unique_constraint(op.f("awards_id_from_month_key"), "awards", ["id", "from_month"])
    op.create_unique_constraint(op.f("awards_id_to_month_key"), "awards", ["id", "to_month"])
    op.add_column("recomputed_awards", sa.Column("handover_id", sa.Uuid(), nullable=True))
    op.alter_column("recomputed_awards", "change_id", existing_type=sa.Uuid(), nullable=True)
    op.create_check_constraint(
        op.f("recomputed_awards_cause_check"), "recomputed_awards", "(change_id IS NULL) <> (handover_id IS NULL)"
    )
    op.create_unique_constraint(_LINES, "pay_lines", ["program", "beneficiary_id", "month", "cause"])
    op.drop_constraint(_LINES_BY_COUNTY, "pay_lines", type_="unique")
    _create_handovers()
    sealed = "reason_sealed, file_sealed, decline_words_sealed"
    op.execute(f"GRANT SELECT, UPDATE ({sealed}) ON handovers TO {KEYS_ROLE}")
    op.execute(f"GRANT SELECT, DELETE ON handovers TO {ERASER_ROLE}")
    keep_within_reach("handovers", _OF_BOTH)


def _create_handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("to_county", sa.String(length=6), nullable=False),
        sa.Column("to_division", sa.String(length=12), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("beneficiary_id", sa.Uuid(), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", _INSTANT, nullable=True),
        sa.Column("file_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", _INSTANT, nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("decline_reason", sa.String(length=32), nullable=True),
        sa.Column("decline_words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("last_month", sa.Date(), nullable=True),
        sa.Column("first_month", sa.Date(), nullable=True),
        sa.Column("new_award_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_month = last_month + interval '1 month'", name=op.f("handovers_seam_check")),
        sa.CheckConstraint(
            f"{_DONE} = (new_award_id IS NOT NULL) AND {_DONE} = (first_month IS NOT NULL)"
            f" AND {_DONE} = (last_month IS NOT NULL) AND {_DONE} = (confirmed_by IS NOT NULL)",
            name=op.f("handovers_completed_check"),
        ),
        sa.CheckConstraint(
            "county <> to_county AND to_county = left(to_division, 6)", name=op.f("handovers_counties_check")
        ),
        sa.CheckConstraint("released_by <> proposed_by", name=op.f("handovers_four_eyes_check")),
        sa.CheckConstraint("confirmed_by <> accepted_by", name=op.f("handovers_four_eyes_there_check")),
        sa.CheckConstraint(
            "(status = 'declined') = (decline_reason IS NOT NULL)", name=op.f("handovers_declined_check")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'withdrawn') OR released_by IS NOT NULL", name=op.f("handovers_released_check")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name=op.f("handovers_application_id_fkey")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("handovers_award_id_fkey")),
        sa.ForeignKeyConstraint(
            ["award_id", "last_month"], ["awards.id", "awards.to_month"],
            name=op.f("handovers_award_id_last_month_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["new_award_id", "first_month"], ["awards.id", "awards.from_month"],
            name=op.f("handovers_new_award_id_first_month_fkey"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("handovers_pkey")),
    )  # fmt: skip
    op.create_index(op.f("handovers_application_id_idx"), "handovers", ["application_id"])
    op.create_index(op.f("handovers_award_id_last_month_idx"), "handovers", ["award_id", "last_month"])
    op.create_index(op.f("handovers_division_id_idx"), "handovers", ["division", "id"])
    op.create_index(op.f("handovers_to_division_id_idx"), "handovers", ["to_division", "id"])
    op.create_index("handovers_new_award_id_key", "handovers", ["new_award_id"], unique=True)
    op.create_index(
        "handovers_one_open_key",
        "handovers",
        ["award_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('proposed', 'released', 'accepted')"),
    )
    op.create_index(
        "handovers_once_key", "handovers", ["award_id"], unique=True, postgresql_where=sa.text("status = 'completed'")
    )


def downgrade() -> None:
    op.drop_table("handovers")
    op.create_unique_constraint(
        _LINES_BY_COUNTY, "pay_lines", ["county", "program", "beneficiary_id", "month", "cause"]
    )
    op.drop_constraint(_LINES, "pay_lines", type_="unique")
    op.drop_constraint(op.f("recomputed_awards_cause_check"), "recomputed_awards", type_="check")
    op.execute("DELETE FROM recomputed_awards WHERE change_id IS NULL")
    op.alter_column("recomputed_awards", "change_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("recomputed_awards", "handover_id")
    for name in ("awards_id_to_month_key", "awards_id_from_month_key", "awards_taken_over_from_key"):
        op.drop_constraint(op.f(name), "awards", type_="unique")
    op.drop_column("awards", "taken_over_from")
