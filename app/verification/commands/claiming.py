"""Asking agencies about a household: what happens in the database before the calls, for all that is put together.

The calls are made in `putting.py`, outside any transaction. Each attempt is counted before its call, so that a worker
that dies over it cannot ask for ever.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.applications.household import APPLICANT, id_number_of, name_of
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application, Member
from app.audit.commands import record_acts
from app.audit.purposes import ASKED as ASKED_ACT
from app.audit.subjects import Case
from app.core.clock import today
from app.core.db import WriteSession
from app.facts import Item
from app.identity.actors import SYSTEM
from app.partners.base import Query
from app.reference.procedure import Mode
from app.verification.commands.asking import give_up, hold, is_exhausted, is_overdue
from app.verification.commands.cancelling import cancel_check, served_in
from app.verification.commands.reporting import settle
from app.verification.commands.using import find_other_accounts, use_fresh_answers
from app.verification.dispute_queries import is_recheck
from app.verification.expected import registered_elsewhere
from app.verification.group_queries import (
    Place,
    count_attempts,
    list_in_force,
    lock_checks,
    members_of,
    put_off,
    take_needs,
)
from app.verification.lifecycle import LIFECYCLE, OPEN, Action, Status
from app.verification.models import Check
from app.verification.patience import ANOTHER_ASKS, GIVEN_UP_AFTER_DAYS, UNDER_WAY, Patience
from app.verification.prefill import PREFILLING


@dataclass(frozen=True)
class Claimed:
    """A question to be put now, to whom, and for which case. `attempt`: how many there were before."""

    partner: str
    query: Query
    at: datetime
    attempt: int
    application_id: UUID
    county: str
    division: str


def _never(_partner: str) -> float:
    return 0.0


def _none(_partner: str) -> bool:
    return False


async def claim_checks(
    db: WriteSession,
    application_id: UUID,
    attempts: Mapping[UUID, int],
    patience: Patience,
    held_back_for: Callable[[str], float] = _never,
    is_unconnected: Callable[[str], bool] = _none,
) -> list[Claimed]:
    """Count for each check of a case the attempt that is named by its number, and return what to ask.

    Nothing is asked under a check whose attempt was made already, which is no longer open, which may no longer be asked
    (it is cancelled), of which patience is exhausted (it is given up), for which another case has a fresh answer about
    the same person (it is used) or is asking (it is waited for), or whose agency is not asked for some seconds
    (`held_back_for` its code): these cost no attempt. Past its day a question is put, and counted, whatever comes of
    it: an agency that is down for weeks must not keep a household from its report. Only one that there is no connection
    with (`is_unconnected`) is put none: it waits to be given to the county, or, asked while there was one, is given up.

    Raises:
        CheckNotFound: there is no such application.
    """
    application, checks = await lock_checks(db, application_id, attempts)
    meant = [
        check
        for check in checks
        if check.status in OPEN and check.attempts == attempts[check.id] and check.mode != Mode.BATCH
    ]
    if not meant:
        return []
    in_force = await list_in_force(db, application_id)
    wanted = [
        check
        for check in meant
        if await is_to_be_put(
            db,
            application,
            check,
            in_force,
            exhausted=is_exhausted(db, check, patience) or _is_past_reminding(db, check, is_unconnected),
        )
    ]
    if not wanted:
        return []
    members = await members_of(db, application_id)
    wanted = await use_fresh_answers(db, application, wanted, members)
    put = await _take(db, wanted, members, held_back_for, is_unconnected, patience)
    return await _count(db, application, put, members, db.clock.now() + UNDER_WAY) if put else []


def _is_past_reminding(db: WriteSession, check: Check, is_unconnected: Callable[[str], bool]) -> bool:
    """Say whether an agency took a question, has not answered by its day, and cannot be asked again."""
    return check.status == Status.DISPATCHED and is_overdue(db, check) and is_unconnected(check.partner)


async def member_to_ask_about(db: WriteSession, application: Application, check: Check) -> Member | None:
    """Return whom a question is about that is to go out by file now; else it is seen to as `claim_checks` says. Check
    and application are locked."""
    in_force = await list_in_force(db, application.id)
    if not await is_to_be_put(db, application, check, in_force, exhausted=False):
        return None
    members = await members_of(db, application.id)
    member = members[check.member_id]
    if not await use_fresh_answers(db, application, [check], members):
        return None
    if check.id not in await take_needs(db, {(member.id_number_index, Item(check.item)): check}):
        check.next_attempt_at = db.clock.now() + ANOTHER_ASKS
        await db.flush()
        return None
    return member


async def count_attempt(db: WriteSession, application: Application, check: Check, member: Member) -> Claimed:
    """Count one more attempt at a question that goes out by file, before it is made, and return what is asked. When it
    is looked at again is its file's to say."""
    [claimed] = await _count(db, application, [check], {member.id: member}, check.next_attempt_at)
    return claimed


async def _is_its_time(db: WriteSession, application: Application, check: Check) -> bool:
    """Say whether a question is put in the present status of its application. After the decision nothing new is asked,
    unless by a campaign, or because what was found is disputed while the award is in force."""
    if check.campaign_id is not None:
        return application.status == ApplicationStatus.APPROVED
    if check.round == PREFILLING:
        return application.status == ApplicationStatus.DRAFT
    if application.status == ApplicationStatus.APPROVED:
        return await is_recheck(db, check.id)
    return application.status == ApplicationStatus.ACCEPTED


