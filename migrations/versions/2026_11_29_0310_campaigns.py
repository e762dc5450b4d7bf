"""Re-verification of whole divisions: campaigns with their books, what they find, and the checks they put.

Expand step: six new tables, and two columns of checks. Clocks of verification that an approval left running, because
agencies had been asked again just before it, are ended: nothing else would.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.core.db import APPLICATION_ROLE
from app.keys import KEYS_ROLE
from app.retention import ERASER_ROLE
from migrations.rights import keep_within_reach

revision: str = "r0720"
down_revision: str | None = "r0760"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = sa.DateTime(timezone=True)
_OF_OFFICES = "division BETWEEN :low AND :high AND :owner IS NULL"
# A campaign of a place concerns the offices below it as well.
_ABOVE = ", ".join(f"rpad(left(:low, {digits}), 12, '0')" for digits in (2, 4, 6))
_COUNTS = ("waiting", "asked", "answered", "none", "unavailable", "skipped", "used")
_END_CLOCKS = """
    WITH ended AS (
        UPDATE application_steps s SET closed_at = now(), outcome = 'superseded'
        FROM applications a
        WHERE a.id = s.application_id AND a.status = 'approved' AND s.kind = 'verification' AND s.closed_at IS NULL
          AND NOT EXISTS (SELECT FROM checks c WHERE c.application_id = a.id
                          AND c.status IN ('requested', 'dispatched', 'awaiting_entry'))
        RETURNING s.application_id
    )
    UPDATE applications SET version = version + 1 WHERE id IN (SELECT application_id FROM ended)
