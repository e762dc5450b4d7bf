"""Shapes of letters for evidence as the caseworker writes and sees them."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.explanations import Language
from app.api.common.free_words import Words
from app.api.common.schemas import CLEAN, Id, In, Line, Moment, Out, Paragraph
from app.core.db import ReadSession
from app.identity.actors import Role
from app.identity.masks import HIDDEN, mask_name
from app.letters.models import Letter
from app.programs.declaration import PlainDate
from app.review.commands import Asked, Reply, Sending
from app.review.evidence_lifecycle import LIFECYCLE, Action, Status
from app.review.evidence_models import EvidenceLetter
from app.review.evidence_terms import KINDS, QUESTIONS, AddresseeKind, Finding, Form, Question
from app.review.evidence_words import addressee_of, answers_of_letter, words_of_letter
from app.review.reasons import SUBSTANCE

Way = Literal["post", "by_hand", "electronic"]
_ASKED = Annotated[Question, Field(strict=False, examples=["employment"])]


class AddresseeIn(In):
    """Who is asked: an organisation, or a person outside the household."""

    kind: Annotated[AddresseeKind, Field(strict=False)]
    form: Annotated[Form, Field(strict=False)]
    name: Annotated[Line, Field(examples=["测试纺织厂"])]
    address: Annotated[str, Field(min_length=1, max_length=200, pattern=CLEAN, examples=["测试镇测试路1号"])]


class EvidenceLetterIn(In):
    """What is asked of whom, about one member. `words`: what no code says, needed for `other`; it stands in the letter
    as one paragraph, and tells no numbers, no names of the household and no program. Nor does the addressee."""

    member_id: Id
    addressee: AddresseeIn
    asked: Annotated[list[_ASKED], Field(min_length=1, max_length=len(Question))]
    words: Annotated[str, Field(min_length=1, max_length=500, pattern=CLEAN)] | None = None

    def asked_for(self) -> Asked:
        """Return what the command takes."""
        to = self.addressee
        return Asked(self.member_id, to.kind, to.form, to.name, to.address, tuple(self.asked), self.words)


class EvidenceSendingIn(In):
    """When and how it was sent. `investigators`: who signed it beside the caller, by user name or id."""

    sent_on: PlainDate
    way: Way
    investigators: Annotated[
        list[Line], Field(min_length=1, max_length=10, description="user names or ids", examples=[["handler"]])
    ]

    def sending(self) -> Sending:
        """Return what the command takes."""
        return Sending(self.sent_on, self.way, tuple(self.investigators))


class EvidenceFindingIn(In):
    """What was answered to one question, held against what the household declared."""

    question: _ASKED
    finding: Annotated[Finding, Field(strict=False)]


class EvidenceAnswerIn(In):
    """An answer: one finding to each question. `scan`: the id of a finished upload of one's own (`/v1/uploads`)."""

    received_on: PlainDate
    answers: Annotated[list[EvidenceFindingIn], Field(min_length=1, max_length=len(Question))]
    remarks: Paragraph | None = None
    scan: Id | None = None

    def reply(self) -> Reply:
        """Return what the command takes."""
        findings = tuple((each.question, each.finding) for each in self.answers)
        return Reply(self.received_on, findings, self.remarks, self.scan)


class SetAsideIn(In):
    """Why nobody waits for the answer, in ten letters or characters at least."""

    reason: Annotated[Paragraph, Field(min_length=SUBSTANCE, examples=["用人单位已注销，改由邻里访问核实。"])]


class AddresseeOut(Out):
    """Who was asked; name and address are opened one by one (`POST /v1/console/unmaskings`)."""

    kind: AddresseeKind
    title: str
    form: Form
    name: str
    address: str


class EvidenceQuestionOut(Out):
    """One question, and what was answered to it; null while nothing was."""

    question: Question
    text: str
    finding: Finding | None


class EvidenceLetterOut(Out):
    """One letter for evidence. `letter_id` and `number`: of the letter as printed, null for the moment that takes.

    `status`: written, sent, unanswered (its days have passed; the opinion need not wait), not_awaited (somebody went on
    before, with a reason), answered, discarded (never sent), cancelled (the authorisation was withdrawn, or the matter
    ended). `answer_days` are working days, by `answer_basis`. `actions` is what the caller may do now.
    """

    id: UUID
    application_id: UUID
    member_id: UUID
    letter_id: UUID | None
    number: str | None
    status: Status
    addressee: AddresseeOut
    asked: list[EvidenceQuestionOut]
    words: Words | None
    law: list[str]
    answer_days: int
    answer_basis: str
    written_by: UUID
    written_at: Moment
    sent_on: date | None
    sent_way: str | None
    answer_by: date | None
    answer_by_provisional: bool
    received_on: date | None
    remarks: Words | None
    scanned: Annotated[bool, Field(description="there is a scan of the answer")]
    entered_by: UUID | None
    entered_at: Moment | None
    set_aside_reason: Words | None
    actions: list[Action]

    @classmethod
    def of(
        cls, db: ReadSession, row: EvidenceLetter, printed: Letter | None, role: Role, language: Language
    ) -> "EvidenceLetterOut":
        """Shape one letter for the desk."""
        written, answers = words_of_letter(db, row), answers_of_letter(db, row)
        kind = AddresseeKind(row.addressee_kind)
        return cls(
            id=row.id,
            application_id=row.application_id,
            member_id=row.member_id,
            letter_id=printed and printed.id,
            number=printed and printed.number,
            status=row.status,
            addressee=AddresseeOut(
                kind=kind,
                title=getattr(KINDS[kind], language),
                form=Form(row.addressee_form),
                name=mask_name(addressee_of(db, row)),
                address=HIDDEN,
            ),
            asked=[
                EvidenceQuestionOut(
                    question=question,
                    text=getattr(QUESTIONS[question], language),
                    finding=Finding(answers[question]) if question in answers else None,
                )
                for question in map(Question, row.asked)
            ],
            words=written["words"],
            law=row.law,
            answer_days=row.answer_days,
            answer_basis=row.answer_basis,
            written_by=row.written_by,
            written_at=row.written_at,
            sent_on=row.sent_on,
            sent_way=row.sent_way,
            answer_by=row.answer_by,
            answer_by_provisional=row.answer_by_provisional,
            received_on=row.received_on,
            remarks=written["remarks"],
            scanned=row.scan_upload_id is not None,
            entered_by=row.entered_by,
            entered_at=row.entered_at,
            set_aside_reason=written["set_aside"],
            actions=list(LIFECYCLE.actions(row.status, role)),
        )


class EvidenceLettersOut(Out):
    """All letters for evidence of one case, oldest first."""

    items: list[EvidenceLetterOut]
