"""A county is reviewed while its agencies fail at random and whoever works is killed: nothing is lost, silence is none.

Small in the suite; `scripts/trial-campaign` runs it with 500 persons (TRIAL_PERSONS), and beside it the books of
100,000 persons (TRIAL_BOOKS), and prints what it measured. TRIAL_SEED repeats a run's choices.
"""

import asyncio
import contextlib
import os
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import func, select

from app.applications.commands import (
    MemberDetails,
    accept_application,
    edit_draft,
    put_member,
    put_payout_account,
    sign_authorisation,
    start_draft,
    submit_application,
)
from app.applications.models import Member
from app.campaigns.jobs import pursue_campaigns
from app.campaigns.lifecycle import Kind, Status
from app.core.age import full_years
from app.core.clock import today
from app.core.ids import new_id
from app.facts import Item
from app.identity.actors import SYSTEM, Actor, Role
from app.partners.banking.adapter import read_late_reply
from app.partners.base import PartnerUnavailable
from app.partners.calling.care import Care
from app.partners.calling.guarded import guard
from app.partners.registry import SINGLY
from app.sandbox.persons import Household as Family
from app.sandbox.population import crowd_household, crowd_size, find, grow, households
from app.verification.agency_models import CheckAttempt
from app.verification.commands import take_late_answer
from app.verification.commands.opening import asking_by_case
from app.verification.jobs import ask_checks
from app.verification.patience import Patience
from app.verification.putting import new_turn
from tests.builders.applications import ANSWERS, VILLAGE
from tests.builders.awards import Grant, build_award_of
from tests.builders.campaigns import (
    begin,
    campaign_of,
    counted,
    households_of,
    open_checks_put,
    progress,
    questions_of,
)
from tests.builders.people import build_citizen, build_staff
from tests.partners.expected import expected
from tests.sandbox.outside import Outside, served_sandbox

PERSONS = int(os.environ.get("TRIAL_PERSONS", "6"))
SEED = int(os.environ.get("TRIAL_SEED") or random.randrange(10**9))
FAILING = 0.3  # of the calls of every agency
UNDER_WAY = 16  # households at once
# As the product's, but for seconds: the clock is moved, and there is a limit to what a test may take.
PATIENCE = Patience(
    pauses=tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 80)),
    overdue_attempts=4,
    reminder=timedelta(minutes=10),
)
CARE = Care(tries=1, rest=0.05, queue=30.0)


@pytest_asyncio.fixture
async def outside(tmp_path: Path):
    async with served_sandbox(tmp_path) as running:
        # The sandbox is in this process, and began with as many as it has usually.
        grow(PERSONS * 2 if PERSONS > 50 else 0)
        yield running
    grow(0)


async def test_a_county_is_reviewed_while_agencies_fail_and_workers_are_killed(database, outside: Outside):
    print(f"\nseed {SEED}")
    chance = random.Random(SEED)
    persons = await _grant(database, PERSONS)
    campaign = await begin(database, Kind.YEARLY_REVIEW)
    asked = len(await questions_of(database, campaign))
    for number, agency in enumerate(SINGLY):
        await outside.fault(agency.code, ("error", "garbage")[number % 2], FAILING)
    partners = {
        agency.code: guard(agency(outside.connections[agency.code], outside.http), CARE)  # type: ignore[call-arg]
        for agency in SINGLY
    }

    began, cpu, killed, rounds = time.monotonic(), time.process_time(), 0, 0
    while (await campaign_of(database, campaign.id)).finished_at is None:
        rounds += 1
        assert rounds < 150 + PERSONS, await progress(database, campaign)
        soon = chance.uniform(0.005, 0.05) if rounds == 1 else chance.uniform(0.005, 0.6)
        deadline = soon if rounds == 1 or chance.random() < 0.2 else None
        killed += await _work(database, campaign, partners, outside, deadline)
        # In the end it is lost call-backs of banks that are waited for: they are reminded, and given up after ten days.
        open_ones = await open_checks_put(database, campaign)
        waits_for_banks = {each.status for each in open_ones} <= {"dispatched"}
        database.clock.advance(timedelta(hours=12) if waits_for_banks else timedelta(seconds=30))
    took, cpu = time.monotonic() - began, time.process_time() - cpu

    done = await progress(database, campaign)
    print(f"{persons} persons, {asked} questions over HTTP in {took:.0f} s ({cpu:.0f} s of our CPU), {rounds} rounds, ")
    print(f"killed {killed} times; agencies failed {await _failures(database)} of their attempts: {done}")
    assert killed > 0
    assert (await campaign_of(database, campaign.id)).status == Status.DONE
    assert done == await counted(database, campaign)
    assert sum(done.values()) == asked, "every question has come to its end"
    assert list(await open_checks_put(database, campaign)) == [], "and nothing is looked at for ever"
    await _hold_against_registers(database, campaign)
    assert {row.status for row in (await households_of(database, campaign)).values()} == {"settled"}


