"""How the agencies are: attempts, how far reports agree with declarations, and outages that supervisors were told of.

Expand step: three new tables.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach, make_append_only

revision: str = "r0541"
down_revision: str | None = "r0540"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_USABLE = "outcome IN ('hit', 'none', 'taken')"
_OF_A_CASE = ("check_attempts", "report_tallies")


def upgrade() -> None:
    _create_attempts()
    _create_tallies()
    _create_outages()
    make_append_only(*_OF_A_CASE)
    for table in _OF_A_CASE:
        op.execute(f"GRANT SELECT, DELETE ON {table} TO {ERASER_ROLE}")
        # Workings, for who watches the agencies; a citizen is told of his own case by its report and timeline.
        own = f"EXISTS (SELECT 1 FROM applications WHERE applications.id = {table}.application_id)"  # noqa: S608 # nosec B608
        keep_within_reach(table, f"division BETWEEN :low AND :high AND (:owner IS NULL OR {own})")
    op.execute(f"GRANT UPDATE (outcome) ON check_attempts TO {ERASER_ROLE}")  # locks a row before it goes
    keep_within_reach("agency_outages", "division BETWEEN :low AND :high AND :owner IS NULL")


def _create_attempts() -> None:
    op.create_table(
        "check_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.CheckConstraint("took_ms >= 0", name=op.f("check_attempts_took_check")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("check_attempts_application_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("check_attempts_pkey")),
    )
    op.create_index(op.f("check_attempts_application_id_idx"), "check_attempts", ["application_id"])
    op.create_index(op.f("check_attempts_division_asked_at_idx"), "check_attempts", ["division", "asked_at"])
    op.create_index("check_attempts_asked_idx", "check_attempts", ["asked_at"])
    for name, which in (("usable", _USABLE), ("failed", "outcome NOT IN ('hit', 'none', 'taken')")):
        op.create_index(
            f"check_attempts_{name}_idx", "check_attempts", ["partner", "asked_at"], postgresql_where=sa.text(which)
        )


def _create_tallies() -> None:
    op.create_table(
        "report_tallies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("issued_at", _INSTANT, nullable=False),
        sa.Column("compared", sa.SmallInteger(), nullable=False),
        sa.Column("differing", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("differing BETWEEN 0 AND compared", name=op.f("report_tallies_differing_check")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("report_tallies_application_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("report_tallies_pkey")),
    )
    op.create_index(op.f("report_tallies_application_id_idx"), "report_tallies", ["application_id"])
    op.create_index(op.f("report_tallies_division_issued_at_idx"), "report_tallies", ["division", "issued_at"])
    op.create_index("report_tallies_report_id_partner_key", "report_tallies", ["report_id", "partner"], unique=True)


def _create_outages() -> None:
    op.create_table(
        "agency_outages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("silent_since", _INSTANT, nullable=False),
        sa.Column("found_at", _INSTANT, nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("agency_outages_pkey")),
    )
    op.create_index(
        "agency_outages_one_open_key",
        "agency_outages",
        ["county", "partner"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("agency_outages_division_found_at_idx"), "agency_outages", ["division", "found_at"])


def downgrade() -> None:
    for table in ("agency_outages", *reversed(_OF_A_CASE)):
        op.drop_table(table)
