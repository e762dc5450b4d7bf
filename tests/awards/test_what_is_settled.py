"""What a decision settles of that which was found about an award: what it names, and nothing that came meanwhile."""

from datetime import date

import pytest
from sqlalchemy import select

from app.awards.adjusting import Lower, approve_adjustment, keep_award, propose_adjustment, reject_adjustment
from app.awards.errors import AdjustmentInvalid, FindingsInvalid, NothingToKeep
from app.awards.finding_models import AwardFinding
from app.awards.lifecycle import AdjustGround, Kept, Settlement
from app.awards.raising import FoundBy, Higher, propose_raise
from app.core.clock import today
from app.core.ids import new_id
from tests.awards.standard_by_hand import is_a_task, waiting
from tests.awards.test_found_again import cars, find
from tests.builders.awards import found_about
from tests.builders.hearings import hear_about_less, hear_and_stop
from tests.builders.standards import put_in_force, standard_draft

DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
WHY = "家庭成员就业，收入增加（测试）"


@pytest.fixture
def found(database, award):
    """Return how something new is found about the award: its id."""

    async def once():
        return (await find(database, award, cars(new_id(), 0, 1), new_id())).id

    return once


async def propose(database, office, award, *named, way="less", ground=AdjustGround.INCOME):
    async with database.unit_of_work() as db:
        if way == "less":
            await propose_adjustment(db, office.handler, award.id, Lower(ground, 60_000, DECEMBER, WHY, named))
            await hear_about_less(db, office.handler, award.id)
        else:
            on = today(db.clock)
            more = Higher(ground, 75_000, DECEMBER, FoundBy.REPORT, on, WHY, named)
            await propose_raise(db, office.handler, award.id, more)


async def approve(database, office, award):
    async with database.unit_of_work() as db:
        await approve_adjustment(db, office.confirmer, award.id)


async def keep(database, office, award, **given):
    async with database.unit_of_work() as db:
        await keep_award(db, office.confirmer, award.id, reason="车辆已出售（测试）", **given)


async def waits(database, award):
    async with database.reading() as db:
        return await found_about(db, award.id)


async def settled(database):
    async with database.reading() as db:
        rows = await db.scalars(select(AwardFinding).where(AwardFinding.settlement != Settlement.OPEN))
        return {row.id: row.settlement for row in rows}


async def of_proposals(database):
    async with database.reading() as db:
        rows = await db.scalars(select(AwardFinding.adjustment_id).where(AwardFinding.adjustment_id.is_not(None)))
        return len(rows.all())


@pytest.mark.parametrize("way", ["less", "more"])
async def test_an_amount_settles_what_it_answers_and_neither_another_finding_nor_one_that_came_meanwhile(
    database, office, award, found, way
):
    answered, other = await found(), await found()
    await propose(database, office, award, answered, way=way)
    meanwhile = await found()

    await approve(database, office, award)

    assert await settled(database) == {answered: Settlement.ADJUSTED}
    assert await waits(database, award) == [other, meanwhile]
    assert await is_a_task(database, award)


async def test_an_amount_that_names_nothing_settles_nothing(database, office, award, found):
    await found()
    await propose(database, office, award)

    await approve(database, office, award)

    assert (await settled(database), await is_a_task(database, award)) == ({}, True)


async def test_an_amount_that_answers_all_that_was_found_ends_the_task(database, office, award, found):
    await propose(database, office, award, await found(), await found())

    await approve(database, office, award)

    assert (await waits(database, award), await is_a_task(database, award)) == ([], False)


@pytest.mark.parametrize("way", ["less", "more"])
async def test_what_a_proposal_names_is_an_open_finding_of_this_award_and_named_once(
    database, office, award, found, way
):
    kept = await found()
    await keep(database, office, award, findings=[kept])
    open_one = await found()

    with pytest.raises(AdjustmentInvalid) as refused:
        await propose(database, office, award, open_one, new_id(), kept, open_one, way=way)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/findings/1", "not_open"),
        ("/findings/2", "not_open"),
        ("/findings/3", "named_twice"),
    ]


async def test_what_a_standard_gives_answers_nothing_that_was_found(database, office, award, found):
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))
    named = await found()

    lower = Lower(AdjustGround.STANDARD, 55_000, JANUARY, WHY, [named])
    with pytest.raises(AdjustmentInvalid) as refused:
        async with database.unit_of_work() as db:
            await propose_adjustment(db, office.handler, award.id, lower)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/findings", "not_expected")]


async def test_a_rejected_proposal_lets_go_of_what_it_would_have_answered(database, office, award, found):
    named = await found()
    await propose(database, office, award, named)
    assert await of_proposals(database) == 1

    async with database.unit_of_work() as db:
        await reject_adjustment(db, office.confirmer, award.id, reason="证据不足（测试）")
    assert await of_proposals(database) == 0
    await propose(database, office, award)
    await approve(database, office, award)

    assert await waits(database, award) == [named]


async def test_a_stop_settles_all_that_was_found_and_no_proposal_answers_it(database, office, award, found):
    named, other = await found(), await found()
    await propose(database, office, award, named)

    async with database.unit_of_work() as db:
        await hear_and_stop(db, office.handler, office.confirmer, award.id, last_month=DECEMBER)

    assert await settled(database) == {named: Settlement.STOPPED, other: Settlement.STOPPED}
    assert (await of_proposals(database), await is_a_task(database, award)) == (0, False)


@pytest.mark.parametrize("what", [None, Kept.FINDINGS, Kept.ALL])
async def test_who_keeps_an_award_says_about_which_findings_and_the_others_go_on_waiting(
    database, office, award, found, what
):
    seen, meanwhile = await found(), await found()

    with pytest.raises(FindingsInvalid) as unsaid:
        await keep(database, office, award, what=what)
    await keep(database, office, award, what=what, findings=[seen])

    assert [(fault.pointer, fault.code) for fault in unsaid.value.faults] == [("/findings", "required")]
    assert await settled(database) == {seen: Settlement.KEPT}
    assert (await waits(database, award), await is_a_task(database, award)) == ([meanwhile], True)


async def test_an_award_is_kept_about_a_standard_whatever_was_found_and_names_none_of_it(
    database, office, award, found
):
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))
    named = await found()

    with pytest.raises(FindingsInvalid):
        await keep(database, office, award, what=Kept.STANDARD, findings=[named])
    await keep(database, office, award, findings=[])

    assert (await waits(database, award), await waiting(database, award)) == ([named], [])
    with pytest.raises(NothingToKeep):
        await keep(database, office, award, findings=[])


async def test_what_no_longer_waits_is_not_kept_about(database, office, award, found):
    named = await found()
    await keep(database, office, award, findings=[named])

    with pytest.raises(FindingsInvalid) as refused:
        await keep(database, office, award, findings=[named])

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/findings/0", "not_open")]