async def _work(database, campaign, partners: dict[str, Any], outside: Outside, deadline: float | None) -> int:
    """Do what a worker does in half a minute, and be killed after so many seconds; returns how often that was."""
    try:
        async with asyncio.timeout(deadline):
            await pursue_campaigns(database)
            await _ask(database, campaign, partners)
            await _take_call_backs(database, outside)
            await pursue_campaigns(database)
    except TimeoutError:
        return 1
    return 0


async def _ask(database, campaign, partners: dict[str, Any]) -> None:
    """Put what is due: the jobs of the queue, one for each household."""
    places, turn, now = asyncio.Semaphore(UNDER_WAY), new_turn(), database.clock.now()

    async def ask(payload: dict[str, str]) -> None:
        async with places:
            await ask_checks(database, payload, partners=partners, patience=PATIENCE, turn=turn)

    open_ones = await open_checks_put(database, campaign)
    due = [each for each in open_ones if each.attempts == 0 or each.next_attempt_at <= now]
    async with asyncio.TaskGroup() as group:
        for payload in asking_by_case((each.application_id, each.id, each.attempts) for each in due):
            group.create_task(ask(payload))


async def _take_call_backs(database, outside: Outside) -> None:
    while outside.received:
        with contextlib.suppress(PartnerUnavailable):  # what cannot be read is no answer
            late = read_late_reply(outside.received[0].content)
            async with database.unit_of_work() as db:
                await take_late_answer(db, Actor(SYSTEM.id, Role.PARTNER), "banking", late)
        outside.received.pop(0)


async def _failures(database) -> str:
    async with database.reading() as db:
        by_outcome = select(CheckAttempt.outcome, func.count()).group_by(CheckAttempt.outcome)
        outcomes = dict((await db.execute(by_outcome)).all())
    failed = sum(number for outcome, number in outcomes.items() if outcome not in ("hit", "none", "taken"))
    return f"{failed} of {sum(outcomes.values())}"


async def _hold_against_registers(database, campaign) -> None:
    """What was counted as no record is none, what was found is there; what was not answered says neither."""
    on = today(database.clock)
    async with database.reading() as db:
        numbers = {
            row.id: db.vault.open("members.id_number", row.id, row.id_number_sealed)
            for row in (await db.execute(select(Member))).scalars()
        }
    for question in await questions_of(database, campaign):
        person = find(numbers[question.member_id])
        assert person is not None
        known = expected(person, Item(question.item), on) is not None
        if question.status in ("answered", "none"):
            assert (question.status == "answered") == known, (question.item, question.status)
        else:
            assert question.status == "unavailable"


async def _grant(database, persons: int) -> int:
    """Give awards to families that all registers know; returns how many persons they have."""
    granted = 0
    for family in _families():
        if granted < persons and family.head.deceased_on is None:
            await _grant_to(database, family)
            granted += len(family.members)
    return granted


def _families() -> Iterator[Family]:
    """Go through all families there are; of the crowd's numbers some belong to others."""
    yield from households()
    for number in range(crowd_size()):
        with contextlib.suppress(IndexError):
            yield crowd_household(number)


async def _grant_to(database, family: Family) -> None:
    head, on = family.head, today(database.clock)
    members = [(new_id(), person) for person in family.members]
    async with database.unit_of_work() as db:
        actor = await build_citizen(db, name=head.name, id_number=head.id_number)
        application = await start_draft(db, actor, "living_allowance", VILLAGE)
        await put_payout_account(db, actor, bank_code="RCC", account="9900001234567890128")
        edited = {"answers": ANSWERS, "address": "测试村一组1号"}
        await edit_draft(db, actor, application.id, edited, seen=application.version)
        for member_id, person in members:
            details = MemberDetails(person.relation, person.name, person.id_number)
            await put_member(db, actor, application.id, member_id, details, seen=application.version)
        for member_id, person in members:
            if full_years(person.birth_date, on) >= 18:
                await sign_authorisation(
                    db,
                    actor,
                    application.id,
                    member_id,
                    signer_member_id=member_id,
                    signer_name=person.name,
                    signer_id_number=person.id_number,
                )
        await submit_application(db, actor, application.id, truth_promised=True)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, VILLAGE[:9] + "000")
        await accept_application(db, handler, application.id, relative_of_staff=False)
        await build_award_of(db, application, Grant())
