"""Shapes of a review as the caseworker writes and sees it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.decisions import DecisionOut
from app.api.common.explanations import AssessmentOut, Language
from app.api.common.free_words import Words
from app.api.common.schemas import Id, In, Line, Moment, Out, Paragraph
from app.core.db import ReadSession
from app.identity.actors import Actor
from app.programs.declaration import PlainDate
from app.review.assessing import open_assessment
from app.review.commands import AppraisalDetails, Revisited, VisitDetails
from app.review.decisions import open_ground, open_reasons, open_statement
from app.review.evidence_lifecycle import Status as EvidenceStatus
from app.review.evidence_terms import AddresseeKind, Finding, Question
from app.review.evidence_words import open_grounds
from app.review.grounds import RefusalGround
from app.review.lifecycle import Action, Status
from app.review.models import Appraisal, Opinion, Review, SendBack, Visit, VisitSignature
from app.review.notice_skipping import SkipGround
from app.review.offering import actions_offered
from app.review.queries import (
    find_decision,
    find_last_assessment,
    list_appraisals,
    list_opinions,
    list_send_backs,
    list_signatures,
    list_visits,
)
from app.review.reasons import SUBSTANCE

Way = Literal["home", "neighbour", "letter", "phone_video"]
Rule = Annotated[str, Field(pattern=r"^[a-z_]{1,64}$")]
Reason = Annotated[Paragraph, Field(min_length=SUBSTANCE, examples=["入户核实：自住唯一住房。"])]
Head = Annotated[int, Field(ge=0, le=1000)]


class VisitIn(In):
    """A visit by at least two investigators: the caller and those named, by user name or id.

    `present`: the members of the household who were there and signed; a visit to the home needs one at least, and so
    does one by telephone or video (`phone_video`), which an emergency order of the region has to allow.
    `agent_present`: who acted for the household on that day, by an entrustment in force or as guardian, was there and
    signed; then no member has to, unless it is staff who acts for it.
    """

    way: Annotated[
        Way,
        Field(
            description="`letter` keeps neither addressee nor answer: `…/evidence-letters` does, and takes its place"
        ),
    ]
    visited_on: PlainDate
    findings: Paragraph
    investigators: Annotated[
        list[Line], Field(min_length=1, max_length=10, description="user names or ids", examples=[["handler"]])
    ]
    present: Annotated[list[Id], Field(max_length=50, default_factory=list)]
    agent_present: bool = False

    def details(self) -> VisitDetails:
        """Return what the command takes."""
        present, team = tuple(self.present), tuple(self.investigators)
        return VisitDetails(self.way, self.visited_on, self.findings, team, present, self.agent_present)


class AppraisalIn(In):
    """A democratic appraisal after an objection: who took part, by number, and what they concluded and signed.

    At least one township official takes part, and villager representatives are at least two thirds of all.
    """

    held_on: PlainDate
    township_staff: Head
    village_officials: Head
    informed_members: Head
    representatives: Head
    supports: Annotated[bool, Field(description="they hold what the household declared to be true")]
    conclusion: Paragraph

    def details(self) -> AppraisalDetails:
        """Return what the command takes."""
        return AppraisalDetails(**self.model_dump())


class OpinionIn(In):
    """The township's opinion. The amount is worked out, not given.

    `skip_notice`: the ground on which a favourable opinion about children alone is not posted.
    `reasons`: for each rule of the assessment that is open (`met` null, not a note), how it was settled, in ten
    letters or characters at least.
    `ground`: of an unfavourable opinion; required, with a statement that says something, where the rules speak for the
    household: no condition failed or is open, and no promise was broken.
    """

    favourable: bool
    skip_notice: Annotated[SkipGround | None, Field(strict=False)] = None
    ground: Annotated[RefusalGround | None, Field(strict=False)] = None
    statement: Paragraph
    reasons: Annotated[dict[Rule, Reason], Field(max_length=50, default_factory=dict)]


class ConfirmIn(In):
    """The county's words, if it wants to add any."""

    statement: Paragraph | None = None


class RefuseIn(In):
    """Why the application is refused; the applicant reads it.

    `ground`: required, with reasons that say something, where the rules speak for the household: no condition failed,
    none is open that a favourable opinion has not settled, and no promise was broken.
    """

    ground: Annotated[RefusalGround | None, Field(strict=False)] = None
    reasons: Annotated[list[Paragraph], Field(min_length=1, max_length=10)]


class SendBackIn(In):
    """What the township is to look into."""

    reason: Paragraph


class RevisitIn(In):
    """What comes of a refusal after an agency corrected what it had said: it rests on something else, too, and stands
    (other_grounds), or the household is asked to apply anew (apply_again)."""

    outcome: Annotated[Revisited, Field(strict=False, examples=["apply_again"])]


class DeliveryIn(In):
    """How and when the written decision was handed over."""

    way: Literal["in_person", "post", "left_at_home", "electronic"]
    delivered_on: PlainDate


class DeliveryOut(Out):
    """The delivery is on record."""

    decision_id: UUID
    way: str
    delivered_on: date


