"""Between the confirmation of a hand-over and its first month nobody can act on what is paid: it is kept short."""

from datetime import UTC, date, datetime

import pytest

from app.awards.commands import resume_award, stop_award, suspend_award
from app.awards.lifecycle import Status as AwardStatus
from app.awards.lifecycle import StopGround, SuspendReason
from app.awards.queries import get_award
from app.handovers.errors import HandoverBlocked
from app.handovers.lifecycle import Status
from app.handovers.months import confirmable_from
from app.identity.actors import SYSTEM
from tests.builders.handovers import accept, build_counties, confirm, hand_over, moved, reload, seen_by
from tests.builders.hearings import hear_about_stop
from tests.builders.standards import build_judged
from tests.handovers.test_each_month_once import build

NOVEMBER, DECEMBER, JANUARY, MARCH = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1)


def test_the_month_after_next_is_the_furthest():
    assert [confirmable_from(month) for month in (DECEMBER, JANUARY, MARCH)] == [date(2026, 10, 1), NOVEMBER, JANUARY]


async def test_what_lies_further_ahead_is_confirmed_nearer_to_the_day_and_can_be_held_back_until_then(database, clock):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db), await build_counties(db)
    handover_id = await accept(database, counties, award.id, moved(moved_on=date(2027, 2, 10)))

    with pytest.raises(HandoverBlocked) as refused:
        await confirm(database, counties, handover_id)

    assert (refused.value.detail, refused.value.values) == (
        "handover_too_early",
        {"reasons": "too_early", "first_month": "2027-03", "confirm_from": "2027-01-01"},
    )
    assert (await reload(database, handover_id)).due_on == date(2027, 1, 15)  # ten working days of January
    async with seen_by(database, counties.here.handler).unit_of_work() as db:
        await suspend_award(db, counties.here.handler, award.id, reason=SuspendReason.DEATH_MATCH)
        await resume_award(db, counties.here.handler, award.id)
    clock.set(datetime(2027, 1, 1, 4, tzinfo=UTC))
    done = await confirm(database, counties, handover_id)
    assert (done.status, done.first_month) == (Status.COMPLETED, MARCH)


@pytest.mark.parametrize("last", [NOVEMBER, DECEMBER])
async def test_the_county_that_goes_on_may_stop_ahead_of_its_first_month_and_pays_nothing(database, clock, last):
    async with database.unit_of_work() as db:
        award, counties = await build_judged(db, from_month=date(2026, 10, 1)), await build_counties(db)
    done = await hand_over(database, counties, award.id, moved(moved_on=date(2026, 12, 10)))
    clock.set(datetime(2026, 12, 2, 4, tzinfo=UTC))
    people = counties.there

    async with seen_by(database, people.handler).unit_of_work() as db:
        await hear_about_stop(db, people.handler, done.new_award_id)
    async with seen_by(database, people.confirmer).unit_of_work() as db:
        await stop_award(
            db,
            people.confirmer,
            done.new_award_id,
            ground=StopGround.INCOME,
            reason="家庭成员已经就业。（测试）",
            last_month=last,
        )

    async with database.reading() as db:
        new = await get_award(db, SYSTEM, done.new_award_id)
    assert (new.status, new.from_month, new.to_month) == (AwardStatus.STOPPED, JANUARY, DECEMBER)
    clock.set(datetime(2027, 1, 5, 4, tzinfo=UTC))
    assert await build(database, people, JANUARY) is None
