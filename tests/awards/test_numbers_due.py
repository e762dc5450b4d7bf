"""Awards that were granted by numbers which had been replaced between opinion and decision are worked out once."""

import importlib.util
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.awards.jobs import recompute_due_awards
from app.awards.lifecycle import Outcome, Settlement
from app.awards.models import Award, AwardAmount, RecomputedAward
from app.awards.queries import get_amount_in
from tests.builders.payrolls import build_office, build_released, lines_of
from tests.builders.standards import build_in_force, build_judged, put_in_force, standard_draft

AMOUNT, BY_RULES, RAISED = 68_750, 55_000, 80_000
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
_MIGRATION = Path(__file__).parents[2] / "migrations/versions/2026_11_29_0951_numbers_since_the_opinion.py"


@pytest.fixture
async def award(database, clock, owner_connection):
    """Make an award whose opinion was given today, and which was confirmed ten days later, with nothing worked out."""
    async with database.unit_of_work() as db:
        award = await build_judged(db, from_month=DECEMBER)
    later = clock.now() + timedelta(days=10)
    await owner_connection.execute("UPDATE decisions SET decided_on = $1, decided_at = $2", later.date(), later)
    clock.advance(timedelta(days=2))
    return award


@pytest.fixture
def mark():
    """Return what the migration marks awards by."""
    spec = importlib.util.spec_from_file_location("migration", _MIGRATION)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return text(module.MARK)


async def amounts_of(database, award):
    async with database.reading() as db:
        return [await get_amount_in(db, award.id, month) for month in (DECEMBER, JANUARY)]


async def due(database):
    async with database.reading() as db:
        return set((await db.scalars(select(Award.id).where(Award.numbers_due))).all())


async def approve_alone(database, draft):
    """Put a change in force as if there were no award yet."""
    async with database.unit_of_work() as db:
        return await build_in_force(db, draft)


@pytest.mark.parametrize("since", [date(2026, 7, 1), date(2026, 11, 28), DECEMBER])
async def test_a_marked_award_is_worked_out_once_and_what_it_lacked_is_paid_once(database, clock, award, mark, since):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_released(db, office, DECEMBER)
    change = await approve_alone(database, standard_draft(valid_from=since))
    async with database.unit_of_work() as db:
        await db.execute(mark)
    assert await due(database) == {award.id}

    for _ in range(2):
        await recompute_due_awards(database)
        assert await due(database) == set()

    assert await amounts_of(database, award) == [RAISED, RAISED]
    async with database.reading() as db:
        [row] = (await db.scalars(select(AwardAmount))).all()
        [found] = (await db.scalars(select(RecomputedAward))).all()
    assert (row.change_id, found.change_id, found.outcome) == (change.id, change.id, Outcome.RAISED)
    clock.set(clock.now().replace(month=12, day=20))
    async with database.unit_of_work() as db:
        await db.execute(mark)
        payroll = await build_released(db, office, JANUARY)
    assert await due(database) == set()  # what it was worked out for marks it no more
    paid = sorted((line.month, line.amount_fen) for line in await lines_of(database, payroll))
    assert paid == [(DECEMBER, RAISED - AMOUNT), (JANUARY, RAISED)]


async def test_a_fall_of_then_waits_for_a_person(database, award, mark):
    await approve_alone(database, standard_draft(400_000, valid_from=DECEMBER))
    async with database.unit_of_work() as db:
        await db.execute(mark)

    await recompute_due_awards(database)

    async with database.reading() as db:
        [found] = (await db.scalars(select(RecomputedAward))).all()
    assert (found.outcome, found.from_month, found.after_fen, found.settlement) == (
        Outcome.TO_BE_HEARD,
        DECEMBER,
        BY_RULES,
        Settlement.OPEN,
    )
    assert await amounts_of(database, award) == [AMOUNT, AMOUNT]


async def test_who_was_worked_out_for_every_change_is_not_marked(database, award, mark):
    await put_in_force(database, standard_draft(valid_from=DECEMBER))
    async with database.unit_of_work() as db:
        await db.execute(mark)

    assert await due(database) == set()


async def test_a_change_that_was_known_long_before_the_opinion_marks_nobody(database, clock, mark):
    clock.advance(timedelta(days=-1))
    await approve_alone(database, standard_draft(valid_from=date(2026, 7, 1)))
    clock.advance(timedelta(days=1))
    async with database.unit_of_work() as db:
        await build_judged(db, from_month=DECEMBER)
        await db.execute(mark)

    assert await due(database) == set()
