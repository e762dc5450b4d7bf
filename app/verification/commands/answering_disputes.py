"""What becomes of a dispute: the agency's answer, by letter or by what it says when asked again; its day; the end."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import get_application
from app.applications.steps import open_step
from app.audit.commands import record_act
from app.core.clock import legal_date, today
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault, SamePersonNotAllowed
from app.events.commands import record_event
from app.facts import FactKey, Item
from app.files.commands import attach_upload
from app.identity.actors import SYSTEM, Actor
from app.reference.term_queries import load_calendar
from app.verification.commands.disputing import ANSWER_DAYS, ask_about, close_ticket
from app.verification.correcting import is_corrected, says_otherwise
from app.verification.dispute_lifecycle import LIFECYCLE, Action, LapseGround, Status
from app.verification.dispute_models import ReportDispute
from app.verification.dispute_queries import get_dispute, list_pending, was_escalated
from app.verification.errors import CorrectionNotSent, ScanRequired
from app.verification.events import DisputeAnswered, DisputeLapsed
from app.verification.models import Check
from app.verification.queries import find_current_report, open_report
from app.verification.report import Content, Entry, Field
from app.verification.report_queries import get_report


class TicketAnswer(StrEnum):
    """What an agency answers to a request for correction."""

    CORRECTED = "corrected"
    UPHELD = "upheld"


@dataclass(frozen=True)
class Written:
    """The letter that an agency answered by: its reference, its reasons, and the actor's own upload of the paper."""

    reference: str
    reasons: str = field(repr=False)
    scan: UUID | None = None


_ACTIONS = {TicketAnswer.CORRECTED: Action.CORRECT, TicketAnswer.UPHELD: Action.UPHOLD}


async def answer_dispute(
    db: WriteSession, actor: Actor, dispute_id: UUID, answer: TicketAnswer, written: Written
) -> ReportDispute:
    """Enter what an agency answered; corrected, it is asked anew, and a new report shows it. Corrected after a refusal
    that did not wait for it, nobody is asked anew: the county is to look at its decision again.

    Whoever entered the disputed answer by hand does not say that it was right.

    Raises:
        DisputeNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: it has its answer, or this is not for this role.
        SamePersonNotAllowed: the actor entered what is disputed.
        CorrectionNotSent: the agency has not been sent the letter that it answers.
        ScanRequired: there is no scan of the paper that it answered on.
        UploadNotFound, UploadUnfinished: `scan` is no finished upload of the actor's.
    """
    found = await get_dispute(db, actor, dispute_id)
    application = await get_application(db, SYSTEM, found.application_id, lock=True)
    dispute = await get_dispute(db, actor, dispute_id, lock=True)
    step = LIFECYCLE.step(dispute.status, _ACTIONS[answer], actor.role)
    check = await db.get(Check, dispute.check_id)
    if check is not None and check.entered_by == actor.id:
        raise SamePersonNotAllowed
    if dispute.sent_on is None:  # no agency has an interface for corrections: what it answers is a letter
        raise CorrectionNotSent
    if written.scan is None:
        raise ScanRequired(faults=(Fault("/scan", "required"),))
    scan = await attach_upload(db, actor, written.scan)
    dispute.status, dispute.answer_report_id = step.target, None
    dispute.answered_by, dispute.answered_at, dispute.reference = actor.id, db.clock.now(), written.reference
    dispute.reasons_sealed = db.vault.seal(
        "report_disputes.reasons", dispute.id, written.reasons, division=dispute.county
    )
    dispute.scan_upload_id = scan.id
    if answer is TicketAnswer.CORRECTED:
        await ask_about(db, actor, application, dispute)
    await _tell(db, actor, application, dispute, step.action, scan=str(scan.id), sha256=scan.stored_sha256)
    return dispute


