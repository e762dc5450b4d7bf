"""Agencies that are dead in ways that are hard to see: they take questions and never answer, answer about one item and
not about another, or are asked by few."""

from datetime import timedelta

from sqlalchemy import select

from app.core.clock import today
from app.facts import Item
from app.identity.actors import Actor, Role
from app.partners.base import PartnerUnavailable
from app.reference.commands import LocalParameter, put_parameter
from app.verification.agency_models import AgencyOutage
from app.verification.agency_queries import Health, read_health
from app.verification.jobs import reroute_owed_answers, watch_agencies
from app.verification.lifecycle import Status
from app.verification.patience import PATIENCE as REAL_PATIENCE
from tests.builders.applications import COUNTY
from tests.builders.people import build_staff
from tests.builders.verification import Case, ask, build_agencies, build_opened, call_back, find_check

BANK, POLICE = "banking", "public_security"
_DAY_MS = 24 * 3_600 * 1_000


async def _health(database, partner: str) -> Health:
    """How an agency was in the last thirty days, as its county sees it."""
    async with database.unit_of_work() as db:
        supervisor: Actor = await build_staff(db, Role.SUPERVISOR, COUNTY)
        return (await read_health(db, supervisor, database.clock.now() - timedelta(days=30)))[partner]


async def _outages(database) -> list[AgencyOutage]:
    async with database.reading() as db:
        return list((await db.execute(select(AgencyOutage).order_by(AgencyOutage.id))).scalars())


async def _rule_that_it_is_rerouted(database, clock) -> None:
    async with database.unit_of_work() as db:
        ruled = LocalParameter(
            "procedure", "agency_silent_rerouted", COUNTY, True, "测试规程第九条", clock.now().date()
        )
        await put_parameter(db, ruled)


async def _taken_and_reminded(database, clock, agencies) -> Case:
    """The bank takes the only question there is, and is reminded after three days."""
    case = await build_opened(database)
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))
    clock.advance(timedelta(days=3))
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))
    return case


async def test_a_question_that_was_taken_is_not_answered_yet(database):
    agencies, case = build_agencies(), await build_opened(database)
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))

    health = await _health(database, BANK)

    assert (health.asked, health.taken, health.answered, health.failures) == (1, 1, 0, {})
    assert (health.p50_ms, health.last_answered_at) == (None, None)


async def test_a_call_back_is_an_answer_as_old_as_its_question(database, clock):
    agencies = build_agencies()
    case = await _taken_and_reminded(database, clock, agencies)
    clock.advance(timedelta(days=1))

    assert await call_back(database, agencies, await find_check(database, case, Item.DEPOSITS))
    assert not await call_back(database, agencies, await find_check(database, case, Item.DEPOSITS))

    health = await _health(database, BANK)
    assert (health.asked, health.taken, health.answered) == (2, 2, 1)
    assert (health.p50_ms, health.last_answered_at) == (4 * _DAY_MS, clock.now())


async def test_a_bank_that_takes_questions_and_never_answers_is_silent_however_few_they_are(database, clock):
    agencies, since = build_agencies(), clock.now()
    await _taken_and_reminded(database, clock, agencies)
    await watch_agencies(database)
    assert await _outages(database) == [], "banks answer in days"

    clock.advance(timedelta(days=2))
    await watch_agencies(database)

    (outage,) = await _outages(database)
    assert (outage.partner, outage.silent_since, outage.waiting, outage.ended_at) == (BANK, since, 1, None)
    assert (await _health(database, BANK)).silent_since == since


async def test_what_it_took_last_is_no_sign_of_life_and_a_call_back_is(database, clock):
    agencies = build_agencies()
    case = await _taken_and_reminded(database, clock, agencies)
    clock.advance(timedelta(days=2))
    await watch_agencies(database)
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS, "spouse"))
    await watch_agencies(database)
    assert [outage.ended_at for outage in await _outages(database)] == [None]

    await call_back(database, agencies, await find_check(database, case, Item.DEPOSITS, "spouse"))
    await watch_agencies(database)

    assert [outage.ended_at for outage in await _outages(database)] == [clock.now()]
    assert (await _health(database, BANK)).silent_since is None


async def test_what_it_took_and_owes_is_rerouted_where_the_place_rules_so(database, clock):
    agencies = build_agencies()
    case = await _taken_and_reminded(database, clock, agencies)
    clock.advance(timedelta(days=2))
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS, "spouse"))
    await watch_agencies(database)
    await _rule_that_it_is_rerouted(database, clock)

    await reroute_owed_answers(database)

    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.AWAITING_ENTRY
    spouse = await find_check(database, case, Item.DEPOSITS, "spouse")
    assert spouse.status == Status.DISPATCHED, "which it may answer yet"


