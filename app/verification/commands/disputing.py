"""A citizen says that one field of the report is not so: its agency is asked for a correction, and asked again."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.applications.clocks import Responsible, StepKind
from app.applications.commands import attach_evidence
from app.applications.commands.documents import StoredFile
from app.applications.household import live_authorisation
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import get_application, get_whole_application
from app.applications.steps import close_step, open_step, open_step_until
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault
from app.core.ids import new_id, new_number
from app.events.commands import record_event
from app.facts import FactKey, Item
from app.identity.actors import SYSTEM, Actor
from app.reference.term_queries import load_calendar
from app.verification.commands.entry import ASKED_AGAIN, settle_entry
from app.verification.commands.rechecking import ask_again
from app.verification.commands.reporting import SERVED
from app.verification.comparison import Difference
from app.verification.dispute_lifecycle import LIFECYCLE, PENDING, Action, Status
from app.verification.dispute_models import ReportDispute
from app.verification.dispute_queries import find_open_check, get_dispute, has_pending, has_unsent, list_of_field
from app.verification.errors import (
    DisputeAlreadyOpen,
    DisputeAnsweredBefore,
    DisputeTakenBack,
    DisputeUnauthorised,
    FieldNotInReport,
    FindingOfAnother,
    NothingToDispute,
    ReportNotIssued,
    VerificationClosed,
)
from app.verification.events import ReportDisputed
from app.verification.models import HouseholdReport
from app.verification.queries import find_current_report, open_report
from app.verification.report import Content, Entry, Field
from app.verification.report_queries import get_report, get_sight

ANSWER_DAYS = 10  # working days
MOST_TAKEN_BACK = 2  # of one finding
BASIS = "政务数据共享条例 第二十六条"
PREFIX = "JY"  # 异议


@dataclass(frozen=True)
class Disputed:
    """Which field of whom is not so, and what is so, in the words of whom it is about."""

    member_id: UUID
    item: Item
    key: FactKey
    statement: str = dataclasses.field(repr=False)


async def raise_dispute(
    db: WriteSession,
    actor: Actor,
    application_id: UUID,
    said: Disputed,
    evidence: Sequence[StoredFile] = (),
    *,
    in_force: bool = False,
) -> ReportDispute:
    """Take a dispute in: its agency has 10 working days for a correction, and is asked anew at once.

    The applicant disputes what was found about herself and the minors of the household, another adult what was found
    about him. Nothing is asked anew where the question is being put already.

    About who has withdrawn the authorisation no agency is written to. What it has wrong is then the office's to correct
    when asked to (`app/corrections`, 个人信息保护法 art. 46): it needs no authorisation, and has its day and an answer.

    `in_force`: the award that was granted is in force, as who calls has seen while the application was locked.

    Raises:
        ApplicationNotFound: there is none, or the citizen is not in it.
        VerificationClosed: it is neither between acceptance and decision, nor is its award in force.
        ReportNotIssued, FieldNotInReport: there is no report, or it has no such field.
        FindingOfAnother: it is about another adult.
        NothingToDispute: nothing was found that could be disputed.
        DisputeUnauthorised: the authorisation of whom it is about was withdrawn.
        DisputeAlreadyOpen: the field is disputed already.
        DisputeAnsweredBefore: the agency has upheld this very finding.
        DisputeTakenBack: it was disputed and taken back twice.
    """
    sight = await get_sight(db, actor, application_id)
    if said.member_id in sight.withheld:
        raise FindingOfAnother
    # Listed in another's household one sees none of its rows, nor the applicant what a minor disputes himself.
    async with db.wider():
        application = await get_application(db, SYSTEM, application_id, lock=True)
        granted = in_force and application.status == ApplicationStatus.APPROVED
        if application.status != ApplicationStatus.ACCEPTED and not granted:
            raise VerificationClosed
        return await _raise(db, actor, application, said, evidence)


async def _raise(
    db: WriteSession, actor: Actor, application: Application, said: Disputed, evidence: Sequence[StoredFile]
) -> ReportDispute:
    report = await find_current_report(db, application.id)
    if report is None:
        raise ReportNotIssued
    entry, field = _find(open_report(db, report), said)
    if entry.check is None or entry.outcome == "unavailable":
        raise NothingToDispute
    if field.found is None and field.difference is not Difference.MISSING:
        raise NothingToDispute
    if not await _is_authorised(db, application.id, said.member_id):
        raise DisputeUnauthorised
    await _require_new(db, application, said, field)
    dispute = await _keep(db, actor, application, report, entry, said)
    for file in evidence:
        await attach_evidence(db, actor, application, file)
    await ask_about(db, actor, application, dispute)
    await db.flush()
    await record_act(
        db,
        actor,
        "report.dispute",
        "application",
        application.id,
        row=dispute,
        case=dispute.case,
        dispute=str(dispute.id),
        item=said.item.value,
        partner=dispute.partner,
    )
    told = ReportDisputed(
        subject=application.id, county=application.county, applicant_id=actor.id, dispute_id=dispute.id
    )
    await record_event(db, told)
    return dispute


async def take_back_dispute(db: WriteSession, actor: Actor, application_id: UUID, dispute_id: UUID) -> ReportDispute:
    """Take a dispute back, so that nobody waits for an agency on its account; what was asked anew is still answered.

    Raises:
        ApplicationNotFound, DisputeNotFound: there is none, or it is not theirs.
        StepNotAllowed: it has its answer, or was taken back.
    """
    await get_sight(db, actor, application_id)
    found = await get_dispute(db, actor, dispute_id)
    async with db.wider():  # whether another of the household disputes something, too
        application = await get_application(db, SYSTEM, found.application_id, lock=True)
        dispute = await get_dispute(db, actor, dispute_id, lock=True)
        dispute.status = LIFECYCLE.step(dispute.status, Action.TAKE_BACK, actor.role).target
        await db.flush()
        await close_ticket(db, application, dispute.status)
        await record_act(
            db, actor, "report.take_back_dispute", "application", application.id, row=dispute, case=dispute.case
        )
    return dispute


async def ask_about(db: WriteSession, actor: Actor, application: Application, dispute: ReportDispute) -> None:
    """Put the question behind a dispute anew, and keep which one it is; nothing where nothing authorises it more."""
    check = await find_open_check(db, application.id, dispute.member_id, Item(dispute.item))
    if check is None:
        if application.status not in SERVED or not await _is_authorised(db, application.id, dispute.member_id):
            return
        (check,) = await ask_again(db, actor, application, [dispute.check_id])
    dispute.recheck_id = check.id
    # After a grant what is disputed alone is the county's to enter: that this is, shows by the dispute.
    await settle_entry(db, application, ASKED_AGAIN)


async def may_be_asked(db: ReadSession, dispute: ReportDispute) -> bool:
    """Say whether an agency may still be written to about a dispute: it waits for an answer, and whom it is about has
    not withdrawn the authorisation. Who acts on it holds the application, as who withdraws does."""
    return dispute.status in PENDING and await _is_authorised(db, dispute.application_id, dispute.member_id)


async def _is_authorised(db: ReadSession, application_id: UUID, member_id: UUID) -> bool:
    return live_authorisation(await get_whole_application(db, SYSTEM, application_id), member_id) is not None


async def take_up_unwritten(db: WriteSession, application: Application, dispute: ReportDispute) -> None:
    """Make a dispute the county's tasks that was taken in by a version that knew none of them: to send its letter, and
    to enter what is found out on paper. The application is locked by whoever calls."""
    if dispute.status in PENDING and dispute.sent_on is None:
        await open_step(db, application, StepKind.CORRECTION_LETTER)
        await settle_entry(db, application)


async def close_ticket(db: WriteSession, application: Application, outcome: Status, *, by: Actor | None = None) -> None:
    """Close the step of the timeline unless another ticket of the case is open, and the county's task of what was asked
    anew in vain; its row is locked."""
    if not await has_pending(db, application.id):
        await close_step(db, application, StepKind.REPORT_DISPUTE, outcome.value, by=by)
    await close_sending(db, application, outcome.value, by=by)
    await settle_entry(db, application, outcome.value, by=by)


async def close_sending(db: WriteSession, application: Application, outcome: str, *, by: Actor | None = None) -> None:
    """Close the county's task unless another letter of the case is still to be sent; its row is locked."""
    if not await has_unsent(db, application.id):
        await close_step(db, application, StepKind.CORRECTION_LETTER, outcome, by=by)