async def settle_disputes(db: WriteSession, application_id: UUID, report_id: UUID) -> int:
    """Answer what is disputed where it is gone now that the agency was asked again; returns how many.

    The same answer again settles nothing, and another one that leaves a difference does not either: the agency has yet
    to look. That it says otherwise now is kept with the ticket. Nothing happens where a later report than `report_id`
    is there: it is told of, too.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    report, pending = await find_current_report(db, application_id), await list_pending(db, application_id)
    if report is None or report.id != report_id or not pending:
        return 0
    now, settled = open_report(db, report), 0
    for dispute in pending:
        if dispute.report_id == report.id:
            continue
        before = open_report(db, await get_report(db, SYSTEM, dispute.report_id))
        disputed = (dispute.member_id, Item(dispute.item), FactKey(dispute.key))
        dispute.answer_report_id = report.id if says_otherwise(before, now, *disputed) else None
        if not is_corrected(before, now, *disputed):
            continue
        dispute.status = LIFECYCLE.step(dispute.status, Action.CORRECT, SYSTEM.role).target
        dispute.answered_at = db.clock.now()
        await _tell(db, SYSTEM, application, dispute, Action.CORRECT)
        settled += 1
    return settled


async def move_on(db: WriteSession, dispute_id: UUID) -> None:
    """Let a ticket fall due, or be escalated once supervisors were told; too early, nothing changes.

    Raises:
        DisputeNotFound: there is none.
    """
    found = await get_dispute(db, SYSTEM, dispute_id)
    application = await get_application(db, SYSTEM, found.application_id, lock=True)
    dispute = await get_dispute(db, SYSTEM, dispute_id, lock=True)
    if dispute.status == Status.OPEN and dispute.due_provisional:
        calendar = await load_calendar(db, application.division)
        due = calendar.add_working_days(legal_date(dispute.raised_at), ANSWER_DAYS)
        dispute.due_on, dispute.due_provisional = due.on, due.provisional
        await db.flush()
    if dispute.status == Status.OPEN and dispute.due_on < today(db.clock):
        await _step(db, application, dispute, Action.FALL_DUE)
    if dispute.status == Status.OVERDUE and await was_escalated(db, dispute.id):
        await _step(db, application, dispute, Action.ESCALATE)


async def let_disputes_lapse(db: WriteSession, application_id: UUID, *, about: UUID | None = None) -> None:
    """End what is disputed in a matter that has ended without a decision, or whose award is not in force any more; or
    what is disputed `about` a member who withdrew the authorisation: no agency is written to about her any more. Who
    disputed it is told.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    pending = [each for each in await list_pending(db, application_id) if about in (None, each.member_id)]
    ground = _ground_of(application) if about is None else LapseGround.AUTHORISATION_WITHDRAWN
    for dispute in pending:
        await _lapse(db, application, dispute, ground)
    if pending:
        await close_ticket(db, application, Status.LAPSED)


def disputed_words_of(db: ReadSession, dispute: ReportDispute) -> str:
    """Return the citizen's words."""
    return db.vault.open("report_disputes.statement", dispute.id, dispute.statement_sealed)


def reasons_of(db: ReadSession, dispute: ReportDispute) -> str | None:
    """Return the agency's reasons, as they were entered."""
    sealed = dispute.reasons_sealed
    return db.vault.open("report_disputes.reasons", dispute.id, sealed) if sealed else None


def find_disputed(content: Content, dispute: ReportDispute) -> tuple[Entry, Field]:
    """Return what a report says of a disputed field, and of its item.

    Raises:
        LookupError: it says nothing of it.
    """
    for person, entry in content.entries():
        if (person.member, entry.item) == (dispute.member_id, Item(dispute.item)):
            for each in entry.fields:
                if each.key is FactKey(dispute.key):
                    return entry, each
    raise LookupError(dispute.id)


async def _step(db: WriteSession, application: Application, dispute: ReportDispute, action: Action) -> None:
    dispute.status = LIFECYCLE.step(dispute.status, action, SYSTEM.role).target
    await db.flush()
    await record_act(
        db, SYSTEM, f"report.dispute_{action}", "application", application.id, row=dispute, case=dispute.case
    )


def _ground_of(application: Application) -> LapseGround:
    granted = application.status == ApplicationStatus.APPROVED
    return LapseGround.AWARD_ENDED if granted else LapseGround.MATTER_ENDED


async def _lapse(db: WriteSession, application: Application, dispute: ReportDispute, ground: LapseGround) -> None:
    dispute.lapsed_for = ground
    await _step(db, application, dispute, Action.LAPSE)
    told = DisputeLapsed(
        subject=application.id,
        county=application.county,
        applicant_id=dispute.citizen_id,
        dispute_id=dispute.id,
        ground=ground.value,
    )
    await record_event(db, told)


async def _tell(
    db: WriteSession, actor: Actor, application: Application, dispute: ReportDispute, action: Action, **detail: Any
) -> None:
    await db.flush()
    await close_ticket(db, application, Status(dispute.status), by=actor)
    if action is Action.CORRECT and application.status == ApplicationStatus.REFUSED:
        await open_step(db, application, StepKind.DECISION_REVISIT)  # the refusal did not wait for this
    what = f"report.dispute_{action}"
    await record_act(db, actor, what, "application", application.id, row=dispute, case=dispute.case, **detail)
    told = DisputeAnswered(
        subject=application.id,
        county=application.county,
        applicant_id=dispute.citizen_id,
        dispute_id=dispute.id,
        outcome=Status(dispute.status).value,
    )
    await record_event(db, told)
