"""Tables of this stage: the questions put to agencies, and the household reports drawn from their answers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.facts import Item, Outcome
from app.verification.lifecycle import Status

Instant = DateTime(timezone=True)


class Check(Base):
    """One item asked of one agency about one person; `id` is the reference the agency is told.

    A query without case, purpose, authorisation and operator is punishable (社会救助法 art. 70(6)), so the database
    itself refuses one: none of them may be null, and the authorisation is this person's in this case.

    `round` tells a later verification of the same case apart. `attempts` counts those that were made, those up to
    `attempts_before` before the last retry. `next_attempt_at` is when an open check is looked at again. `facts_sealed`
    is JSON of what was found. `mode`: how the agency is asked (`reference.procedure.Mode`). `ticket` is what the agency
    or, for a file, we call it by: the serial of the batch.

    `of_supporter`: it is about somebody outside the household, on the authorisation that this person gave as himself; a
    trigger holds it to that when it is put down and with each attempt. The household's report is not drawn from it.

    `campaign_id`: the re-verification of a whole division that put it, after the decision; None where the application
    itself did. How such a check ended is for the campaign to take up (`to_take_up`), and what follows, too.

    `answered_by` is there while `outcome` is what a member of staff entered by hand. What was entered, and by whom,
    stays in the columns `entered_…` and `note_sealed` for good, also when the agency itself has answered since;
    `scan_upload_id` is the paper it was entered from.
    """

    __tablename__ = "checks"
    __table_args__ = (
        UniqueConstraint("application_id", "member_id", "item", "round"),
        ForeignKeyConstraint(
            ["authorisation_id", "application_id", "member_id"],
            ["authorisations.id", "authorisations.application_id", "authorisations.member_id"],
            ondelete="CASCADE",  # of a draft that is thrown away, or a member taken out of it
        ),
        CheckConstraint("purpose <> '' AND operator <> ''", name="grounds"),
        CheckConstraint("(status = 'answered') = (outcome IS NOT NULL)", name="outcome_when_answered"),
        CheckConstraint(
            "(outcome IS NOT NULL AND outcome = 'hit') = (facts_sealed IS NOT NULL)", name="facts_when_hit"
        ),
        CheckConstraint(
            "(entered_by IS NULL) = (entered_outcome IS NULL) AND (answered_by IS NULL OR answered_by = entered_by)",
            name="entered_by_somebody",
        ),
        Index(None, "division", "status"),
        Index(None, "authorisation_id"),
        Index("checks_scan_upload_id_idx", "scan_upload_id", postgresql_where=text("scan_upload_id IS NOT NULL")),
        # Only open checks have a next attempt; asking for due ones implies the predicate, whatever the plan.
        Index("checks_due_idx", "next_attempt_at", postgresql_where=text("next_attempt_at IS NOT NULL")),
        Index("checks_to_take_up_idx", "campaign_id", postgresql_where=text("to_take_up")),
        # How many questions of campaigns an agency has not taken yet.
        Index(
            "checks_of_campaigns_idx",
            "partner",
            postgresql_where=text("campaign_id IS NOT NULL AND status = 'requested'"),
        ),
        # What waits for a file to go out in.
        Index(
            "checks_to_gather_idx",
            "county",
            "partner",
            "item",
            "next_attempt_at",
            postgresql_where=text("mode = 'batch' AND status = 'requested' AND ticket IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    member_id: Mapped[UUID]
    item: Mapped[Item] = mapped_column(String(32))
    round: Mapped[int] = mapped_column(SmallInteger)
    partner: Mapped[str] = mapped_column(String(32))
    mode: Mapped[str] = mapped_column(String(16), default="interface", server_default="interface")
    purpose: Mapped[str] = mapped_column(String(32))
    authorisation_id: Mapped[UUID]
    operator: Mapped[str] = mapped_column(String(64))
    status: Mapped[Status] = mapped_column(String(16))
    ticket: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer)
    attempts_before: Mapped[int] = mapped_column(Integer)
    last_failure: Mapped[str | None] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    next_attempt_at: Mapped[datetime | None] = mapped_column(Instant)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    due_on: Mapped[date] = mapped_column(Date)
    outcome: Mapped[Outcome | None] = mapped_column(String(8))
    facts_sealed: Mapped[bytes | None] = sealed()
    answered_by: Mapped[UUID | None]
    entered_by: Mapped[UUID | None]
    entered_at: Mapped[datetime | None] = mapped_column(Instant)
    entered_outcome: Mapped[Outcome | None] = mapped_column(String(8))
    entered_facts_sealed: Mapped[bytes | None] = sealed()
    note_sealed: Mapped[bytes | None] = sealed()
    scan_upload_id: Mapped[UUID | None] = mapped_column(ForeignKey("uploads.id"))
    campaign_id: Mapped[UUID | None]
    to_take_up: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    of_supporter: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)


class HouseholdReport(Base):
    """What a household declared beside what agencies found. Superseded by a later one, never overwritten.

    `number` counts the reports of a case. `complete`: no agency owes an answer. `state` is a digest of the answers it
    was drawn from, so that the same answers never give two reports. `fields_sealed` is `report.Content` as JSON.

    `valid_until`: the last day on which all of its answers may be relied upon; None only in rows that an older release
    wrote during an upgrade. `points` is what its contradictions come to: the order in which the county looks at
    reports, and nothing else; None where they were not weighed.
    """

    __tablename__ = "household_reports"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        Index(
            "household_reports_one_current_key",
            "application_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        # What a county's list is made of: of its many cases those whose report still stands.
        Index("household_reports_listed_idx", "division", postgresql_where=text("superseded_at IS NULL")),
        Index("household_reports_expiring_idx", "valid_until", postgresql_where=text("superseded_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    number: Mapped[int] = mapped_column(Integer)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)
    complete: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(64))
    valid_until: Mapped[date | None] = mapped_column(Date)
    points: Mapped[int | None] = mapped_column(Integer)
    fields_sealed: Mapped[bytes] = sealed()
