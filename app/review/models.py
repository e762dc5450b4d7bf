"""Tables of this stage. What was found, thought and decided is append-only; only the review itself moves.

Texts and the bodies of assessments may tell of health and money: they are sealed. What a letter or a list needs
(amount, number of members, law, parameter versions) stands beside them in clear.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.review.lifecycle import Status

Instant = DateTime(timezone=True)
_APPEND_ONLY = {"info": {"append_only": True}}


class Review(Base):
    """Where one application stands between acceptance and decision.

    `round` counts the opinions. A county visit is owed from `county_visit_required_at` on.
    """

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "division", "status"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    status: Mapped[Status] = mapped_column(String(32))
    round: Mapped[int] = mapped_column(SmallInteger, default=0)
    re_survey_since: Mapped[datetime | None] = mapped_column(Instant)
    county_visit_required_at: Mapped[datetime | None] = mapped_column(Instant)
    county_visit_reason: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(SmallInteger)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)


class Visit(Base):
    """One act of survey by a team: at home, with neighbours, by letter (see `EvidenceLetter`), telephone or video."""

    __tablename__ = "visits"
    __table_args__ = (Index(None, "application_id"), _APPEND_ONLY)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id"), index=True)
    authority: Mapped[str] = mapped_column(String(16))  # township | county
    way: Mapped[str] = mapped_column(String(16))
    visited_on: Mapped[date] = mapped_column(Date)
    findings_sealed: Mapped[bytes] = sealed()
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class VisitSignature(Base):
    """Who signed the record of a visit: each investigator, and each member of the household who was there, or who acts
    for it by an entrustment."""

    __tablename__ = "visit_signatures"
    __table_args__ = (UniqueConstraint("visit_id", "signer_id"), Index(None, "application_id"), _APPEND_ONLY)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    signer_kind: Mapped[str] = mapped_column(String(16))  # investigator | member | agent
    signer_id: Mapped[UUID]
    method: Mapped[str] = mapped_column(String(16))  # electronic: who records; on_form: who signed the paper


class Appraisal(Base):
    """A democratic appraisal (民主评议), held only after an objection; everybody there has signed its conclusion."""

    __tablename__ = "appraisals"
    __table_args__ = (Index(None, "application_id"), _APPEND_ONLY)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id"), index=True)
    held_on: Mapped[date] = mapped_column(Date)
    township_staff: Mapped[int] = mapped_column(SmallInteger)
    village_officials: Mapped[int] = mapped_column(SmallInteger)
    informed_members: Mapped[int] = mapped_column(SmallInteger)
    representatives: Mapped[int] = mapped_column(SmallInteger)
    supports: Mapped[bool] = mapped_column(Boolean)
    conclusion_sealed: Mapped[bytes] = sealed()
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Assessment(Base):
    """What the rules say of one household on one day. `digest`: SHA-256 of the canonical bytes that are sealed."""

    __tablename__ = "assessments"
    __table_args__ = (Index(None, "application_id", "made_at"), _APPEND_ONLY)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    report_id: Mapped[UUID]
    program: Mapped[str] = mapped_column(String(32))
    judged_on: Mapped[date] = mapped_column(Date)
    outcome: Mapped[str] = mapped_column(String(32))
    monthly_amount_fen: Mapped[int] = mapped_column(BigInteger)
    members_counted: Mapped[int] = mapped_column(SmallInteger)
    parameter_versions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(String(64))
    body_sealed: Mapped[bytes | None] = sealed()  # null: erased with the case's file
    made_by: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(Instant)


class Opinion(Base):
    """The township's opinion (初审意见). `reasons_sealed`: JSON, open rule → how a person settled it;
    `evidence_sealed`: JSON, the evidence letters it rests on, as they stood."""

    __tablename__ = "opinions"
    __table_args__ = (UniqueConstraint("review_id", "round"), Index(None, "application_id"), _APPEND_ONLY)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id"))
    round: Mapped[int] = mapped_column(SmallInteger)
    favourable: Mapped[bool] = mapped_column(Boolean)
    notice_skipped: Mapped[str | None] = mapped_column(String(32))  # the ground on which it was not posted
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessments.id"), index=True)
    statement_sealed: Mapped[bytes] = sealed()
    reasons_sealed: Mapped[bytes] = sealed()
    evidence_sealed: Mapped[bytes | None] = sealed()
    given_by: Mapped[UUID]
    given_at: Mapped[datetime] = mapped_column(Instant)


class SendBack(Base):
    """That the county gave the papers back, and why."""

    __tablename__ = "send_backs"
    __table_args__ = (Index(None, "application_id"), _APPEND_ONLY)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id"), index=True)
    reason_sealed: Mapped[bytes] = sealed()
    sent_by: Mapped[UUID]
    sent_at: Mapped[datetime] = mapped_column(Instant)


class Decision(Base):
    """The county's decision, one per application, with everything that a replay needs.

    `body_sealed` holds case, parameters, assessment, opinion and decision as canonical JSON; `digest` is its SHA-256.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("decisions_number_key", "number", unique=True),
        Index(None, "division", "decided_at"),
        _APPEND_ONLY,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(32))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id"), index=True)
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessments.id"), index=True)
    program: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(16))  # approved | refused
    monthly_amount_fen: Mapped[int] = mapped_column(BigInteger)
    members_counted: Mapped[int] = mapped_column(SmallInteger)
    first_month: Mapped[date | None] = mapped_column(Date)
    basis: Mapped[list[str]] = mapped_column(JSONB)
    remedies: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    parameter_versions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(String(64))
    body_sealed: Mapped[bytes | None] = sealed()  # null: erased with the case's file
    decided_by: Mapped[UUID]
    decided_on: Mapped[date] = mapped_column(Date)
    decided_at: Mapped[datetime] = mapped_column(Instant)


class DecisionDelivery(Base):
    """That the written decision reached the applicant through the township (D57 art. 21)."""

    __tablename__ = "decision_deliveries"
    __table_args__ = (_APPEND_ONLY,)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"), unique=True)
    way: Mapped[str] = mapped_column(String(16))
    delivered_on: Mapped[date] = mapped_column(Date)
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class ReplayRun(Base):
    """One night's sample of decisions that were judged again. Unfinished: a killed worker left it, and it goes on.

    `checked`: how many of the sample, in its order; `different`: how many of these did not come out as they were made.
    """

    __tablename__ = "replay_runs"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    checked: Mapped[int] = mapped_column(Integer)
    different: Mapped[int] = mapped_column(Integer)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class HumanReview(Base):
    """That the citizen does not accept what the rules computed, and what a person found (个人信息保护法 art. 24)."""

    __tablename__ = "human_reviews"
    __table_args__ = (
        Index(
            "human_reviews_one_open_key",
            "application_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index(None, "application_id", "id"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (answer_sealed IS NULL)",
            name="answered",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    assessment_id: Mapped[UUID]
    why_sealed: Mapped[bytes] = sealed()
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_by: Mapped[UUID | None]
    answered_by_role: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answer_sealed: Mapped[bytes | None] = sealed()
