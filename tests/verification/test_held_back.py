"""Questions to an agency that is down: held back without cost, spread over time, and never for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditRecord
from app.audit.purposes import ASKED
from app.facts import Item
from app.partners.base import HeldBack
from app.partners.calling.care import Care
from app.partners.calling.guarded import guard
from app.verification.commands.asking import keep_hold
from app.verification.jobs import pursue_checks
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.patience import PATIENCE as REAL_PATIENCE
from app.verification.queries import find_current_report, lock_check
from tests.builders.applications import build_household
from tests.builders.verification import (
    PATIENCE,
    Agencies,
    Case,
    answer_all,
    ask,
    build_agencies,
    build_opened,
    checks_of,
    find_check,
)

DOWN = "natural_resources"


def _guarded(agencies: Agencies) -> Agencies:
    """The same agencies, called with care: three failures in a row, and they are left alone for the rest of a test."""
    care = Care(tries=1, failures=3, rest=600.0)
    return Agencies({code: guard(fake, care) for code, fake in agencies.by_code.items() if hasattr(fake, "ask")})


async def _down(database) -> tuple[Agencies, Agencies, Case]:
    """Let an agency fail three times in a row, for the first three members."""
    fakes = build_agencies()
    called, case = _guarded(fakes), await build_opened(database)
    fakes.natural_resources.fail("timeout")
    for relation in ("self", "spouse", "child"):
        await ask(database, called, await find_check(database, case, Item.REAL_ESTATE, relation))
    assert len(fakes.natural_resources.asked) == 3
    return fakes, called, case


async def test_a_question_that_is_held_back_costs_no_attempt_and_is_put_later(database, clock):
    fakes, called, case = await _down(database)
    check = await find_check(database, case, Item.REAL_ESTATE)

    for _ in range(20):
        await ask(database, called, check)

    held = await find_check(database, case, Item.REAL_ESTATE)
    assert (held.status, held.attempts, held.last_failure) == (Status.REQUESTED, 1, "held_back")
    assert held.next_attempt_at > clock.now() + timedelta(minutes=10)
    assert len(fakes.natural_resources.asked) == 3


async def test_the_other_agencies_are_asked_meanwhile(database):
    _, called, case = await _down(database)

    await answer_all(database, _with_bank(called), case)

    waiting = {check.item for check in (await checks_of(database, case)).values() if check.status != Status.ANSWERED}
    assert waiting == {Item.REAL_ESTATE}


def _with_bank(called: Agencies) -> Agencies:
    """The guarded agencies, and the bank itself, whose call-backs a test makes."""
    return Agencies({**called.by_code, "banking": called.banking._partner})


async def test_what_was_never_asked_is_on_no_record_of_queries(database):
    _, called, _ = await _down(database)
    second = await build_opened(database, household=await _neighbours(database))
    check = await find_check(database, second, Item.REAL_ESTATE)

    await ask(database, called, check)

    held = await find_check(database, second, Item.REAL_ESTATE)
    assert (held.attempts, held.asked_at) == (0, None)
    assert await _recorded(database, held) == 0


async def test_questions_of_an_agency_that_returns_do_not_come_all_at_once(database, clock):
    _, called, case = await _down(database)
    check, times = await find_check(database, case, Item.REAL_ESTATE), set()

    for _ in range(10):
        await ask(database, called, check)
        times.add((await find_check(database, case, Item.REAL_ESTATE)).next_attempt_at)

    assert len(times) > 5


async def test_an_agency_that_returns_is_asked_again(database, clock):
    fakes, called, case = await _down(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    await ask(database, called, check)
    fakes.natural_resources.fail(None)
    clock.advance(timedelta(hours=2))

    await pursue_checks(database)
    await ask(database, fakes, await find_check(database, case, Item.REAL_ESTATE))

    assert (await find_check(database, case, Item.REAL_ESTATE)).status == Status.ANSWERED


async def test_past_its_day_an_agency_that_is_down_keeps_nobody_from_the_report(database, clock):
    fakes, called, case = await _down(database)
    await answer_all(database, _with_bank(called), case)
    clock.advance(timedelta(days=7))

    for _ in range(PATIENCE.overdue_attempts):
        for check in (await checks_of(database, case)).values():
            if check.status == Status.REQUESTED:
                await ask(database, called, check)

    given_up = [check for check in (await checks_of(database, case)).values() if check.status != Status.ANSWERED]
    assert {(check.item, check.status, check.outcome) for check in given_up} == {
        (Item.REAL_ESTATE, Status.UNAVAILABLE, None)
    }
    assert len(fakes.natural_resources.asked) == 3
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
    assert not report.complete


async def test_one_that_is_held_back_between_the_look_and_the_call_loses_nothing(database):
    class Held:
        async def ask(self, query):
            raise HeldBack(DOWN, 30.0)

    case = await build_opened(database)
    agencies = Agencies({**build_agencies().by_code, DOWN: Held()})

    await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))

    held = await find_check(database, case, Item.REAL_ESTATE)
    assert (held.status, held.attempts, held.last_failure) == (Status.REQUESTED, 0, "held_back")


@pytest.mark.parametrize("attempt", [1, 5])
async def test_word_of_an_attempt_that_another_overtook_changes_nothing(database, attempt: int):
    case = await build_opened(database)
    check = await find_check(database, case, Item.REAL_ESTATE)

    async with database.unit_of_work() as db:
        application, locked = await lock_check(db, check.id)
        await keep_hold(db, application, locked, attempt, HeldBack(DOWN, 30.0), PATIENCE)

    again = await find_check(database, case, Item.REAL_ESTATE)
    assert (again.version, again.next_attempt_at) == (check.version, check.next_attempt_at)


def test_what_has_waited_long_waits_in_longer_turns_up_to_half_an_hour():
    def longest(waited: timedelta) -> timedelta:
        return max(REAL_PATIENCE.pause_held_back(30.0, waited) for _ in range(500))

    assert longest(timedelta()) <= timedelta(seconds=60)
    assert timedelta(minutes=5) < longest(timedelta(hours=1)) <= timedelta(minutes=15, seconds=30)
    assert longest(timedelta(days=7)) <= timedelta(minutes=30, seconds=30)


def test_pauses_differ_from_question_to_question_and_are_never_longer_than_said():
    pauses = [REAL_PATIENCE.pause(3, dispatched=False, overdue=False) for _ in range(50)]

    assert len(set(pauses)) > 40
    assert timedelta(minutes=24) <= min(pauses) <= max(pauses) <= timedelta(minutes=30)


async def _neighbours(database):
    async with database.unit_of_work() as db:
        return await build_household(db)


async def _recorded(database, check: Check) -> int:
    query = select(func.count()).where(AuditRecord.action == ASKED, AuditRecord.object_id == check.id)
    async with database.reading() as db:
        return await db.scalar(query) or 0
