"""Tables of this stage. Personal fields are sealed; `county` is on every row."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.lifecycle import Status
from app.audit.subjects import Case
from app.core.crypto import OwnersIndex, sealed
from app.core.db import Base

PAYEES = "payees.name"  # the index by which the holder of an account and the payee of an award are compared
ONCE_IN_A_CASE = "members_application_id_id_number_index_key"
Instant = DateTime(timezone=True)


class Application(Base):
    """One household's request for one program. `division` is the village, `county` its first six digits.

    `version` rises with every change and is the row's ETag. `form_version` is the form the draft was begun with.
    """

    __tablename__ = "applications"
    __table_args__ = (
        Index(None, "division", "status"),
        Index(None, "applicant_id"),
        Index("applications_number_key", "number", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    number: Mapped[str | None] = mapped_column(String(32))
    lookup_code: Mapped[str | None] = mapped_column(String(16))
    program: Mapped[str] = mapped_column(String(32))
    form_version: Mapped[int] = mapped_column(Integer)
    status: Mapped[Status] = mapped_column(String(32))
    applicant_id: Mapped[UUID]
    applicant_name_sealed: Mapped[bytes | None] = sealed(clear="applicant_name")  # absent once erased
    applicant_name_clear: Mapped[str | None] = mapped_column("applicant_name", Text)  # as `answers_clear`
    area_class: Mapped[str] = mapped_column(String(8))
    answers_sealed: Mapped[bytes | None] = sealed(clear="answers")  # JSON; absent until something was answered
    answers_clear: Mapped[dict[str, Any] | None] = mapped_column(
        "answers", JSONB(none_as_null=True)
    )  # of rows written before they were sealed; the worker seals and empties it
    field_versions: Mapped[dict[str, int]] = mapped_column(
        JSONB, default=dict
    )  # pointer of a field → version that changed it last
    address_sealed: Mapped[bytes | None] = sealed()
    missing_sealed: Mapped[bytes | None] = sealed()  # JSON list: the one-time notice
    ended_reason_sealed: Mapped[bytes | None] = sealed()
    residence_sealed: Mapped[bytes | None] = sealed()  # JSON: where the household lives, if not where it applies
    prefilled_sealed: Mapped[bytes | None] = sealed()  # JSON list: what registers filled in, see `prefilling.py`
    entrustment_id: Mapped[UUID | None]  # under which somebody else made it for the applicant
    redirected_to: Mapped[str | None] = mapped_column(String(12))  # the place that the township named as the right one
    relative_of_staff: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    supplement_requested_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by: Mapped[str | None] = mapped_column(String(16))  # county | township: who decides, as at acceptance
    decide_by: Mapped[date | None] = mapped_column(Date)
    decide_by_provisional: Mapped[bool] = mapped_column(Boolean, default=False)
    extended_reason: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)  # then only an award's foreign keys need it
    version: Mapped[int] = mapped_column(Integer)

    members: Mapped[list["Member"]] = relationship(lazy="raise", order_by="Member.id")
    authorisations: Mapped[list["Authorisation"]] = relationship(lazy="raise", order_by="Authorisation.id")
    documents: Mapped[list["Document"]] = relationship(lazy="raise", order_by="Document.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    @property
    def case(self) -> Case:
        """Whom records about this application are about."""
        return Case(self.id, self.applicant_id, self.county)


class Member(Base):
    """A person of the household. `profile_sealed` is JSON: student, disability, illness, can_work, situation; and
    `hukou_division` where the person is registered elsewhere.

    `supporter_ref`: the line of the form (`supporters`) this is, of who lives elsewhere and owes the household support
    by law. Such a row is a person of the case and not of the household: what reads the household leaves it out.
    `declined_at`: when this person said that nobody is to be asked."""

    __tablename__ = "members"
    __table_args__ = (
        Index(ONCE_IN_A_CASE, "application_id", "id_number_index", unique=True),
        Index(None, "county", "id_number_index"),  # whose other awards pay the same person
        Index(None, "id_number_index"),  # what was asked about the same person, in whatever county
        Index(
            "members_one_for_each_supporter_key",
            "application_id",
            "supporter_ref",
            unique=True,
            postgresql_where=text("supporter_ref IS NOT NULL"),
        ),
        CheckConstraint("supporter_ref IS NULL OR NOT claimed", name="outside"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    relation: Mapped[str] = mapped_column(String(16))
    name_sealed: Mapped[bytes | None] = sealed(clear="name")
    name_clear: Mapped[str | None] = mapped_column("name", Text)  # as `answers_clear`
    id_number_sealed: Mapped[bytes] = sealed()
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary)
    birth_date: Mapped[date] = mapped_column(Date)
    # Not claimed: the family of somebody who applies alone, which may apply itself.
    claimed: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    profile_sealed: Mapped[bytes] = sealed()
    supporter_ref: Mapped[str | None] = mapped_column(String(64))
    declined_at: Mapped[datetime | None] = mapped_column(Instant)


# How somebody signed for an adult without full capacity; it stands in `authorisations.method`.
GUARDIAN = "guardian"


class Authorisation(Base):
    """A member's signed consent to being checked; valid from signing until withdrawn or the matter is left."""

    __tablename__ = "authorisations"
    __table_args__ = (
        Index(
            "authorisations_one_live_per_member_key",
            "member_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        # What a check's foreign key points at: the authorisation of this very person in this very case.
        UniqueConstraint("id", "application_id", "member_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    signed_by_member_id: Mapped[UUID]  # another member where a legal representative signs for a minor
    signed_by_citizen_id: Mapped[UUID | None]  # a supporter's account: nobody else signs for him
    text_version: Mapped[str] = mapped_column(String(16))
    method: Mapped[str] = mapped_column(String(16))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class Document(Base):
    """A paper that no agency can supply: diagnosis, receipt, agreement."""

    __tablename__ = "documents"
    __table_args__ = (
        Index("documents_application_id_upload_id_key", "application_id", "upload_id", unique=True),
        Index(None, "upload_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    member_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(32))
    upload_id: Mapped[UUID]
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Instant)


class ApplicationStep(Base):
    """One step of the way: what the timeline shows and the deadline lists watch.

    Later stages open and close their steps here by calling down, so that the phone reads one table.
    """

    __tablename__ = "application_steps"
    __table_args__ = (
        Index("application_steps_application_id_position_key", "application_id", "position", unique=True),
        Index("application_steps_due_idx", "county", "due_on", postgresql_where=text("closed_at IS NULL")),
        Index(
            "application_steps_one_open_per_kind_key",
            "application_id",
            "kind",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("application_steps_taken_by_idx", "taken_by", postgresql_where=text("taken_by IS NOT NULL")),
        Index("application_steps_closed_by_idx", "closed_by", postgresql_where=text("closed_by IS NOT NULL")),
        CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="taken"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(32))
    responsible: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date | None] = mapped_column(Date)
    provisional: Mapped[bool] = mapped_column(Boolean)
    basis: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(32))
    taken_by: Mapped[UUID | None]  # who of the staff sees to it; stays when the step is closed
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[UUID | None]  # who of the staff, of a post that takes it, has done it; null where nobody has


class Escalation(Base):
    """A step that was not done in time, told to the supervisors of a level: once for each. Nobody changes it."""

    __tablename__ = "escalations"
    __table_args__ = (
        UniqueConstraint("step_id", "level"),
        Index(None, "application_id"),
        Index(None, "division", "level", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    step_id: Mapped[UUID] = mapped_column(ForeignKey("application_steps.id"))
    level: Mapped[str] = mapped_column(String(16))  # county | prefecture
    due_on: Mapped[date] = mapped_column(Date)
    escalated_at: Mapped[datetime] = mapped_column(Instant)


class ConflictRegistration(Base):
    """A case of a close relative of staff or a committee member, registered separately (单独登记备案, D57 art. 11).

    `person_id` is null where the household or the township said so and nobody named could be found; `who_sealed` is
    then the household's words. A registration withdrawn as unfounded stays, so that the same match does not come back.
    """

    __tablename__ = "conflict_registrations"
    __table_args__ = (
        Index(
            "conflict_registrations_one_per_relation_key",
            "application_id",
            "member_id",
            "person_id",
            unique=True,
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index(None, "application_id"),
        Index(None, "division", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    member_id: Mapped[UUID | None]  # null where the township only said that there is one
    person_kind: Mapped[str | None] = mapped_column(String(16))  # staff | committee
    person_id: Mapped[UUID | None]
    relation: Mapped[str | None] = mapped_column(String(16))  # what the member is to that person
    found: Mapped[str] = mapped_column(String(16))
    who_sealed: Mapped[bytes | None] = sealed()
    registered_by: Mapped[UUID]
    registered_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_reason_sealed: Mapped[bytes | None] = sealed()


class Claim(Base):
    """What must be unique in the whole, across counties: one person in one case, one open application per applicant.

    A small table keyed by what is claimed, so that it stays on one node when everything else is spread by county.
    """

    __tablename__ = "claims"

    kind: Mapped[str] = mapped_column(String(48), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    application_id: Mapped[UUID] = mapped_column(index=True)
    county: Mapped[str] = mapped_column(String(6))


class PayoutAccount(Base):
    """Where a citizen's money goes. The holder is the applicant (D57 art. 25; nobody borrows another's card)."""

    __tablename__ = "payout_accounts"

    citizen_id: Mapped[UUID] = mapped_column(primary_key=True)
    holder_name_sealed: Mapped[bytes | None] = sealed(
        row="citizen_id",
        division=None,
        clear="holder_name",
        index=OwnersIndex("holder_name_index", PAYEES, "citizen_id"),
    )
    holder_name_clear: Mapped[str | None] = mapped_column("holder_name", Text)  # as `answers_clear`
    holder_name_index: Mapped[bytes | None] = mapped_column(LargeBinary)  # beside that of an award's payee
    bank_code: Mapped[str] = mapped_column(String(16))
    account_sealed: Mapped[bytes] = sealed(row="citizen_id", division=None)
    account_index: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)
