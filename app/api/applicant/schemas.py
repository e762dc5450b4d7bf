"""Shapes of an application as its applicant writes and sees it. Identity numbers are shown masked."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.applicant.forms import Answers, AnswersPatch
from app.api.common.schemas import CLEAN, DivisionCode, Id, IdNumber, In, Line, Moment, Out
from app.applications.commands import MemberDetails, SelfDeclared
from app.applications.household import (
    answers_of,
    applicant_name_of,
    ended_reason_of,
    facts_of,
    hukou_of,
    id_number_of,
    live_authorisation,
    missing_of,
    name_of,
    open_address,
    residence_of,
)
from app.applications.lifecycle import DECIDING, LIFECYCLE, Action, Status
from app.applications.models import Application, Document, Member
from app.applications.prefilling import standing
from app.applications.venue import PermitGround
from app.core.db import ReadSession
from app.facts import Item
from app.identity.actors import Role
from app.identity.masks import mask_id_number
from app.programs.declaration import Disability, PlainDate, Relation, Situation
from app.relatives.kinship import Kinship
from app.verification.words import SOURCES


class DraftIn(In):
    """Begin an application for the household registered in this village or neighbourhood."""

    program: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$", examples=["living_allowance"])]
    division: DivisionCode


class ContinuationIn(In):
    """The village of the place that was named where the household applies now."""

    division: DivisionCode


class ResidenceIn(In):
    """Where the household lives, if that is not where it is registered, and since when. `permit`: the ground on which a
    residence permit was given; null without one. `relocated`: moved there by a relocation programme."""

    division: DivisionCode
    since: PlainDate
    permit: Annotated[PermitGround | None, Field(strict=False)] = None
    relocated: bool = False


class ApplicationPatch(In):
    """A merge patch: what is given is changed, null removes, the rest stays."""

    residence: ResidenceIn | None = None
    answers: Annotated[AnswersPatch, Field(max_length=20)] | None = None
    address: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN, examples=["测试村1号"])] | None = None


class MemberIn(In):
    """A member of the household as declared. The birth date comes from the identity number. `hukou_division`: the
    village or neighbourhood, township or county where the person is registered, if not where the household applies."""

    relation: Relation
    name: Line
    id_number: IdNumber
    student: bool = False
    disability: Disability | None = None
    serious_illness: bool = False
    can_work: bool = True
    situation: Situation = "ordinary"
    situation_since: PlainDate | None = None
    hukou_division: DivisionCode | None = None

    def details(self) -> MemberDetails:
        """Return what the command takes."""
        profile = self.model_dump(mode="json", exclude={"relation", "name", "id_number"})
        if self.hukou_division is None:
            del profile["hukou_division"]
        return MemberDetails(self.relation, self.name, self.id_number, profile)


class RelativeOfStaffIn(In):
    """A member who is a close relative of somebody who handles such cases, or of a member of the village's or
    neighbourhood's committee. `relation`: what the member is to that person; `who`: that person, in your own words."""

    member_id: Id
    relation: Annotated[Kinship, Field(strict=False, examples=["sibling"])]
    who: Line


class SubmitIn(In):
    """Hand in. The promise: everything stated is true and complete. Close relatives of staff and of committee members
    are to be named: the county then visits the household, and the relative has no part in the case."""

    truth_promised: bool
    relatives_of_staff: Annotated[list[RelativeOfStaffIn], Field(max_length=10)] = Field(default_factory=list)

    def relatives(self) -> list[SelfDeclared]:
        """Return what the command takes."""
        return [SelfDeclared(each.member_id, each.relation, each.who) for each in self.relatives_of_staff]


class AuthorisationIn(In):
    """A member's consent to being checked. An adult signs for himself; for a minor, an adult member signs, and for an
    adult `without_capacity` (none, or limited) the guardian."""

    member_id: Id
    signer_member_id: Id | None = None
    signer_name: Line
    signer_id_number: IdNumber
    without_capacity: bool = False


class AuthorisationOut(Out):
    """A signature in force."""

    id: UUID
    member_id: UUID
    signed_by_member_id: UUID
    text_version: str
    method: str
    signed_at: Moment


