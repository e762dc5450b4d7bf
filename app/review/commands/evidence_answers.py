"""What comes of an evidence letter: its answer, that nobody answered, or that somebody goes on without.

Nothing is stopped by silence and nothing follows from it: the township is told, and its reviewer may give an opinion.
"""

import dataclasses
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import get_application
from app.applications.steps import close_step, open_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.errors import Fault
from app.files.commands import attach_upload
from app.identity.actors import SYSTEM, Actor
from app.review.commands.evidence import record_letter_act, require_authorised
from app.review.commands.opening import lock_review
from app.review.errors import EvidenceAnswerNotFitting, EvidenceAwaited, EvidenceReasonMissing
from app.review.evidence_lifecycle import LIFECYCLE, Action, Status
from app.review.evidence_models import EvidenceLetter
from app.review.evidence_queries import (
    get_evidence_letter,
    has_letter,
    list_evidence_letters,
    list_open_letters,
)
from app.review.evidence_terms import Finding, Question
from app.review.evidence_words import grounds_of
from app.review.reasons import SUBSTANCE, has_substance

RECEIVED, NO_ANSWER, NOT_WAITED_FOR, ENDED = "received", "no_answer", "not_waited_for", "ended"


@dataclass(frozen=True)
class Reply:
    """What somebody outside answered. `scan`: the actor's own upload of the paper."""

    received_on: date
    answers: Sequence[tuple[Question, Finding]]
    remarks: str | None = dataclasses.field(default=None, repr=False)
    scan: UUID | None = None


async def enter_evidence_answer(
    db: WriteSession, actor: Actor, application_id: UUID, letter_id: UUID, reply: Reply
) -> EvidenceLetter:
    """Keep an answer, also one that comes late: until the matter is decided or ended.

    Raises:
        ApplicationNotFound, EvidenceLetterNotFound: there is none, or it lies outside the actor's division.
        ConflictOfInterest: it is the case of a close relative of the actor.
        StepNotAllowed, RoleNotAllowed: it was never sent, or has its answer; the case is over; or not for this role.
        AuthorisationMissing: the member has withdrawn: nothing more is taken in about him.
        EvidenceAnswerNotFitting: not one answer to each question, or a day before it was sent or in the future.
        UploadNotFound, UploadUnfinished: `scan` is no finished upload of the actor's.
    """
    application, _ = await lock_review(db, actor, application_id)
    letter = await get_evidence_letter(db, application.id, letter_id)
    step = LIFECYCLE.step(letter.status, Action.ANSWER, actor.role)
    await require_authorised(db, actor, letter)
    _check_reply(letter, reply, today(db.clock))
    scan = None if reply.scan is None else await attach_upload(db, actor, reply.scan)
    answers = json.dumps({question.value: finding.value for question, finding in reply.answers}, sort_keys=True)
    letter.status, letter.received_on = step.target, reply.received_on
    letter.entered_by, letter.entered_at = actor.id, db.clock.now()
    letter.answers_sealed = db.vault.seal("evidence_letters.answers", letter.id, answers, division=letter.county)
    if reply.remarks is not None:
        letter.remarks_sealed = db.vault.seal(
            "evidence_letters.remarks", letter.id, reply.remarks, division=letter.county
        )
    letter.scan_upload_id = None if scan is None else scan.id
    await db.flush()
    await _close_steps(db, application, RECEIVED, by=actor)
    await record_letter_act(db, actor, "evidence_letter.answer", application, letter)
    return letter


async def set_evidence_letter_aside(
    db: WriteSession, actor: Actor, application_id: UUID, letter_id: UUID, *, reason: str
) -> EvidenceLetter:
    """Go on without an answer, or without sending what was written, and say why; what comes all the same is taken in.

    Raises:
        ApplicationNotFound, EvidenceLetterNotFound: there is none, or it lies outside the actor's division.
        ConflictOfInterest: it is the case of a close relative of the actor.
        StepNotAllowed, RoleNotAllowed: it is not waited for any more, or not by this role.
        EvidenceReasonMissing: the reason says nothing.
    """
    application, _ = await lock_review(db, actor, application_id)
    letter = await get_evidence_letter(db, application.id, letter_id)
    step = LIFECYCLE.step(letter.status, Action.SET_ASIDE, actor.role)
    if not has_substance(reason):
        raise EvidenceReasonMissing(faults=(Fault("/reason", "too_short", "reason", least=SUBSTANCE),))
    letter.status = step.target
    letter.set_aside_by, letter.set_aside_at = actor.id, db.clock.now()
    letter.set_aside_sealed = db.vault.seal("evidence_letters.set_aside", letter.id, reason, division=letter.county)
    await db.flush()
    await _close_steps(db, application, NOT_WAITED_FOR, by=actor)
    await record_letter_act(db, actor, "evidence_letter.set_aside", application, letter)
    return letter


