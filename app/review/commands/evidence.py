"""Asking somebody outside the household for evidence in writing (信函索证): the letter is written, and sent by two."""

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.applications.clocks import Responsible, StepKind
from app.applications.errors import AuthorisationMissing, MemberNotFound
from app.applications.household import live_authorisation, name_of
from app.applications.models import Application, Authorisation
from app.applications.queries import get_whole_application
from app.applications.steps import open_step_until
from app.audit.commands import record_act
from app.core.clock import legal_date, today
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import Actor
from app.programs.laws import cite
from app.reference.procedure import Setting
from app.reference.term_queries import load_calendar, load_procedure
from app.review.commands.opening import lock_review
from app.review.commands.surveys import LETTER, TOWNSHIP, VisitDetails, keep_visit, note_survey
from app.review.errors import EvidenceLetterNotFitting, SurveyDateInvalid
from app.review.events import EvidenceAsked
from app.review.evidence_lifecycle import LIFECYCLE, Action, Status
from app.review.evidence_limits import address_says_too_much, is_one_line, says_too_much
from app.review.evidence_models import EvidenceLetter
from app.review.evidence_queries import get_evidence_letter
from app.review.evidence_terms import ASKED_BY, AddresseeKind, Form, Question, may_be_asked
from app.review.evidence_words import survey_record_of
from app.review.lifecycle import LIFECYCLE as REVIEWS
from app.review.lifecycle import Action as ReviewAction
from app.review.models import Review

BASIS = "最低生活保障审核确认办法 第十六条"


@dataclass(frozen=True)
class Asked:
    """Who outside is asked what about which member. `words`: what no code says, needed for `other`."""

    member_id: UUID
    kind: AddresseeKind
    form: Form
    name: str = dataclasses.field(repr=False)
    address: str = dataclasses.field(repr=False)
    questions: Sequence[Question]
    words: str | None = dataclasses.field(default=None, repr=False)


@dataclass(frozen=True)
class Sending:
    """How a letter went out. `investigators`: the others of the team that signs it, by user name or id."""

    sent_on: date
    way: str
    investigators: Sequence[str]


async def write_evidence_letter(db: WriteSession, actor: Actor, application_id: UUID, asked: Asked) -> EvidenceLetter:
    """Write a letter about one member, on the authorisation he signed, which is in force; it is printed by a job.

    Raises:
        ApplicationNotFound, MemberNotFound: there is none, or it lies outside the actor's division.
        ConflictOfInterest: it is the case of a close relative of the actor.
        StepNotAllowed, RoleNotAllowed: the township is not surveying, or not this role.
        AuthorisationMissing: the member has not signed, or has withdrawn.
        EvidenceLetterNotFitting: the addressee is of the household, is not asked that, or would read too much.
    """
    application, review = await lock_review(db, actor, application_id)
    REVIEWS.step(review.status, ReviewAction.RECORD_VISIT, actor.role)
    whole = await get_whole_application(db, actor, application.id)
    _check_fits(db, whole, asked)
    authorisation = live_authorisation(whole, asked.member_id)
    if authorisation is None:
        raise AuthorisationMissing
    letter = await _letter_of(db, actor, review, authorisation, asked)
    db.add(letter)
    await db.flush()
    await record_letter_act(db, actor, "evidence_letter.write", application, letter)
    await record_event(
        db,
        EvidenceAsked(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            evidence_letter_id=letter.id,
        ),
    )
    return letter


async def send_evidence_letter(
    db: WriteSession, actor: Actor, application_id: UUID, letter_id: UUID, sending: Sending
) -> EvidenceLetter:
    """Keep that a letter was sent, signed by two: an act of survey (D57 art. 16), from which its days are counted.

    Raises:
        ApplicationNotFound, EvidenceLetterNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        AuthorisationMissing: the member has withdrawn since it was written.
        SurveyDateInvalid: it was not written by then, or the day lies in the future.
        TwoInvestigatorsRequired, InvestigatorNotAllowed, StaffNotFound: the team is not one.
        ConflictOfInterest: one of them is a close relative of the household.
    """
    application, review = await lock_review(db, actor, application_id)
    letter = await get_evidence_letter(db, application.id, letter_id)
    step = LIFECYCLE.step(letter.status, Action.SEND, actor.role)
    REVIEWS.step(review.status, ReviewAction.RECORD_VISIT, actor.role)
    await require_authorised(db, actor, letter)
    if not legal_date(letter.written_at) <= sending.sent_on <= today(db.clock):
        raise SurveyDateInvalid
    visit = await keep_visit(
        db,
        actor,
        application,
        review,
        TOWNSHIP,
        VisitDetails(LETTER, sending.sent_on, survey_record_of(letter), sending.investigators),
    )
    due = (await load_calendar(db, application.division)).add_working_days(sending.sent_on, letter.answer_days)
    letter.status, letter.sent_on, letter.sent_way, letter.visit_id = (
        step.target,
        sending.sent_on,
        sending.way,
        visit.id,
    )
    letter.answer_by, letter.answer_by_provisional = due.on, due.provisional
    await db.flush()
    await note_survey(db, actor, application, review, LETTER)
    # Without a last day: the time is the addressee's, and nobody at the offices is late when it has passed.
    await open_step_until(db, application, StepKind.EVIDENCE_LETTER, Responsible.TOWNSHIP, None, BASIS)
    await record_letter_act(db, actor, "evidence_letter.send", application, letter)
    return letter


