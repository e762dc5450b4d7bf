"""The picture of the agencies: attempts as they went, what waits, how reports agree, and who is told of silence."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.events.models import EventRecord
from app.facts import Answer, FactKey, Item
from app.identity.actors import SYSTEM, Actor, Role
from app.partners.base import HeldBack
from app.reference.commands import LocalParameter, put_parameter
from app.verification.agency_models import AgencyOutage, CheckAttempt, ReportTally
from app.verification.agency_queries import list_outages, read_health, read_items_health
from app.verification.commands import record_answer
from app.verification.jobs import watch_agencies
from app.verification.lifecycle import Status
from tests.builders.applications import COUNTY, VILLAGE
from tests.builders.people import build_staff
from tests.builders.verification import (
    AS_OF,
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
ELSEWHERE = "530622000000"


async def _attempts(database) -> list[CheckAttempt]:
    async with database.reading() as db:
        return list((await db.execute(select(CheckAttempt).order_by(CheckAttempt.id))).scalars())


async def _staff(database, role: Role = Role.SUPERVISOR, division: str = COUNTY) -> Actor:
    async with database.unit_of_work() as db:
        return await build_staff(db, role, division)


async def _health(database, actor: Actor, hours: int = 24):
    async with database.reading() as db:
        return await read_health(db, actor, database.clock.now() - timedelta(hours=hours))


async def _fail(database, agencies: Agencies, case: Case, times: int = 5) -> None:
    """Ask an agency that is down about the first member until it is given up, or so many times."""
    for _ in range(times):
        await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))


async def _outages(database) -> list[AgencyOutage]:
    async with database.reading() as db:
        return list((await db.execute(select(AgencyOutage).order_by(AgencyOutage.id))).scalars())


async def test_an_attempt_is_kept_with_what_came_of_it_and_names_nobody(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.public_security.learn(Item.VEHICLES, case.number("self"), {FactKey.VEHICLE_COUNT: 1}, AS_OF)
    agencies.natural_resources.fail("garbage")

    for item in (Item.VEHICLES, Item.INCOME, Item.DEPOSITS, Item.REAL_ESTATE):
        await ask(database, agencies, await find_check(database, case, item))

    kept = await _attempts(database)
    assert [(each.item, each.partner, each.outcome) for each in kept] == [
        (Item.VEHICLES, "public_security", "hit"),
        (Item.INCOME, "tax", "none"),
        (Item.DEPOSITS, "banking", "taken"),
        (Item.REAL_ESTATE, "natural_resources", "garbage"),
    ]
    check = await find_check(database, case, Item.VEHICLES)
    first = kept[0]
    assert (first.check_id, first.asked_at, first.division) == (check.id, clock.now(), VILLAGE)
    assert 0 <= first.took_ms < 60_000


async def test_what_was_held_back_was_no_attempt(database):
    class Held:
        async def ask(self, query):
            raise HeldBack(DOWN, 30.0)

    case = await build_opened(database)
    agencies = Agencies({**build_agencies().by_code, DOWN: Held()})

    await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))

    assert await _attempts(database) == []
    health = (await _health(database, await _staff(database)))[DOWN]
    assert (health.asked, health.open, health.held_back) == (0, 3, 1)


async def test_a_county_sees_latency_freshness_failures_and_what_waits(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    opened_at = clock.now()
    agencies.natural_resources.fail("timeout")
    await _fail(database, agencies, case, 2)
    agencies.natural_resources.fail("error")
    await _fail(database, agencies, case, 1)
    agencies.natural_resources.fail(None)
    clock.advance(timedelta(minutes=5))
    await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE, "spouse"))

    health = (await _health(database, await _staff(database)))[DOWN]

    assert (health.asked, health.answered, health.failures) == (4, 1, {"timeout": 2, "error": 1})
    assert (health.last_answered_at, health.open, health.oldest_open_since) == (clock.now(), 2, opened_at)
    assert 0 <= health.p50_ms <= health.p95_ms < 60_000
    assert health.silent_since is None


async def test_latency_is_that_of_answers_by_half_and_by_nineteen_in_twenty(database):
    case = await build_opened(database)
    check = await find_check(database, case, Item.INCOME)
    async with database.unit_of_work() as db:
        for number in range(101):
            db.add(_attempt(check, database, number, "none"))
        for number in range(50):
            db.add(_attempt(check, database, 5_000 + number, "timeout"))

    health = (await _health(database, await _staff(database)))["tax"]

    assert (health.p50_ms, health.p95_ms, health.asked, health.answered) == (50, 95, 151, 101)


def _attempt(check, database, took_ms: int, outcome: str) -> CheckAttempt:
    return CheckAttempt(
        id=new_id(),
        county=check.county,
        division=check.division,
        application_id=check.application_id,
        check_id=check.id,
        partner=check.partner,
        item=check.item,
        asked_at=database.clock.now(),
        took_ms=took_ms,
        outcome=outcome,
    )


async def test_only_what_is_recent_and_ones_own_is_counted(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    await ask(database, agencies, await find_check(database, case, Item.INCOME))
    clock.advance(timedelta(hours=30))

    county, away = await _staff(database), await _staff(database, division=ELSEWHERE)

    assert (await _health(database, county))["tax"].asked == 0
    assert (await _health(database, county, hours=31))["tax"].asked == 1
    assert await _health(database, away, hours=31) == {}


async def test_items_are_told_apart(database):
    agencies, case = build_agencies(), await build_opened(database)
    await ask(database, agencies, await find_check(database, case, Item.VEHICLES))
    actor = await _staff(database, Role.COUNTY_HANDLER)

    async with database.reading() as db:
        items = await read_items_health(db, actor, "public_security", database.clock.now() - timedelta(hours=1))

    assert {item: (each.asked, each.open) for item, each in items.items()} == {
        Item.HOUSEHOLD_REGISTER: (0, 3),
        Item.VEHICLES: (1, 2),
    }


@pytest.mark.parametrize("role", [Role.FINANCE, Role.VILLAGE_HELPER])
async def test_who_neither_decides_nor_supervises_is_not_told(database, role: Role):
    actor = await _staff(database, role)

    with pytest.raises(RoleNotAllowed):
        await _health(database, actor)


async def test_how_far_a_report_agrees_with_the_declaration_is_counted_by_agency(database):
    agencies = build_agencies()
    case = await build_opened(database)
    agencies.know(case.household)
    agencies.public_security.learn(Item.VEHICLES, case.number("self"), {FactKey.VEHICLE_COUNT: 1}, AS_OF)

    await answer_all(database, agencies, case)

    health = await _health(database, await _staff(database))
    # Name, birth and place of three people agree, and so do two of three counts of vehicles; one has a car unsaid.
    assert (health["public_security"].compared, health["public_security"].differing) == (12, 1)
    assert health["tax"].differing == 0
    assert "development_reform" not in {tally.partner for tally in await _tallies(database)}


async def _tallies(database) -> list[ReportTally]:
    async with database.reading() as db:
        return list((await db.execute(select(ReportTally))).scalars())


async def test_a_report_that_was_superseded_counts_no_longer(database):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.fail("error")
    await answer_all(database, agencies, case)
    for _ in range(6):
        for check in (await checks_of(database, case)).values():
            if check.status == Status.REQUESTED:
                await ask(database, agencies, check)
    before = (await _health(database, await _staff(database)))["tax"].compared
    agencies.natural_resources.fail(None)
    late = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        assert await record_answer(db, SYSTEM, late.id, Answer.none())

    assert (await _health(database, await _staff(database)))["tax"].compared == before > 0


async def test_an_agency_that_is_silent_for_a_day_and_five_attempts_is_told_of_once(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.fail("timeout")
    since = clock.now()
    await _fail(database, agencies, case)
    await watch_agencies(database)
    assert await _outages(database) == [], "a failure is no outage"

    clock.advance(timedelta(hours=24))
    await watch_agencies(database)
    await watch_agencies(database)

    (outage,) = await _outages(database)
    assert (outage.county, outage.division, outage.partner) == (COUNTY[:6], COUNTY, DOWN)
    assert (outage.silent_since, outage.waiting, outage.ended_at) == (since, 1, None)
    async with database.reading() as db:
        events = (await db.scalars(select(EventRecord).where(EventRecord.type == "agency.fell_silent"))).all()
        acts = (await db.scalars(select(AuditRecord).where(AuditRecord.action == "agency.fell_silent"))).all()
        seen = await list_outages(db, await _staff(database), DOWN, 10)
        away = await list_outages(db, await _staff(database, division=ELSEWHERE), DOWN, 10)
    assert [(event.subject, event.data) for event in events] == [(outage.id, {"partner": DOWN})]
    assert [act.detail["waiting"] for act in acts] == [1]
    assert ([each.id for each in seen], list(away)) == ([outage.id], [])
    assert (await _health(database, await _staff(database)))[DOWN].silent_since == since


async def test_few_failures_in_a_long_time_are_no_outage(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.fail("timeout")
    await _fail(database, agencies, case, 4)

    clock.advance(timedelta(days=2))
    await watch_agencies(database)

    assert await _outages(database) == []


async def test_an_answer_to_anybody_is_no_silence(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.fail("timeout")
    await _fail(database, agencies, case)
    agencies.natural_resources.fail(None)
    await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE, "spouse"))

    clock.advance(timedelta(days=2))
    await watch_agencies(database)

    assert await _outages(database) == []


async def test_what_was_given_up_still_waits_and_not_for_ever(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.fail("timeout")
    await _fail(database, agencies, case, 6)
    assert (await find_check(database, case, Item.REAL_ESTATE)).status == Status.UNAVAILABLE
    clock.advance(timedelta(days=2))

    await watch_agencies(database)

    assert [outage.waiting for outage in await _outages(database)] == [1]


async def test_where_nothing_waits_nobody_is_told(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.fail("timeout")
    await _fail(database, agencies, case, 6)

    clock.advance(timedelta(days=8))
    await watch_agencies(database)

    assert await _outages(database) == []


async def test_when_it_answers_again_that_is_told_once_and_a_second_silence_anew(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.fail("timeout")
    await _fail(database, agencies, case)
    clock.advance(timedelta(days=1))
    await watch_agencies(database)
    agencies.natural_resources.fail(None)
    await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE, "spouse"))

    await watch_agencies(database)
    await watch_agencies(database)

    (outage,) = await _outages(database)
    assert outage.ended_at == clock.now()
    async with database.reading() as db:
        told = (await db.scalars(select(EventRecord.type).where(EventRecord.type.startswith("agency.")))).all()
    assert sorted(told) == ["agency.answers_again", "agency.fell_silent"]
    assert (await _health(database, await _staff(database)))[DOWN].silent_since is None

    agencies.natural_resources.fail("refused")
    clock.advance(timedelta(minutes=1))
    for _ in range(5):
        await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE, "child"))
    clock.advance(timedelta(days=1))
    await watch_agencies(database)
    assert [each.ended_at is None for each in await _outages(database)] == [False, True]


async def test_a_place_says_how_long_is_too_long(database, clock):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.fail("timeout")
    await _fail(database, agencies, case, 2)
    async with database.unit_of_work() as db:
        for name, value in (("agency_silent_hours", 2), ("agency_silent_attempts", 2)):
            await put_parameter(
                db, LocalParameter("procedure", name, COUNTY, value, "测试规程第九条", clock.now().date())
            )

    clock.advance(timedelta(hours=2))
    await watch_agencies(database)

    assert len(await _outages(database)) == 1