"""


def upgrade() -> None:
    op.add_column("checks", sa.Column("campaign_id", sa.Uuid(), nullable=True))
    op.add_column("checks", sa.Column("to_take_up", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("checks_to_take_up_idx", "checks", ["campaign_id"], postgresql_where=sa.text("to_take_up"))
    op.create_index(
        "checks_of_campaigns_idx",
        "checks",
        ["partner"],
        postgresql_where=sa.text("campaign_id IS NOT NULL AND status = 'requested'"),
    )
    _create_campaigns()
    _create_lanes()
    _create_households()
    _create_questions()
    op.create_table(
        "campaign_paces",
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("questions_left", sa.Float(), nullable=False),
        sa.Column("filled_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("province", "partner", name=op.f("campaign_paces_pkey")),
    )
    _create_findings()
    op.execute(_END_CLOCKS)


def _create_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("program", sa.String(length=32), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=False),
        sa.Column("planned_at", _INSTANT, nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", _INSTANT, nullable=True),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("opened_at", _INSTANT, nullable=True),
        sa.Column("paused_at", _INSTANT, nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("finished_at", _INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("approved_by <> planned_by", name=op.f("campaigns_four_eyes_check")),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("campaigns_approved_check")),
        sa.CheckConstraint(
            "approved_by IS NOT NULL OR status IN ('planned', 'ended')",
            name=op.f("campaigns_not_without_approval_check"),
        ),
        sa.CheckConstraint("(status = 'paused') = (paused_at IS NOT NULL)", name=op.f("campaigns_paused_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("campaigns_pkey")),
    )
    op.create_index(
        "campaigns_one_live_key",
        "campaigns",
        ["division", "kind", "program"],
        unique=True,
        postgresql_where=sa.text("status IN ('planned', 'running', 'paused')"),
    )
    op.create_index(op.f("campaigns_division_id_idx"), "campaigns", ["division", "id"])
    op.create_index(
        "campaigns_unfinished_idx",
        "campaigns",
        ["id"],
        postgresql_where=sa.text("finished_at IS NULL AND status IN ('running', 'paused', 'ended')"),
    )
    op.execute(f"REVOKE DELETE, TRUNCATE ON campaigns FROM {APPLICATION_ROLE}")  # what was asked stays accounted for
    keep_within_reach("campaigns", f"(division BETWEEN :low AND :high OR division IN ({_ABOVE})) AND :owner IS NULL")


def _create_lanes() -> None:
    op.create_table(
        "campaign_lanes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("served_at", _INSTANT, nullable=True),
        sa.CheckConstraint(f"least({', '.join(_COUNTS)}) >= 0", name=op.f("campaign_lanes_counts_check")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("campaign_lanes_campaign_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("campaign_lanes_pkey")),
        sa.UniqueConstraint(
            "campaign_id", "county", "partner", name=op.f("campaign_lanes_campaign_id_county_partner_key")
        ),
    )
    op.create_index(
        "campaign_lanes_waiting_idx", "campaign_lanes", ["partner"], postgresql_where=sa.text("waiting > 0")
    )
    keep_within_reach("campaign_lanes", _OF_OFFICES)


def _create_households() -> None:
    op.create_table(
        "campaign_households",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("unsettled", sa.Integer(), nullable=False),
        sa.Column("look_at", _INSTANT, nullable=True),
        sa.Column("step_due", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.CheckConstraint("unsettled >= 0", name=op.f("campaign_households_unsettled_check")),
        sa.CheckConstraint(
            "(status = 'settled') = (settled_at IS NOT NULL)", name=op.f("campaign_households_settled_check")
        ),
        sa.CheckConstraint(
            "(outcome IS NOT NULL AND outcome = 'differs') = (finding_id IS NOT NULL)",
            name=op.f("campaign_households_finding_check"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("campaign_households_campaign_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("campaign_households_pkey")),
        sa.UniqueConstraint(
            "application_id", "campaign_id", name=op.f("campaign_households_application_id_campaign_id_key")
        ),
    )
    for name, columns, where in (
        ("ready", ["look_at"], "status = 'ready'"),
        ("step_due", ["id"], "step_due"),
        ("unsettled", ["campaign_id"], "status <> 'settled'"),
        ("differing", ["campaign_id", "id"], "outcome = 'differs'"),
    ):
        op.create_index(
            f"campaign_households_{name}_idx", "campaign_households", columns, postgresql_where=sa.text(where)
        )
    op.execute(f"GRANT SELECT, DELETE ON campaign_households TO {ERASER_ROLE}")
    keep_within_reach("campaign_households", _OF_OFFICES)


def _create_questions() -> None:
    op.create_table(
        "campaign_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("check_id", sa.Uuid(), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(status = 'skipped') = (reason IS NOT NULL)", name=op.f("campaign_questions_reason_check")),
        sa.CheckConstraint(
            "status IN ('to_ask', 'skipped') OR check_id IS NOT NULL", name=op.f("campaign_questions_check_check")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("campaign_questions_campaign_id_fkey")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["campaign_households.id"], name=op.f("campaign_questions_household_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("campaign_questions_pkey")),
        sa.UniqueConstraint(
            "application_id",
            "campaign_id",
            "member_id",
            "item",
            name=op.f("campaign_questions_application_id_campaign_id_member_id_item_key"),
        ),
    )
    for name, columns, where in (
        ("to_ask", ["campaign_id", "county", "partner", "id"], "status = 'to_ask'"),
        ("skipped", ["campaign_id", "id"], "status = 'skipped'"),
    ):
        op.create_index(
            f"campaign_questions_{name}_idx", "campaign_questions", columns, postgresql_where=sa.text(where)
        )
    op.create_index(
        "campaign_questions_check_id_key",
        "campaign_questions",
        ["check_id"],
        unique=True,
        postgresql_where=sa.text("check_id IS NOT NULL AND NOT used"),
    )
    op.create_index(op.f("campaign_questions_household_id_idx"), "campaign_questions", ["household_id"])
    op.execute(f"GRANT SELECT, DELETE ON campaign_questions TO {ERASER_ROLE}")
    keep_within_reach("campaign_questions", _OF_OFFICES)


def _create_findings() -> None:
    op.create_table(
        "award_findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("found_by", sa.String(length=24), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", _INSTANT, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("settlement", sa.String(length=16), nullable=False),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.Column("settled_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(settlement = 'open') = (settled_at IS NULL)", name=op.f("award_findings_settled_check")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("award_findings_award_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("award_findings_pkey")),
        sa.UniqueConstraint("award_id", "digest", name=op.f("award_findings_award_id_digest_key")),
    )
    op.create_index(
        "award_findings_open_idx", "award_findings", ["award_id"], postgresql_where=sa.text("settlement = 'open'")
    )
    op.execute(f"GRANT SELECT, DELETE ON award_findings TO {ERASER_ROLE}")
    op.execute(f"GRANT SELECT, UPDATE (content_sealed, settled_reason_sealed) ON award_findings TO {KEYS_ROLE}")
    award = "EXISTS (SELECT 1 FROM awards WHERE awards.id = award_findings.award_id)"
    keep_within_reach("award_findings", f"division BETWEEN :low AND :high AND (:owner IS NULL OR {award})")


def downgrade() -> None:
    for table in (
        "award_findings",
        "campaign_paces",
        "campaign_questions",
        "campaign_households",
        "campaign_lanes",
        "campaigns",
    ):
        op.drop_table(table)
    op.drop_index("checks_of_campaigns_idx", table_name="checks")
    op.drop_index("checks_to_take_up_idx", table_name="checks")
    op.drop_column("checks", "to_take_up")
    op.drop_column("checks", "campaign_id")
