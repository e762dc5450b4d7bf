"""An award that falls because a member is older is decided on as that: no standard is named that gave no less."""

from datetime import date

import pytest
from sqlalchemy import select

from app.api.console.award_schemas import WaitingOut
from app.awards.adjusting import Lower, propose_adjustment
from app.awards.behind import change_to_name
from app.awards.errors import AdjustmentInvalid, NoStandardBehind
from app.awards.events import AwardReduced
from app.awards.lifecycle import AdjustGround, AmountCause, Outcome, StopGround
from app.awards.models import AwardAmount
from app.awards.naming import whose
from app.awards.recomputing_queries import find_open
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from tests.awards.amounts import amounts_in, reduce
from tests.awards.standard_by_hand import APRIL, DECEMBER, FEBRUARY, MARCH, MAY, is_a_task, waiting
from tests.awards.test_growing import AMOUNT, JULY, MINOR, RAISED, family, publish_supplement
from tests.builders.hearings import hear_and_stop
from tests.builders.standards import build_in_force, build_judged, parameter_draft, put_in_force, standard_draft

MEMBERS, STANDARD = AdjustGround.MEMBERS, AdjustGround.STANDARD
SINCE = date(2026, 7, 1)
# Of the standards of 4,800 and of 4,000 yuan.
HIGHER, FELL = 75_000, 55_000


@pytest.fixture
async def grown(database):
    async with database.unit_of_work() as db:
        return await build_judged(db, members=family())


@pytest.fixture
async def earning(database):
    """A household whose child is 18 in December, and is held to earn what the place says from January on."""
    async with database.unit_of_work() as db:
        value = {"from_age": 18, "to_age": 59, "fen": 60_000}
        await build_in_force(db, parameter_draft("labour_income", value, valid_from=SINCE))
        child = {"relation": "child", "birth_date": "2008-12-15"}
        return await build_judged(db, members=({}, child), income_fen=720_000)


async def shown(database, award):
    """Return what the desk says of what waits."""
    async with database.reading() as db:
        found = await find_open(db, award.id)
        return WaitingOut.of(found, await change_to_name(db, award, found))


async def faults_of(database, office, award, lower):
    with pytest.raises(AdjustmentInvalid) as refused:
        async with database.unit_of_work() as db:
            await propose_adjustment(db, office.handler, award.id, lower)
    return [(each.pointer, each.code) for each in refused.value.faults]


async def test_no_stop_rests_on_a_standard_that_rose_beside_a_birthday(database, office, earning):
    await put_in_force(database, standard_draft(480_000, valid_from=DECEMBER))
    seen = await shown(database, earning)
    assert (seen.outcome, seen.from_month, seen.cause) == (Outcome.NO_LONGER_ENTITLED, "2027-01", "age")
    assert seen.change_id is None
    by = earning.id, office

    with pytest.raises(NoStandardBehind):
        await stop(database, *by, StopGround.STANDARD)

    stopped = await stop(database, *by, StopGround.MEMBERS)
    assert (stopped.stop_ground, stopped.to_month) == ("members", DECEMBER)
    assert await waiting(database, earning) == []


async def stop(database, award_id, office, ground):
    async with database.unit_of_work() as db:
        return await hear_and_stop(db, office.handler, office.confirmer, award_id, ground, last_month=DECEMBER)


async def test_a_standard_that_fell_ends_it_though_a_member_is_older_later(database, office, earning):
    await put_in_force(database, standard_draft(150_000, valid_from=DECEMBER))
    seen = await shown(database, earning)
    assert (seen.from_month, seen.cause) == ("2026-12", "numbers")

    stopped = await stop(database, earning.id, office, StopGround.STANDARD)

    assert stopped.stop_ground == "standard"


async def test_less_by_a_birthday_is_no_reduction_by_a_standard(database, office, grown):
    await publish_supplement(database, SINCE)
    await put_in_force(database, standard_draft(480_000, valid_from=FEBRUARY))
    seen = await shown(database, grown)
    assert (seen.change_id, seen.from_month, seen.after_fen, seen.cause) == (None, "2027-04", HIGHER, "age")

    lower = Lower(STANDARD, HIGHER, APRIL, "家庭成员年满十八周岁（测试）")

    assert await faults_of(database, office, grown, lower) == [("/ground", "nothing_changed")]


async def test_the_letter_about_it_speaks_of_the_members_and_of_no_number(database, office, grown):
    await publish_supplement(database, MARCH)

    decided = await reduce(database, office, grown, APRIL, fen=AMOUNT, ground=MEMBERS)

    event = AwardReduced(**whose(grown), adjustment_id=decided.id, ground=MEMBERS, from_month="2027-04")
    await write_letter(database, event)
    async with database.reading() as db:
        body = open_letter(db, (await db.scalars(select(Letter))).one())
    assert "调减的事由：家庭成员情况变化。" in body["before"][0]
    assert "保障标准" not in body["before"][0]


async def test_each_month_that_waits_says_whether_a_number_or_an_age_is_behind_it(database, office, grown):
    await publish_supplement(database, SINCE)
    change = await put_in_force(database, standard_draft(400_000, valid_from=FEBRUARY))

    seen = await shown(database, grown)

    assert (seen.change_id, seen.cause) == (change.id, "numbers")
    assert [(each.from_month, each.cause) for each in seen.further] == [("2027-04", "age")]
    await reduce(database, office, grown, FEBRUARY, fen=FELL + MINOR, ground=STANDARD)
    seen = await shown(database, grown)
    assert (seen.change_id, seen.from_month, seen.cause) == (None, "2027-04", "age")