async def require_authorised(db: ReadSession, actor: Actor, letter: EvidenceLetter) -> None:
    """Refuse to go on with a letter whose authorisation was withdrawn.

    Raises:
        AuthorisationMissing: it was.
    """
    whole = await get_whole_application(db, actor, letter.application_id)
    live = live_authorisation(whole, letter.member_id)
    if live is None or live.id != letter.authorisation_id:
        raise AuthorisationMissing


async def record_letter_act(
    db: WriteSession, actor: Actor, act: str, application: Application, letter: EvidenceLetter
) -> None:
    """Put on record who did what with a letter."""
    await record_act(
        db,
        actor,
        act,
        "evidence_letter",
        letter.id,
        row=letter,
        case=application.case,
        addressee_kind=letter.addressee_kind,
        status=letter.status,
    )


def _check_fits(db: ReadSession, application: Application, asked: Asked) -> None:
    names = {member.id: name_of(db, member) for member in application.members}
    if asked.member_id not in names:
        raise MemberNotFound
    faults = _faults_of_addressee(asked, names.values())
    fitting = may_be_asked(asked.kind)
    faults += [
        Fault(f"/asked/{place}", "not_of_addressee")
        for place, question in enumerate(asked.questions)
        if question not in fitting
    ]
    if Question.OTHER in asked.questions and asked.words is None:
        faults.append(Fault("/words", "required"))
    if asked.words is not None and says_too_much(asked.words, names.values()):
        faults.append(Fault("/words", "says_too_much"))
    if asked.words is not None and not is_one_line(asked.words):
        faults.append(Fault("/words", "line_break"))
    if faults:
        raise EvidenceLetterNotFitting(faults=tuple(faults))


def _faults_of_addressee(asked: Asked, names: Collection[str]) -> list[Fault]:
    faults = []
    if asked.form is Form.PERSON and asked.name.strip() in names:
        faults.append(Fault("/addressee/name", "of_household"))
    else:
        tells = says_too_much if asked.form is Form.PERSON else address_says_too_much
        if tells(asked.name, names):
            faults.append(Fault("/addressee/name", "says_too_much"))
    if address_says_too_much(asked.address, names):
        faults.append(Fault("/addressee/address", "says_too_much"))
    faults += [
        Fault(f"/addressee/{field}", "line_break")
        for field, text in (("name", asked.name), ("address", asked.address))
        if not is_one_line(text)
    ]
    return faults


async def _letter_of(
    db: WriteSession, actor: Actor, review: Review, authorisation: Authorisation, asked: Asked
) -> EvidenceLetter:
    row, on = new_id(), today(db.clock)
    days = (await load_procedure(db, review.division, on))[Setting.EVIDENCE_ANSWER_DAYS]

    def seal(column: str, text: str) -> bytes:
        return db.vault.seal(f"evidence_letters.{column}", row, text, division=review.county)

    return EvidenceLetter(
        id=row,
        county=review.county,
        division=review.division,
        application_id=review.application_id,
        review_id=review.id,
        member_id=authorisation.member_id,
        authorisation_id=authorisation.id,
        status=Status.WRITTEN,
        addressee_kind=asked.kind,
        addressee_form=asked.form,
        addressee_name_sealed=seal("addressee_name", asked.name.strip()),
        addressee_address_sealed=seal("addressee_address", asked.address),
        asked=[question.value for question in dict.fromkeys(asked.questions)],
        words_sealed=None if asked.words is None else seal("words", asked.words),
        law=list(cite(ASKED_BY, on)),
        answer_days=days.value,
        answer_basis=days.basis,
        written_by=actor.id,
        written_at=db.clock.now(),
        answer_by_provisional=False,
    )
