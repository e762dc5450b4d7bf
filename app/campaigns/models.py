"""Tables of this stage: a campaign, its books by county and agency, its households, and each question.

The books are kept by counting what each statement changes, never by counting rows: a province's campaign has millions.
Whoever changes them holds the campaign's row. No key leads to other stages' rows but by id: their rows come first.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.campaigns.lifecycle import HouseholdStatus, Kind, Outcome, QuestionStatus, SkipReason, Status
from app.core.db import Base

Instant = DateTime(timezone=True)


class Campaign(Base):
    """One re-verification of a division. `division`: a county, a prefecture or the province; `items`: what is asked,
    also in some of its places only; a review learns of those while it lists them.

    `opened_at`: since when all is listed; until then the listing goes on behind the award `after`. `note`: what
    it rests on, in words. `paused_seconds`: how long it was paused in all. `finished_at`: nothing is open any more.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        Index(
            "campaigns_one_live_key",
            "division",
            "kind",
            "program",
            unique=True,
            postgresql_where=text("status IN ('planned', 'running', 'paused')"),
        ),
        Index(None, "division", "id"),
        Index(
            "campaigns_unfinished_idx",
            "id",
            postgresql_where=text("finished_at IS NULL AND status IN ('running', 'paused', 'ended')"),
        ),
        CheckConstraint("approved_by <> planned_by", name="four_eyes"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved"),
        CheckConstraint("approved_by IS NOT NULL OR status IN ('planned', 'ended')", name="not_without_approval"),
        CheckConstraint("(status = 'paused') = (paused_at IS NOT NULL)", name="paused"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    kind: Mapped[Kind] = mapped_column(String(24))
    program: Mapped[str] = mapped_column(String(32))
    items: Mapped[list[str]] = mapped_column(JSONB)
    note: Mapped[str] = mapped_column(Text)
    status: Mapped[Status] = mapped_column(String(16))
    planned_by: Mapped[UUID]
    planned_at: Mapped[datetime] = mapped_column(Instant)
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    after: Mapped[UUID | None]
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_seconds: Mapped[int] = mapped_column(Integer, default=0)
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)


class Lane(Base):
    """The questions of one campaign to one agency about one county, counted. `used`: of those answered, how many by an
    answer that was still fresh. `served_at`: when the county last had its turn with the agency."""

    __tablename__ = "campaign_lanes"
    __table_args__ = (
        UniqueConstraint("campaign_id", "county", "partner"),
        Index("campaign_lanes_waiting_idx", "partner", postgresql_where=text("waiting > 0")),
        CheckConstraint("least(waiting, asked, answered, none, unavailable, skipped, used) >= 0", name="counts"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    partner: Mapped[str] = mapped_column(String(32))
    waiting: Mapped[int] = mapped_column(Integer)
    asked: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    none: Mapped[int] = mapped_column(Integer)
    unavailable: Mapped[int] = mapped_column(Integer)
    skipped: Mapped[int] = mapped_column(Integer)
    used: Mapped[int] = mapped_column(Integer)
    served_at: Mapped[datetime | None] = mapped_column(Instant)


class CampaignHousehold(Base):
    """One household with an award in force. `unsettled`: how many of its questions are to be put or answered.

    `look_at`: when what came of it is seen to, once nothing is open. `step_due`: its timeline is to tell of the review.
    `report_id`: the report that says what was found; `finding_id`: what a person is to look at.
    """

    __tablename__ = "campaign_households"
    __table_args__ = (
        UniqueConstraint("application_id", "campaign_id"),
        Index("campaign_households_ready_idx", "look_at", postgresql_where=text("status = 'ready'")),
        Index("campaign_households_step_due_idx", "id", postgresql_where=text("step_due")),
        Index("campaign_households_unsettled_idx", "campaign_id", postgresql_where=text("status <> 'settled'")),
        Index("campaign_households_differing_idx", "campaign_id", "id", postgresql_where=text("outcome = 'differs'")),
        CheckConstraint("unsettled >= 0", name="unsettled"),
        CheckConstraint("(status = 'settled') = (settled_at IS NOT NULL)", name="settled"),
        CheckConstraint("(outcome IS NOT NULL AND outcome = 'differs') = (finding_id IS NOT NULL)", name="finding"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    application_id: Mapped[UUID]
    award_id: Mapped[UUID]
    status: Mapped[HouseholdStatus] = mapped_column(String(16))
    unsettled: Mapped[int] = mapped_column(Integer)
    look_at: Mapped[datetime | None] = mapped_column(Instant)
    step_due: Mapped[bool] = mapped_column(Boolean, default=False)
    outcome: Mapped[Outcome | None] = mapped_column(String(16))
    report_id: Mapped[UUID | None]
    finding_id: Mapped[UUID | None]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class CampaignQuestion(Base):
    """One item of one person. `check_id`: the check that puts it; with `used` the one whose answer was still fresh."""

    __tablename__ = "campaign_questions"
    __table_args__ = (
        UniqueConstraint("application_id", "campaign_id", "member_id", "item"),
        Index(
            "campaign_questions_to_ask_idx",
            "campaign_id",
            "county",
            "partner",
            "id",
            postgresql_where=text("status = 'to_ask'"),
        ),
        Index("campaign_questions_skipped_idx", "campaign_id", "id", postgresql_where=text("status = 'skipped'")),
        Index(
            "campaign_questions_check_id_key",
            "check_id",
            unique=True,
            postgresql_where=text("check_id IS NOT NULL AND NOT used"),
        ),
        Index(None, "household_id"),
        CheckConstraint("(status = 'skipped') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("status IN ('to_ask', 'skipped') OR check_id IS NOT NULL", name="check"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    household_id: Mapped[UUID] = mapped_column(ForeignKey("campaign_households.id"))
    application_id: Mapped[UUID]
    member_id: Mapped[UUID]
    item: Mapped[str] = mapped_column(String(32))
    partner: Mapped[str] = mapped_column(String(32))
    status: Mapped[QuestionStatus] = mapped_column(String(16))
    reason: Mapped[SkipReason | None] = mapped_column(String(32))
    check_id: Mapped[UUID | None]
    used: Mapped[bool] = mapped_column(Boolean, default=False)
