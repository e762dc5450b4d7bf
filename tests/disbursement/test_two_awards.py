"""Stopped and granted anew: a person is paid a month of a program once, whatever the awards."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.applications.claim_queries import list_claims
from app.applications.models import Member
from app.awards.lifecycle import Status as AwardStatus
from app.awards.lifecycle import StopGround
from app.awards.models import Award
from app.awards.payees import put_payee
from app.awards.queries import get_award
from app.core.ids import new_id
from app.disbursement.commands import build_payroll
from app.disbursement.jobs import free_households
from app.disbursement.models import PayLine
from app.disbursement.queries import count_exclusions, find_discrepancies
from app.identity.actors import SYSTEM
from tests.builders.awards import COUNTY, Grant, build_award
from tests.builders.hearings import hear_and_stop
from tests.builders.payrolls import DECEMBER, JANUARY, build_office, build_released, lines_of, reload

NOVEMBER = date(2026, 11, 1)


async def add_member(db, award, name="测试娃", index=b"the same person"):
    member = Member(
        id=new_id(), county=award.county, application_id=award.application_id, relation="child", name_clear=name,
        id_number_sealed=b"-", id_number_index=index, birth_date=date(2015, 1, 1), profile_sealed=b"-",
    )  # fmt: skip
    db.add(member)
    await db.flush()


async def stop(database, award, office, last_month):
    async with database.unit_of_work() as db:
        await hear_and_stop(db, office.handler, office.confirmer, award.id, StopGround.REQUEST, last_month=last_month)


async def places(database, award) -> int:
    async with database.reading() as db:
        return len(await list_claims(db, award.application_id))


async def test_places_are_given_back_when_the_last_month_is_over_and_not_before(database, clock):
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)
    await stop(database, award, office, DECEMBER)

    clock.set(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))  # one minute to midnight in China
    await free_households(database)
    assert await places(database, award) == 1

    clock.set(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    await free_households(database)
    freed = (await reloaded(database, award)).freed_at
    await free_households(database)

    assert await places(database, award) == 0
    assert (await reloaded(database, award)).freed_at == freed == clock.now()


async def test_a_stop_for_the_past_gives_places_back_at_the_next_round(database):
    async with database.unit_of_work() as db:
        award, office = await build_award(db, Grant(from_month=NOVEMBER)), await build_office(db)
    await stop(database, award, office, date(2026, 10, 1))

    await free_households(database)

    assert await places(database, award) == 0


async def test_a_month_that_was_ordered_before_the_stop_keeps_the_places_until_it_is_over(database, clock):
    clock.set(clock.now().replace(month=12))
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)
        await build_released(db, office, DECEMBER)
    await stop(database, award, office, NOVEMBER)

    await free_households(database)
    assert await places(database, award) == 1
    clock.set(datetime(2027, 1, 1, 4, tzinfo=UTC))
    await free_households(database)

    assert await places(database, award) == 0


async def test_an_award_in_force_keeps_its_places(database, clock):
    async with database.unit_of_work() as db:
        award = await build_award(db)
    clock.set(datetime(2028, 1, 1, tzinfo=UTC))

    await free_households(database)

    assert await places(database, award) == 1


@pytest.fixture
async def again(database):
    """One household with two awards that both cover December; the first is stopped. Claims would not let it come."""
    async with database.unit_of_work() as db:
        office = await build_office(db)
        first = await build_award(db, Grant(amount_fen=52_000, status=AwardStatus.STOPPED, to_month=DECEMBER))
        second = await build_award(db, Grant(amount_fen=60_000))
    return office, first, second


async def same_beneficiary(database, first, second):
    async with database.unit_of_work() as db:
        award = await get_award(db, SYSTEM, second.id)
        award.beneficiary_id = first.beneficiary_id
        put_payee(db, award, "测试甲")


async def same_member(database, first, second):
    async with database.unit_of_work() as db:
        await add_member(db, first)
        await add_member(db, second)


@pytest.mark.parametrize("shared", [same_beneficiary, same_member])
async def test_of_two_awards_in_one_payroll_the_older_has_the_month(database, again, shared):
    office, first, second = again
    await shared(database, first, second)

    async with database.unit_of_work() as db:
        payroll = await build_payroll(db, office.handler, program="living_allowance", month=DECEMBER)
        assert await count_exclusions(db, payroll.id) == {"paid_elsewhere": 1}

    assert [line.award_id for line in await lines_of(database, payroll)] == [first.id]


@pytest.mark.parametrize("shared", [same_beneficiary, same_member])
async def test_a_month_that_one_award_was_paid_is_no_arrears_of_another(database, again, shared, clock):
    office, first, second = again
    async with database.unit_of_work() as db:  # the second comes later
        await db.execute(update(Award).where(Award.id == second.id).values(from_month=JANUARY))
        await build_released(db, office)
        await db.execute(update(Award).where(Award.id == second.id).values(from_month=DECEMBER))
    await shared(database, first, second)
    clock.set(clock.now().replace(month=12))

    async with database.unit_of_work() as db:
        january = await build_payroll(db, office.handler, program="living_allowance", month=JANUARY)

    assert [(line.award_id, line.month) for line in await lines_of(database, january)] == [(second.id, JANUARY)]


async def test_households_that_share_nobody_are_paid_both(database, again):
    office, first, second = again
    async with database.unit_of_work() as db:
        await add_member(db, first, index=b"one")
        await add_member(db, second, index=b"other")
        payroll = await build_payroll(db, office.handler, program="living_allowance", month=DECEMBER)

    assert payroll.line_count == 2


async def test_the_database_takes_no_second_line_of_a_person_for_a_month(database, again):
    office, first, _ = again
    async with database.unit_of_work() as db:
        payroll = await build_payroll(db, office.handler, program="living_allowance", month=DECEMBER)

    change = update(PayLine).where(PayLine.payroll_id == payroll.id).values(beneficiary_id=first.beneficiary_id)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(change)


async def test_a_supporter_outside_a_household_may_live_on_an_award_of_his_own(database):
    async with database.unit_of_work() as db:
        first, second = await build_award(db), await build_award(db)
        office = await build_office(db)
        await add_member(db, first)
        outside = Member(
            id=new_id(), county=second.county, application_id=second.application_id, relation="parent",
            name_clear="测试娃", id_number_sealed=b"-", id_number_index=b"the same person", claimed=False,
            birth_date=date(1955, 1, 1), profile_sealed=b"-", supporter_ref="mother",
        )  # fmt: skip
        db.add(outside)
        payroll = await build_released(db, office)

    async with database.reading() as db:
        assert await count_exclusions(db, payroll.id) == {}
        assert await find_discrepancies(db, await reload(database, payroll), "paying_bank") == {}


async def test_the_books_tell_of_a_month_paid_by_two_awards(database, again):
    office, first, second = again
    async with database.unit_of_work() as db:
        payroll = await build_released(db, office)
    await same_member(database, first, second)  # found out later

    async with database.reading() as db:
        found = await find_discrepancies(db, await reload(database, payroll), "paying_bank")

    assert found == {"paid_by_two_awards": 2}
    assert payroll.county == COUNTY


async def reloaded(database, award) -> Award:
    async with database.reading() as db:
        return await get_award(db, SYSTEM, award.id)