async def note_silence(db: WriteSession, application_id: UUID, letter_id: UUID) -> None:
    """Let a letter be unanswered whose days have passed, and put it before the township as a task; one that was
    answered or set aside meanwhile is left alone."""
    application = await get_application(db, SYSTEM, application_id, lock=True)
    letter = await get_evidence_letter(db, application.id, letter_id)
    if letter.status != Status.SENT or not _is_over(letter, today(db.clock)):
        return
    if application.status != ApplicationStatus.ACCEPTED:
        await _cancel(db, application, letter)
        return
    await _let_lapse(db, application, letter)
    await _close_steps(db, application, NO_ANSWER)
    await open_step(db, application, StepKind.EVIDENCE_UNANSWERED)


async def cancel_evidence_letters(db: WriteSession, application_id: UUID, *, about: UUID | None = None) -> None:
    """End the letters of a matter that has ended, or those about a member who withdrew; a second time changes
    nothing."""
    application = await get_application(db, SYSTEM, application_id, lock=True)
    for letter in await list_open_letters(db, application.id, about=about):
        await _cancel(db, application, letter)
    await _close_steps(db, application, ENDED)


async def take_up_evidence(db: WriteSession, actor: Actor, application: Application) -> str:
    """Return, as JSON, the letters an opinion given now has among its grounds; whose days are over are unanswered by
    that.

    Raises:
        EvidenceAwaited: a letter may still be answered in time.
    """
    letters = await list_evidence_letters(db, application.id)
    waiting = [letter for letter in letters if letter.status == Status.SENT]
    if not all(_is_over(letter, today(db.clock)) for letter in waiting):
        raise EvidenceAwaited
    for letter in waiting:
        await _let_lapse(db, application, letter)
    if letters:
        await close_step(db, application, StepKind.EVIDENCE_LETTER, NO_ANSWER)
        await close_step(db, application, StepKind.EVIDENCE_UNANSWERED, NOT_WAITED_FOR, by=actor)
    return grounds_of(db, letters)


def _check_reply(letter: EvidenceLetter, reply: Reply, on: date) -> None:
    faults = [Fault("/received_on", "in_future")] if reply.received_on > on else []
    if letter.sent_on is None or reply.received_on < letter.sent_on:
        faults.append(Fault("/received_on", "before_sent"))
    given = Counter(question.value for question, _ in reply.answers)
    faults += [Fault("/answers", "unanswered") for code in letter.asked if code not in given]
    faults += [
        Fault(f"/answers/{place}/question", "not_asked" if question.value not in letter.asked else "answered_twice")
        for place, (question, _) in enumerate(reply.answers)
        if question.value not in letter.asked or given[question.value] > 1
    ]
    if faults:
        raise EvidenceAnswerNotFitting(faults=tuple(faults))


def _is_over(letter: EvidenceLetter, on: date) -> bool:
    return letter.answer_by is not None and letter.answer_by < on


async def _let_lapse(db: WriteSession, application: Application, letter: EvidenceLetter) -> None:
    letter.status = LIFECYCLE.step(letter.status, Action.LAPSE, SYSTEM.role).target
    await db.flush()
    await record_act(
        db, SYSTEM, "evidence_letter.lapse", "evidence_letter", letter.id, row=letter, case=application.case
    )


async def _cancel(db: WriteSession, application: Application, letter: EvidenceLetter) -> None:
    letter.status = LIFECYCLE.step(letter.status, Action.CANCEL, SYSTEM.role).target
    await db.flush()
    await record_act(
        db, SYSTEM, "evidence_letter.cancel", "evidence_letter", letter.id, row=letter, case=application.case
    )


async def _close_steps(db: WriteSession, application: Application, outcome: str, *, by: Actor | None = None) -> None:
    """Close the step of letters that are out, and the task of silent ones, where no other letter keeps it open."""
    if not await has_letter(db, application.id, Status.SENT):
        await close_step(db, application, StepKind.EVIDENCE_LETTER, outcome, by=by)
    if not await has_letter(db, application.id, Status.UNANSWERED):
        await close_step(db, application, StepKind.EVIDENCE_UNANSWERED, outcome, by=by)
