"""Opening the checks of an accepted application."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.applications.household import live_authorisation
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application, Authorisation
from app.applications.queries import get_application, get_whole_application
from app.applications.supporter_queries import list_live_consents
from app.audit.commands import record_act
from app.core.clock import SHANGHAI, today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.events.commands import enqueue
from app.facts import Item
from app.identity.actors import SYSTEM
from app.partners.registry import partner_for
from app.reference.procedure import Mode, Procedure, Setting
from app.reference.term_queries import load_calendar, load_procedure
from app.verification.commands.cancelling import cancel_check
from app.verification.commands.entry import settle_entry
from app.verification.commands.reporting import conclude
from app.verification.expected import concerns, items_to_check, members_to_check
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.patience import DUE_WORKING_DAYS, GIVEN_UP_AFTER_DAYS, QUEUED
from app.verification.prefill import PREFILLING
from app.verification.queries import is_in_force, list_checks, list_supporters_checks
from app.verification.ways import further_items, mode_in, supporters_items

ASK_CHECKS = "ask_checks"  # the job that puts questions about one household
ASK_CHECK = "ask_check"  # the same of an earlier release, for one question
BY_SYSTEM = "system"  # the operator of what no member of staff asked for
FIRST_ROUND = 1


async def open_application_checks(db: WriteSession, application_id: UUID) -> list[Check]:
    """Put every needed item of every member down to be asked; what is down already stays as it is.

    A member without an authorisation in force is not asked about; the report will say so. Nothing to ask at all gives
    the report at once.

    Raises:
        ApplicationNotFound: there is none.
    """
    await get_application(db, SYSTEM, application_id, lock=True)
    application = await get_whole_application(db, SYSTEM, application_id)
    if application.status != ApplicationStatus.ACCEPTED:
        return []
    ways = await load_ways(db, application)
    known = {(check.member_id, check.item) for check in await _still_asked(db, application, ways.procedure)}
    items, opened = (*items_to_check(application), *further_items(ways.procedure)), []
    for member in members_to_check(db, application):
        authorisation = live_authorisation(application, member.id)
        if authorisation is None:
            continue
        missing = [item for item in items if (member.id, item) not in known and concerns(db, application, member, item)]
        opened += [new_check(db, application, authorisation, item, ways) for item in missing]
    if opened:
        db.add_all(opened)
        await record_act(
            db,
            SYSTEM,
            "checks.open",
            "application",
            application.id,
            case=application.case,
            program=application.program,
            count=len(opened),
        )
    await begin(db, application, opened)
    await conclude(db, application)
    await open_for_supporters(db, application, ways)
    return opened


async def open_for_supporters(db: WriteSession, application: Application, ways: "Ways") -> list[Check]:
    """Put down what is to be asked about those supporters outside the household who authorised it themselves; what is
    down already stays, unless it was cancelled. The household's report does not wait for it. The application is locked.
    """
    consents = await list_live_consents(db, application.id)
    if not consents:
        return []
    asked: defaultdict[tuple[UUID, Item], list[Check]] = defaultdict(list)
    for check in await list_supporters_checks(db, application.id):
        asked[check.member_id, Item(check.item)].append(check)
    opened = []
    for consent in consents:
        for item in supporters_items(ways.procedure):
            before = asked[consent.member_id, item]
            if all(check.status == Status.CANCELLED for check in before):
                round_ = FIRST_ROUND + len(before)
                opened.append(new_check(db, application, consent, item, ways, round_=round_))
                opened[-1].of_supporter = True
    if opened:
        db.add_all(opened)
        await record_act(
            db,
            SYSTEM,
            "checks.open",
            "application",
            application.id,
            case=application.case,
            program=application.program,
            count=len(opened),
            supporters=True,
        )
        await begin(db, application, opened)
    return opened


async def _still_asked(db: WriteSession, application: Application, procedure: Procedure) -> list[Check]:
    """Return the checks that need no other beside them. Of those that filled in the draft only answers that are fresh
    here, and were given on a signature in force, count; what was not answered is cancelled and asked anew."""
    standing = []
    for check in await list_checks(db, application.id):
        if check.round != PREFILLING:
            standing.append(check)
        elif check.status == Status.ANSWERED and check.answered_at is not None:
            fresh = check.answered_at > db.clock.now() - timedelta(days=procedure.fresh_days_of(check.item).value)
            if fresh and await is_in_force(db, check.authorisation_id):
                standing.append(check)
        elif check.status != Status.CANCELLED:
            await cancel_check(db, application, check)
    return standing


@dataclass(frozen=True)
class Ways:
    """How the place of a case asks about each item, and by when an answer is due that way."""

    procedure: Procedure
    due: date
    due_by_hand: date

    def mode_of(self, item: Item) -> Mode:
        """Return how an item is asked about."""
        return Mode(mode_in(self.procedure, item).value)


async def load_ways(db: WriteSession, application: Application) -> Ways:
    """Return the ways of the place of a case, as they are today."""
    on = today(db.clock)
    procedure = await load_procedure(db, application.division, on)
    calendar = await load_calendar(db, application.division)
    by_hand = calendar.add_working_days(on, procedure[Setting.MANUAL_ENTRY_DAYS].value).on
    return Ways(procedure, calendar.add_working_days(on, DUE_WORKING_DAYS).on, by_hand)


async def begin(db: WriteSession, application: Application, opened: Sequence[Check]) -> None:
    """Hand new questions to the queue, and those that are asked on paper to the county. What goes out by file waits
    for the next one."""
    await db.flush()
    if any(check.status == Status.AWAITING_ENTRY for check in opened):
        await settle_entry(db, application)
    at_once = [check for check in opened if check.status == Status.REQUESTED and check.mode != Mode.BATCH]
    await enqueue_questions(db, at_once)


def await_entry(check: Check, due: date) -> None:
    """Let a check wait for the county; so many days past its day it is given up, so that the report comes."""
    check.mode, check.due_on = Mode.MANUAL, due
    check.next_attempt_at = datetime.combine(due + timedelta(days=GIVEN_UP_AFTER_DAYS), time(), SHANGHAI)


async def due_for_answer(db: WriteSession, application: Application) -> date:
    """Return the day by which an agency that answers at once has been waited for."""
    calendar = await load_calendar(db, application.division)
    return calendar.add_working_days(today(db.clock), DUE_WORKING_DAYS).on


async def enqueue_asking(db: WriteSession, check: Check) -> None:
    """Hand the next attempt to the queue."""
    check.next_attempt_at = db.clock.now() + QUEUED
    await db.flush()
    await enqueue_questions(db, [check])


async def enqueue_questions(db: WriteSession, checks: Iterable[Check]) -> None:
    """Enqueue the next attempt of each check, as one job for each case: what is known of a household is read once, and
    its questions are out at the same time.

    The job names the attempts it stands for: the same job run twice, or a second job for the same attempt, asks once.
    """
    for payload in asking_by_case((check.application_id, check.id, check.attempts) for check in checks):
        await enqueue(db, ASK_CHECKS, payload)


def asking_by_case(attempts: Iterable[tuple[UUID, UUID, int]]) -> list[dict[str, str]]:
    """Return what the job of each case is told. `attempts`: application, check, and the number of the attempt."""
    by_case: defaultdict[UUID, list[str]] = defaultdict(list)
    for application_id, check_id, attempt in attempts:
        by_case[application_id].append(f"{check_id}:{attempt}")
    return [{"application": str(case), "attempts": " ".join(named)} for case, named in by_case.items()]


def new_check(
    db: WriteSession,
    application: Application,
    authorisation: Authorisation,
    item: Item,
    ways: Ways,
    *,
    round_: int = FIRST_ROUND,
    operator: str = BY_SYSTEM,
) -> Check:
    """Make the row of one question, to be put now, in the way of the place."""
    mode = ways.mode_of(item)
    by_hand = mode is Mode.MANUAL
    check = Check(
        id=new_id(),
        county=application.county,
        division=application.division,
        application_id=application.id,
        member_id=authorisation.member_id,
        item=item,
        round=round_,
        partner=partner_for(item),
        purpose=application.program,
        authorisation_id=authorisation.id,
        operator=operator,
        mode=mode,
        status=Status.AWAITING_ENTRY if by_hand else Status.REQUESTED,
        attempts=0,
        attempts_before=0,
        opened_at=db.clock.now(),
        next_attempt_at=db.clock.now() + (timedelta() if mode is Mode.BATCH else QUEUED),
        due_on=ways.due,
    )
    if by_hand:
        await_entry(check, ways.due_by_hand)
    return check