async def test_where_one_household_waits_a_dead_agency_is_told_of_before_it_is_given_up(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.fail("timeout")
    began = clock.now()

    check = await find_check(database, case, Item.REAL_ESTATE)
    while clock.now() < began + timedelta(hours=24):
        await ask(database, agencies, check, REAL_PATIENCE)
        check = await find_check(database, case, Item.REAL_ESTATE)
        clock.advance(check.next_attempt_at - clock.now())
    await watch_agencies(database)
    assert [(outage.silent_since, outage.waiting) for outage in await _outages(database)] == [(began, 1)]

    while check.status == Status.REQUESTED:
        await ask(database, agencies, check, REAL_PATIENCE)
        check = await find_check(database, case, Item.REAL_ESTATE)
        clock.advance((check.next_attempt_at or clock.now()) - clock.now())
    assert check.status == Status.UNAVAILABLE
    assert check.due_on < today(clock) <= check.due_on + timedelta(days=2), (
        "its day, and the pause over which it passed"
    )


async def _one_item_dead(database, clock, agencies) -> Case:
    """Vehicles are not answered for a day, while the same agency's register answers."""
    case, answer = await build_opened(database), agencies.public_security.ask

    async def ask_of(query):
        if query.item == Item.VEHICLES:
            raise PartnerUnavailable("public_security", "timeout")
        return await answer(query)

    agencies.public_security.ask = ask_of
    for _ in range(5):
        await ask(database, agencies, await find_check(database, case, Item.VEHICLES))
    clock.advance(timedelta(hours=24))
    return case


async def test_an_agency_that_is_dead_about_one_item_is_silent_about_that(database, clock):
    agencies, since = build_agencies(), clock.now()
    case = await _one_item_dead(database, clock, agencies)
    await ask(database, agencies, await find_check(database, case, Item.HOUSEHOLD_REGISTER))
    for _ in range(2):
        await watch_agencies(database)

    (outage,) = await _outages(database)
    assert (outage.partner, outage.item, outage.silent_since, outage.waiting) == (POLICE, Item.VEHICLES, since, 1)
    health = await _health(database, POLICE)
    assert (health.silent_since, list(health.silent_items)) == (None, [Item.VEHICLES])


async def test_it_is_named_as_well_where_nothing_else_is_asked(database, clock):
    agencies = build_agencies()
    await _one_item_dead(database, clock, agencies)
    await watch_agencies(database)

    assert [(outage.partner, outage.item) for outage in await _outages(database)] == [(POLICE, Item.VEHICLES)]


async def test_an_agency_that_is_dead_about_all_it_is_asked_is_silent_as_a_whole(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.public_security.fail("error")
    for _ in range(3):
        for item in (Item.VEHICLES, Item.HOUSEHOLD_REGISTER):
            await ask(database, agencies, await find_check(database, case, item))
    clock.advance(timedelta(hours=24))
    for _ in range(2):
        await watch_agencies(database)

    assert [(outage.partner, outage.item, outage.waiting) for outage in await _outages(database)] == [(POLICE, "", 2)]


async def test_about_one_item_it_answers_again_when_it_answers_about_that(database, clock):
    agencies = build_agencies()
    case = await _one_item_dead(database, clock, agencies)
    await watch_agencies(database)
    await ask(database, agencies, await find_check(database, case, Item.HOUSEHOLD_REGISTER))
    await watch_agencies(database)
    assert [outage.ended_at for outage in await _outages(database)] == [None]

    del agencies.public_security.ask
    await ask(database, agencies, await find_check(database, case, Item.VEHICLES, "spouse"))
    await watch_agencies(database)

    assert [outage.ended_at for outage in await _outages(database)] == [clock.now()]


async def test_only_what_the_silent_item_owes_is_rerouted(database, clock):
    agencies = build_agencies()
    case = await _one_item_dead(database, clock, agencies)
    agencies.natural_resources.fail("timeout")
    await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))
    await watch_agencies(database)
    await _rule_that_it_is_rerouted(database, clock)

    await reroute_owed_answers(database)

    assert (await find_check(database, case, Item.VEHICLES)).status == Status.AWAITING_ENTRY
    assert (await find_check(database, case, Item.REAL_ESTATE)).status == Status.REQUESTED