class VisitOut(Out):
    """A visit with those who signed."""

    id: UUID
    authority: str
    way: str
    visited_on: date
    findings: Words
    investigators: list[UUID]
    present: list[UUID]
    agent_present: bool
    recorded_at: Moment

    @classmethod
    def of(cls, db: ReadSession, visit: Visit, signatures: list[VisitSignature]) -> "VisitOut":
        """Shape one visit."""
        return cls(
            id=visit.id,
            authority=visit.authority,
            way=visit.way,
            visited_on=visit.visited_on,
            findings=db.vault.open("visits.findings", visit.id, visit.findings_sealed),
            investigators=[s.signer_id for s in signatures if s.signer_kind == "investigator"],
            present=[s.signer_id for s in signatures if s.signer_kind == "member"],
            agent_present=any(s.signer_kind == "agent" for s in signatures),
            recorded_at=visit.recorded_at,
        )


class AppraisalOut(Out):
    """An appraisal with its conclusion."""

    id: UUID
    held_on: date
    township_staff: int
    village_officials: int
    informed_members: int
    representatives: int
    supports: bool
    conclusion: Words

    @classmethod
    def of(cls, db: ReadSession, row: Appraisal) -> "AppraisalOut":
        """Shape one appraisal."""
        return cls(
            id=row.id,
            held_on=row.held_on,
            township_staff=row.township_staff,
            village_officials=row.village_officials,
            informed_members=row.informed_members,
            representatives=row.representatives,
            supports=row.supports,
            conclusion=db.vault.open("appraisals.conclusion", row.id, row.conclusion_sealed),
        )


class EvidenceGroundOut(Out):
    """An evidence letter as it stood when an opinion was given. `unanswered` and `not_awaited` are silence, which
    counts neither for the household nor against it."""

    id: UUID
    member_id: UUID
    addressee_kind: AddresseeKind
    sent_on: date | None
    status: EvidenceStatus
    received_on: date | None
    asked: list[Question]
    answers: dict[Question, Finding]


class OpinionOut(Out):
    """An opinion of the township; `round` counts them. `evidence`: the letters for evidence among its grounds."""

    id: UUID
    round: int
    favourable: bool
    notice_skipped: str | None
    ground: RefusalGround | None
    statement: Words
    reasons: dict[str, Words]
    evidence: list[EvidenceGroundOut]
    given_by: UUID
    given_at: Moment

    @classmethod
    def of(cls, db: ReadSession, row: Opinion) -> "OpinionOut":
        """Shape one opinion."""
        return cls(
            id=row.id,
            round=row.round,
            favourable=row.favourable,
            notice_skipped=row.notice_skipped,
            ground=open_ground(db, row),
            statement=open_statement(db, row),
            reasons=open_reasons(db, row),
            evidence=[EvidenceGroundOut.model_validate(ground) for ground in open_grounds(db, row)],
            given_by=row.given_by,
            given_at=row.given_at,
        )


class SendBackOut(Out):
    """That the county gave the papers back."""

    reason: Words
    sent_at: Moment

    @classmethod
    def of(cls, db: ReadSession, row: SendBack) -> "SendBackOut":
        """Shape one return of the papers."""
        return cls(reason=db.vault.open("send_backs.reason", row.id, row.reason_sealed), sent_at=row.sent_at)


class ReviewOut(Out):
    """Everything between acceptance and decision. `actions` is what the caller may do now.

    `assessment` is the one the last opinion rests on; what the rules would say today is at `…/assessment`.
    """

    application_id: UUID
    status: Status
    round: int
    county_visit_required: bool
    county_visit_reason: str | None
    visits: list[VisitOut]
    appraisals: list[AppraisalOut]
    opinions: list[OpinionOut]
    send_backs: list[SendBackOut]
    assessment: AssessmentOut | None
    decision: DecisionOut | None
    actions: list[Action]

    @classmethod
    async def of(cls, db: ReadSession, review: Review, actor: Actor, language: Language) -> "ReviewOut":
        """Shape a review with everything that belongs to it."""
        case = review.application_id
        signatures, opinions = await list_signatures(db, case), await list_opinions(db, case)
        assessment, decision = await find_last_assessment(db, case), await find_decision(db, case)
        return cls(
            application_id=case,
            status=review.status,
            round=review.round,
            county_visit_required=review.county_visit_required_at is not None,
            county_visit_reason=review.county_visit_reason,
            visits=[
                VisitOut.of(db, visit, [s for s in signatures if s.visit_id == visit.id])
                for visit in await list_visits(db, case)
            ],
            appraisals=[AppraisalOut.of(db, row) for row in await list_appraisals(db, case)],
            opinions=[OpinionOut.of(db, row) for row in opinions],
            send_backs=[SendBackOut.of(db, row) for row in await list_send_backs(db, case)],
            assessment=assessment and AssessmentOut.of(open_assessment(db, assessment)["assessment"], language),
            decision=decision and DecisionOut.of(db, decision, language),
            actions=await actions_offered(db, actor, review, opinions),
        )