class MemberOut(Out):
    """A member; the identity number is masked."""

    id: UUID
    relation: str
    name: str
    id_number_masked: str
    birth_date: str
    student: bool
    disability: Disability | None
    serious_illness: bool
    can_work: bool
    situation: str
    hukou_division: str
    authorised: bool

    @classmethod
    def of(cls, db: ReadSession, application: Application, member: Member) -> "MemberOut":
        facts = facts_of(db, member)
        return cls(
            id=member.id,
            relation=member.relation,
            name=name_of(db, member),
            id_number_masked=mask_id_number(id_number_of(db, member)),
            birth_date=member.birth_date.isoformat(),
            student=facts.student,
            disability=facts.disability,
            serious_illness=facts.serious_illness,
            can_work=facts.can_work,
            situation=facts.situation,
            hukou_division=hukou_of(db, application, member),
            authorised=live_authorisation(application, member.id) is not None,
        )


class DocumentOut(Out):
    """A paper attached to the application."""

    id: UUID
    kind: str
    member_id: UUID | None
    media_type: str
    size: int
    sha256: str

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
        return cls(
            id=document.id,
            kind=document.kind,
            member_id=document.member_id,
            media_type=document.media_type,
            size=document.size,
            sha256=document.sha256,
        )


class ResidenceOut(Out):
    """Where the household said that it lives."""

    division: str
    since: str
    permit: PermitGround | None
    relocated: bool

    @classmethod
    def of(cls, db: ReadSession, application: Application) -> "ResidenceOut | None":
        said = residence_of(db, application)
        if said is None:
            return None
        return cls(division=said.division, since=said.since.isoformat(), permit=said.permit, relocated=said.relocated)


class PrefilledOut(Out):
    """A field that stands as a register told it. `pointer` is into the application; `source` the agency's name."""

    pointer: str
    item: Item
    source: str
    as_of: str

    @classmethod
    def all_of(cls, db: ReadSession, application: Application) -> "list[PrefilledOut]":
        return [
            cls(pointer=told.pointer, item=Item(told.item), source=SOURCES[told.source], as_of=told.as_of.isoformat())
            for told in standing(db, application)
        ]


class ApplicationSummary(Out):
    """An application in a list."""

    id: UUID
    number: str | None
    program: str
    division: str
    status: Status
    applicant_name: str
    created_at: Moment
    submitted_at: Moment | None
    decide_by: str | None

    @classmethod
    def of_row(cls, db: ReadSession, application: Application) -> "ApplicationSummary":
        return cls(
            id=application.id,
            number=application.number,
            program=application.program,
            division=application.division,
            status=application.status,
            applicant_name=applicant_name_of(db, application),
            created_at=application.created_at,
            submitted_at=application.submitted_at,
            decide_by=application.decide_by.isoformat() if application.decide_by else None,
        )


class ApplicationOut(ApplicationSummary):
    """A whole application. `lookup_code` with `number` opens the public status look-up; `actions` is what is possible
    now (deciding is among the review's). `entrustment_id`: under which somebody else made it.
    `redirected_to`: the place that the township named as the one that takes it, for `ended_reason`."""

    version: int
    form_version: int
    area_class: str
    lookup_code: str | None
    answers: Answers
    address: str | None
    residence: ResidenceOut | None
    redirected_to: str | None
    entrustment_id: UUID | None
    accepted_at: Moment | None
    missing: Annotated[list[str], Field(max_length=20, description="the one-time notice: everything that was missing")]
    ended_reason: str | None
    members: list[MemberOut]
    documents: list[DocumentOut]
    prefilled: Annotated[list[PrefilledOut], Field(max_length=500, description="what stands as registers told it")]
    actions: list[Action]

    @classmethod
    def of(cls, db: ReadSession, application: Application, role: Role) -> "ApplicationOut":
        return cls(
            **ApplicationSummary.of_row(db, application).model_dump(),
            version=application.version,
            form_version=application.form_version,
            area_class=application.area_class,
            lookup_code=application.lookup_code if role is Role.APPLICANT else None,
            answers=answers_of(db, application),
            address=open_address(db, application),
            residence=ResidenceOut.of(db, application),
            redirected_to=application.redirected_to,
            entrustment_id=application.entrustment_id,
            accepted_at=application.accepted_at,
            missing=missing_of(db, application),
            ended_reason=ended_reason_of(db, application),
            members=[MemberOut.of(db, application, member) for member in application.members],
            documents=[DocumentOut.of(document) for document in application.documents],
            prefilled=PrefilledOut.all_of(db, application),
            actions=[each for each in LIFECYCLE.actions(application.status, role) if each not in DECIDING],
        )
