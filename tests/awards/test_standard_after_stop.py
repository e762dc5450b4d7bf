"""A standard published after a stop: what it gives for the months until then may still be owed, and nothing else is
done about the award."""

import pytest
from sqlalchemy import select

from app.awards.adjusting import (
    Lower,
    keep_award,
    propose_adjustment,
    reject_adjustment,
)
from app.awards.errors import AdjustmentInvalid, AdjustmentOpen
from app.awards.events import AwardIncreased
from app.awards.lifecycle import Action, AdjustGround, Settlement
from app.awards.naming import whose
from app.awards.queries import get_award
from app.core.errors import StepNotAllowed
from app.identity.actors import SYSTEM
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from tests.awards.amounts import found_for, ordered, reduce
from tests.awards.standard_by_hand import (
    APRIL,
    DECEMBER,
    DUE,
    FEBRUARY,
    JANUARY,
    LOWER,
    MARCH,
    NOVEMBER,
    approve,
    by_standard,
    in_march,
    is_a_task,
    offered,
    propose,
    raise_by_standard,
    stop,
    waiting,
)
from tests.builders.standards import build_judged, put_in_force, standard_draft


@pytest.fixture
async def stopped(database, office, award, clock):
    """Lower the award by hand from December, pay and stop it with February, and publish then a standard valid since
    December."""
    await reduce(database, office, award, DECEMBER)
    for month in (DECEMBER, JANUARY, FEBRUARY):
        clock.set(clock.now().replace(year=month.year, month=month.month, day=1))
        await ordered(database, office, month)
    await stop(database, office, award, FEBRUARY)
    assert await offered(database, office, award) == [set(), set()]
    in_march(clock)
    return await put_in_force(database, standard_draft(valid_from=DECEMBER))


async def test_what_a_stopped_award_is_owed_until_its_last_month_is_paid_once(
    database,
    office,
    award,
    stopped,
    clock,
):
    assert (await is_a_task(database, award), await offered(database, office, award)) == (
        True,
        [{Action.ADJUST}, {Action.KEEP}],
    )
    await propose(database, office, award)
    assert await offered(database, office, award) == [set(), {Action.DECIDE}]
    with pytest.raises(AdjustmentOpen):
        async with database.unit_of_work() as db:
            await keep_award(db, office.confirmer, award.id, reason="测试")

    decided = await approve(database, office, award)

    async with database.reading() as db:
        row = await get_award(db, SYSTEM, award.id)
    assert (row.status, row.to_month) == ("stopped", FEBRUARY)
    assert (await is_a_task(database, award), await offered(database, office, award)) == (False, [set(), set()])
    months = [(month, DUE - LOWER) for month in (DECEMBER, JANUARY, FEBRUARY)]
    assert await ordered(database, office, MARCH) == months
    async with database.unit_of_work() as db:
        await build_judged(db, from_month=APRIL)  # another household, so that there is something to pay
    assert all(month == APRIL for month, _ in await ordered(database, office, APRIL))
    event = AwardIncreased(**whose(award), adjustment_id=decided.id, ground=decided.ground, from_month="2026-12")
    await write_letter(database, event)
    async with database.reading() as db:
        body = open_letter(db, (await db.scalars(select(Letter))).one())
    assert "该待遇发至2027年2月止，以后月份不再发放。" in body["after"]


async def test_a_stopped_award_is_only_raised_by_what_waits_and_until_its_last_month(
    database,
    office,
    award,
    stopped,
):
    for what, codes in (
        (by_standard(from_month=MARCH), ["raise_month_out_of_range"]),
        (by_standard(ground=AdjustGround.INCOME), ["gives_no_more", "raise_month_out_of_range"]),
    ):
        with pytest.raises(AdjustmentInvalid) as refused:
            await propose(database, office, award, what)
        assert [fault.code for fault in refused.value.faults] == codes
    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await propose_adjustment(
                db, office.handler, award.id, Lower(AdjustGround.INCOME, LOWER - 1, APRIL, "成员就业，收入增加（测试）")
            )


async def test_a_stopped_award_may_be_kept_as_it_was_and_then_nothing_is_done_about_it(
    database,
    office,
    award,
    stopped,
):
    await propose(database, office, award)
    async with database.unit_of_work() as db:
        await reject_adjustment(db, office.confirmer, award.id, reason="金额有误（测试）")
    assert await is_a_task(database, award)

    async with database.unit_of_work() as db:
        await keep_award(db, office.confirmer, award.id, reason="按核定收入不应增加（测试）")

    assert (await found_for(database, stopped, award)).settlement == Settlement.KEPT
    assert (await is_a_task(database, award), await offered(database, office, award)) == (False, [set(), set()])
    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await keep_award(db, office.confirmer, award.id, reason="测试")
    with pytest.raises(StepNotAllowed):
        await propose(database, office, award)


async def test_what_waits_of_an_award_that_is_then_stopped_waits_on_until_its_last_month(
    database,
    office,
    award,
    late,
):
    await stop(database, office, award, MARCH)

    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2026-12", LOWER)], True)
    await raise_by_standard(database, office, award)
    months = [(month, DUE - LOWER) for month in (DECEMBER, JANUARY, FEBRUARY, MARCH)]
    assert await ordered(database, office, APRIL) == months


async def test_a_stop_before_the_month_that_waits_leaves_nothing_to_decide(database, office, award, late):
    await stop(database, office, award, NOVEMBER)

    assert (await found_for(database, late, award)).settlement == Settlement.STOPPED
    assert not await is_a_task(database, award)