async def test_what_the_rules_give_by_an_age_goes_on_by_the_rules(database, office, grown):
    await publish_supplement(database, MARCH)

    await reduce(database, office, grown, APRIL, fen=AMOUNT, ground=MEMBERS)

    async with database.reading() as db:
        query = select(AwardAmount).where(AwardAmount.from_month == APRIL)
        row = (await db.scalars(query.where(AwardAmount.award_id == grown.id))).one()
    assert (row.cause, row.numbers is None) == (AmountCause.ADJUSTMENT, False)
    await put_in_force(database, standard_draft(valid_from=JULY))
    assert await amounts_in(database, grown, MARCH, APRIL, JULY) == [AMOUNT + MINOR, AMOUNT, RAISED]
    assert not await is_a_task(database, grown)


async def test_another_amount_on_account_of_the_members_is_a_persons_finding(database, office, grown):
    await publish_supplement(database, MARCH)

    await reduce(database, office, grown, APRIL, fen=AMOUNT - 1, ground=MEMBERS)

    await put_in_force(database, standard_draft(valid_from=JULY))
    assert await waiting(database, grown) == [("2027-07", AMOUNT - 1)]


async def test_an_earlier_birthday_is_decided_after_a_later_one(database, office):
    children = ({"relation": "child", "birth_date": born, "student": True} for born in ("2009-03-15", "2009-04-20"))
    async with database.unit_of_work() as db:
        award = await build_judged(db, members=({}, {"relation": "spouse"}, *children))
    await publish_supplement(database, MARCH)
    first = await shown(database, award)
    [second] = first.further
    assert (first.cause, second.cause) == ("age", "age")
    before = first.before_fen

    await reduce(database, office, award, MAY, fen=second.after_fen, ground=MEMBERS)

    assert await waiting(database, award) == [("2027-04", before)]
    await reduce(database, office, award, APRIL, fen=first.after_fen, ground=MEMBERS)
    assert await amounts_in(database, award, MARCH, APRIL, MAY) == [before, first.after_fen, second.after_fen]
    assert await waiting(database, award) == []


async def test_a_birthday_in_the_month_of_a_raise_is_told_from_it(database, office, grown):
    await publish_supplement(database, MARCH)

    await put_in_force(database, standard_draft(450_000 + 6_000, valid_from=APRIL))

    seen = await shown(database, grown)
    assert (seen.outcome, seen.from_month, seen.cause) == (Outcome.TO_BE_HEARD, "2027-04", "age")
    lower = Lower(STANDARD, seen.after_fen, APRIL, "家庭成员年满十八周岁（测试）")
    assert await faults_of(database, office, grown, lower) == [("/ground", "nothing_changed")]


@pytest.mark.parametrize("supplement_first", [True, False], ids=["after the supplement", "before the supplement"])
@pytest.mark.parametrize(
    ("since", "waits"), [(APRIL, []), (JULY, [("2027-04", AMOUNT + MINOR)])], ids=["with the birthday", "after it"]
)
async def test_a_standard_raises_by_itself_whichever_number_was_published_first(
    database, grown, supplement_first, since, waits
):
    await publish_both(database, standard_draft(valid_from=since), supplement_first=supplement_first)

    assert await amounts_in(database, grown, MARCH, since) == [AMOUNT + MINOR, RAISED]
    assert await waiting(database, grown) == waits


@pytest.mark.parametrize("supplement_first", [True, False], ids=["after the supplement", "before the supplement"])
@pytest.mark.parametrize("since", [APRIL, JULY], ids=["with the birthday", "after it"])
async def test_less_by_an_age_is_told_from_a_raise_whichever_number_was_published_first(
    database, grown, supplement_first, since
):
    await publish_both(database, standard_draft(456_000, valid_from=since), supplement_first=supplement_first)

    seen = await shown(database, grown)
    assert [seen.cause, *(each.cause for each in seen.further)] == ["age"] * (1 if since == APRIL else 2)
    assert [await amounts_in(database, grown, each) for each in (MARCH, since)] == [[AMOUNT + MINOR]] * 2


async def publish_both(database, standard, *, supplement_first):
    if supplement_first:
        await publish_supplement(database, MARCH)
    await put_in_force(database, standard)
    if not supplement_first:
        await publish_supplement(database, MARCH)


async def test_a_standard_that_falls_after_a_birthday_was_decided_on_is_a_standard(database, office, grown):
    await publish_supplement(database, MARCH)
    await reduce(database, office, grown, APRIL, fen=AMOUNT, ground=MEMBERS)

    fall = await put_in_force(database, standard_draft(400_000, valid_from=JULY))

    seen = await shown(database, grown)
    assert (seen.change_id, seen.from_month, seen.after_fen, seen.cause) == (fall.id, "2027-07", FELL, "numbers")
    await reduce(database, office, grown, JULY, fen=FELL, ground=STANDARD)
    assert await amounts_in(database, grown, MARCH, APRIL, JULY) == [AMOUNT + MINOR, AMOUNT, FELL]