async def is_to_be_put(
    db: WriteSession, application: Application, check: Check, in_force: frozenset[UUID], *, exhausted: bool
) -> bool:
    """Say whether a check is still to be asked: for a case that waits for it, on an authorisation `in_force`; else it
    is seen to. Check and application are locked."""
    if check.status == Status.AWAITING_ENTRY:
        if today(db.clock) >= check.due_on + timedelta(days=GIVEN_UP_AFTER_DAYS):
            await give_up(db, application, check)
        return False
    if application.status not in served_in(check) or check.authorisation_id not in in_force:
        await cancel_check(db, application, check)
        await settle(db, application, check)
        return False
    # Too late to be asked, an answer on its way is still taken.
    if exhausted or not await _is_its_time(db, application, check):
        await give_up(db, application, check)
        return False
    return True


async def _take(
    db: WriteSession,
    wanted: Sequence[Check],
    members: Mapping[UUID, Member],
    held_back_for: Callable[[str], float],
    is_unconnected: Callable[[str], bool],
    patience: Patience,
) -> list[Check]:
    """Return those that nobody else asks about and whose agency is asked at present; the others are put off."""
    places: dict[Place, Check] = {}
    for check in wanted:
        places.setdefault((members[check.member_id].id_number_index, Item(check.item)), check)
    taken, put = await take_needs(db, places), []
    waiting = [check.id for check in wanted if check.id not in taken]
    if waiting:
        await put_off(db, waiting, db.clock.now() + ANOTHER_ASKS)
    for check in wanted:
        if check.id in taken:
            put_anyway = is_overdue(db, check) and not is_unconnected(check.partner)
            seconds = 0.0 if put_anyway else held_back_for(check.partner)
            if seconds > 0:
                hold(db, check, seconds, patience)
            else:
                put.append(check)
    await db.flush()
    return put


async def _count(
    db: WriteSession,
    application: Application,
    put: Sequence[Check],
    members: Mapping[UUID, Member],
    again: datetime | None,
) -> list[Claimed]:
    """Count the attempts, which are looked at `again`, and keep on record what is asked for the first time."""
    await _record_asking(db, application, [check for check in put if check.asked_at is None], members)
    now = db.clock.now()
    for check in put:
        LIFECYCLE.step(check.status, Action.ASK, SYSTEM.role)  # where it leads, it is already
    await count_attempts(db, [check.id for check in put], now, again)
    people = {
        member: (id_number_of(db, members[member]), name_of(db, members[member]))
        for member in {check.member_id for check in put}
    }
    return [
        Claimed(
            partner=check.partner,
            query=_query(
                application, check, *people[check.member_id], _where(db, application, check, members[check.member_id])
            ),
            at=now,
            attempt=check.attempts,
            application_id=check.application_id,
            county=check.county,
            division=check.division,
        )
        for check in put
    ]


async def _record_asking(
    db: WriteSession, application: Application, asked: Sequence[Check], members: Mapping[UUID, Member]
) -> None:
    """Keep that shared data are used: what of whom is asked from which agency, on which authorisation. Once a check,
    and longer than the case itself (政务数据共享条例). Another adult of the household reads of it in records of his
    own: he was typed in by the applicant, and may know nothing of it. About a supporter it is told to him alone."""
    said: dict[UUID, dict[str, Any]] = {
        check.id: {
            "item": check.item,
            "partner": check.partner,
            "member": str(check.member_id),
            "authorisation": str(check.authorisation_id),
            "operator": check.operator,
            **({"campaign": str(check.campaign_id)} if check.campaign_id else {}),
        }
        for check in asked
    }
    of_household = {check.id: said[check.id] for check in asked if not check.of_supporter}
    of_supporters = {check.id: said[check.id] for check in asked if check.of_supporter}
    nobodys = application.case._replace(citizen_id=None)
    await record_acts(db, SYSTEM, ASKED_ACT, "check", of_household, case=application.case)
    await record_acts(db, SYSTEM, ASKED_ACT, "check", of_supporters, case=nobodys)
    others = {
        check.member_id for check in asked if check.of_supporter or members[check.member_id].relation != APPLICANT
    }
    accounts = await find_other_accounts(db, application, {each: members[each] for each in others}) if others else {}
    for member_id, account in accounts.items():
        own = {check.id: said[check.id] for check in asked if check.member_id == member_id}
        await record_acts(db, SYSTEM, ASKED_ACT, "check", own, case=Case(None, account, application.county))


def _where(db: WriteSession, application: Application, check: Check, member: Member) -> str | None:
    """Return where to a question is to be passed on; of all others nobody is told."""
    return registered_elsewhere(db, application, member) if check.item == Item.OTHER_PROVINCE else None


def _query(application: Application, check: Check, id_number: str, name: str, registered_in: str | None) -> Query:
    return Query(
        reference=check.id,
        item=Item(check.item),
        id_number=id_number,
        name=name,
        purpose=check.purpose,
        case=application.number or str(application.id),  # a draft has no number yet
        authorisation=str(check.authorisation_id),
        operator=check.operator,
        registered_in=registered_in,
    )