def _find(content: Content, said: Disputed) -> tuple[Entry, Field]:
    for person, entry in content.entries():
        if (person.member, entry.item) == (said.member_id, said.item):
            for field in entry.fields:
                if field.key is said.key:
                    return entry, field
            raise FieldNotInReport(faults=(Fault("/key", "not_expected", "in_report"),))
    raise FieldNotInReport(
        faults=(Fault("/member_id", "not_expected", "in_report"), Fault("/item", "not_expected", "in_report"))
    )


async def _require_new(db: WriteSession, application: Application, said: Disputed, field: Field) -> None:
    before = await list_of_field(db, application.id, said.member_id, said.item, said.key)
    if any(each.status in PENDING for each in before):
        raise DisputeAlreadyOpen
    upheld = next((each for each in before if each.status == Status.UPHELD), None)
    if upheld is not None and await _was_about(db, upheld, said, field):
        raise DisputeAnsweredBefore
    # While its agency has time to answer nobody is refused: taken back and raised anew, it would put that off for ever.
    taken_back = [each for each in before if each.status == Status.TAKEN_BACK]
    if len([each for each in taken_back if await _was_about(db, each, said, field)]) >= MOST_TAKEN_BACK:
        raise DisputeTakenBack


async def _was_about(db: WriteSession, dispute: ReportDispute, said: Disputed, field: Field) -> bool:
    disputed = await get_report(db, SYSTEM, dispute.report_id)
    return _find(open_report(db, disputed), said)[1].found == field.found


async def _keep(
    db: WriteSession, actor: Actor, application: Application, report: HouseholdReport, entry: Entry, said: Disputed
) -> ReportDispute:
    row_id, on = new_id(), today(db.clock)
    due = (await load_calendar(db, application.division)).add_working_days(on, ANSWER_DAYS)
    dispute = ReportDispute(
        id=row_id,
        county=application.county,
        division=application.division,
        application_id=application.id,
        citizen_id=actor.id,
        number=new_number(PREFIX, application.county, on),
        report_id=report.id,
        check_id=entry.check,
        member_id=said.member_id,
        item=said.item,
        key=said.key,
        partner=entry.source,
        statement_sealed=db.vault.seal(
            "report_disputes.statement", row_id, said.statement, division=application.county
        ),
        status=Status.OPEN,
        raised_at=db.clock.now(),
        due_on=due.on,
        due_provisional=due.provisional,
    )
    db.add(dispute)
    await db.flush()
    await open_step_until(db, application, StepKind.REPORT_DISPUTE, Responsible.AGENCIES, due, BASIS)
    # No agency has an interface for corrections: what reaches it is a letter, and that is the county's to send.
    await open_step(db, application, StepKind.CORRECTION_LETTER)
    return dispute
