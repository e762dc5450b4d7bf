"""What was found before findings named their report gets the one that was the present one then; a match gets none. What
the release before cannot show is a review's on the way back, or nobody's task any more."""

import importlib.util
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, text

from app.awards.finding_models import AwardFinding
from app.campaigns.lifecycle import Kind
from app.facts import Answer, Fact, FactKey, Item, Outcome
from app.identity.actors import SYSTEM
from app.verification.commands import record_answer
from app.verification.lifecycle import OPEN
from app.verification.queries import list_checks
from tests.awards.test_disputed import dispute_it, reviewed
from tests.awards.test_late_answers import answer, build_granted_with_a_gap, findings, follow, review, task
from tests.builders.campaigns import begin, carry_on
from tests.builders.verification import AS_OF

_MIGRATION = Path(__file__).parents[2] / "migrations/versions/2026_11_29_1600_findings_of_late_answers.py"


def _statement(name: str) -> str:
    spec = importlib.util.spec_from_file_location("findings_of_late_answers", _MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(getattr(module, name))


async def _reports(database) -> dict[str, object]:
    async with database.reading() as db:
        query = select(AwardFinding).order_by(AwardFinding.id)
        return {row.found_by: row.report_id for row in (await db.execute(query)).scalars()}


async def test_a_finding_of_before_gets_the_report_there_was_when_it_was_found(database):
    granted, agencies = await reviewed(database)
    agencies.civil_affairs.learn(Item.DEATHS, granted.number("spouse"), {FactKey.DECEASED_ON: AS_OF}, AS_OF)
    database.clock.advance(timedelta(days=120))  # what the review was told is not fresh any more
    await carry_on(database, agencies, await begin(database, Kind.DEATH_MATCH))
    await dispute_it(database, granted)
    database.clock.advance(timedelta(days=1))
    async with database.reading() as db:
        (asked,) = [check for check in await list_checks(db, granted.case) if check.status in OPEN]
    none = {FactKey.VEHICLE_COUNT: Fact(FactKey.VEHICLE_COUNT, 0, "public_security", AS_OF)}
    async with database.unit_of_work() as db:  # a later report, in which nothing new was found yet
        await record_answer(db, SYSTEM, asked.id, Answer(Outcome.HIT, none))
    told = await _reports(database)
    async with database.unit_of_work() as db:
        await db.execute(text("UPDATE award_findings SET report_id = NULL"))
        await db.execute(text(_statement("_FILL")))

    assert await _reports(database) == told
    assert told["death_match"] is None
    assert told["yearly_review"] is not None


async def _downgraded(database) -> None:
    async with database.unit_of_work() as db:
        await db.execute(text(_statement("_AS_OF_REVIEWS")))
        await db.execute(text(_statement("_FORGET")))


async def test_on_the_way_back_what_a_review_found_as_well_stays_and_is_a_task(database):
    case, granted, agencies = await build_granted_with_a_gap(database)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    await follow(database)
    await review(database, granted, agencies, cars=3)

    await _downgraded(database)

    assert [found[0] for found in await findings(database, granted)] == ["yearly_review"]
    assert await task(database, granted) is not None


async def test_on_the_way_back_what_nobody_else_found_leaves_no_task_behind(database):
    case, granted, _ = await build_granted_with_a_gap(database)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    await follow(database)

    await _downgraded(database)

    assert await findings(database, granted) == []
    assert await task(database, granted) is None
