"""Which hearings carry a stop: about its ground, and since what it acts on is considered (社会救助法 art. 48)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app.applications.queries import get_application
from app.awards.adjusting import Lower, approve_adjustment, keep_award, propose_adjustment
from app.awards.commands import hear_recipient, stop_award
from app.awards.errors import HearingGroundInvalid, HearingRequired, NothingToKeep
from app.awards.findings import FoundChange, raise_finding
from app.awards.lifecycle import AdjustGround, Status, StopGround
from app.awards.models import Hearing
from app.awards.queries import get_award
from app.core.clock import today
from app.core.ids import new_id
from app.core.months import first_of_month
from app.facts import UNITS, FactKey, Item
from app.identity.actors import SYSTEM
from app.verification.comparison import Difference
from tests.builders.standards import build_judged, put_in_force, standard_draft

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
async def award(database):
    async with database.unit_of_work() as db:
        return await build_judged(db, from_month=NOVEMBER)


async def hear(database, office, award, ground=StopGround.INCOME, heard_on=None, about="stop"):
    async with database.unit_of_work() as db:
        on = heard_on or today(db.clock)
        await hear_recipient(db, office.handler, award.id, about=about, ground=ground, opinion="不同意", heard_on=on)


async def stop(database, office, award, ground=StopGround.INCOME):
    async with database.unit_of_work() as db:
        last = first_of_month(today(db.clock))
        return await stop_award(
            db, office.confirmer, award.id, ground=ground, reason="家庭收入超过标准（测试）", last_month=last
        )


async def keep(database, office, award):
    async with database.unit_of_work() as db:
        await keep_award(db, office.confirmer, award.id, reason="听取意见后决定保留（测试）")


async def find(database, award):
    change = FoundChange(
        member=new_id(),
        item=Item.VEHICLES,
        key=FactKey.VEHICLE_COUNT,
        unit=UNITS[FactKey.VEHICLE_COUNT],
        before=0,
        found=1,
        as_of=date(2026, 11, 20),
        difference=Difference.MORE,
    )
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, award.application_id, lock=True)
        locked = await get_award(db, SYSTEM, award.id, lock=True)
        await raise_finding(
            db,
            locked,
            application,
            [change],
            found_by="yearly_review",
            campaign_id=new_id(),
            report_id=new_id(),
        )


async def test_a_hearing_about_one_ground_does_not_carry_a_stop_on_another(database, office, award):
    await hear(database, office, award, StopGround.INCOME)

    with pytest.raises(HearingRequired):
        await stop(database, office, award, StopGround.PROPERTY)

    assert (await stop(database, office, award, StopGround.INCOME)).status == Status.STOPPED


async def test_a_hearing_is_spent_once_the_award_is_kept(database, office, award, clock):
    await put_in_force(database, standard_draft(100_000, valid_from=DECEMBER))
    await hear(database, office, award)
    await keep(database, office, award)
    clock.set(clock.now().replace(year=2028, month=2, day=10))

    with pytest.raises(HearingRequired):
        await stop(database, office, award)

    await hear(database, office, award)
    assert (await stop(database, office, award)).status == Status.STOPPED


async def test_a_hearing_alone_is_something_to_keep_an_award_against_once(database, office, award, clock):
    await hear(database, office, award)
    await keep(database, office, award)
    clock.advance(timedelta(days=1))

    with pytest.raises(HearingRequired):
        await stop(database, office, award)
    with pytest.raises(NothingToKeep):
        await keep(database, office, award)


async def test_a_hearing_is_spent_once_the_award_was_lowered_instead(database, office, award, clock):
    await hear(database, office, award)
    clock.advance(timedelta(hours=1))
    lower = Lower(AdjustGround.INCOME, 60_000, DECEMBER, "家庭成员就业，收入增加（测试）")
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, lower)
    await hear(database, office, award, None, about="reduce")
    async with database.unit_of_work() as db:
        await approve_adjustment(db, office.confirmer, award.id)

    with pytest.raises(HearingRequired):
        await stop(database, office, award)


async def test_what_is_found_after_a_hearing_is_heard_about_again(database, office, award, clock):
    await hear(database, office, award, StopGround.PROPERTY)
    clock.advance(timedelta(days=1))
    await find(database, award)
    clock.advance(timedelta(days=1))

    with pytest.raises(HearingRequired):
        await stop(database, office, award, StopGround.PROPERTY)
    await hear(database, office, award, StopGround.PROPERTY, heard_on=today(clock) - timedelta(days=2))
    with pytest.raises(HearingRequired):  # put on record since, and held before
        await stop(database, office, award, StopGround.PROPERTY)

    await hear(database, office, award, StopGround.PROPERTY)
    assert (await stop(database, office, award, StopGround.PROPERTY)).status == Status.STOPPED


async def test_the_own_wish_needs_no_second_declaration_for_what_is_found_meanwhile(database, office, award, clock):
    await hear(database, office, award, StopGround.REQUEST)
    clock.advance(timedelta(days=1))
    await find(database, award)

    assert (await stop(database, office, award, StopGround.REQUEST)).status == Status.STOPPED


async def test_the_own_wish_without_a_declaration_on_record_stops_nothing(database, office, award):
    await hear(database, office, award, StopGround.INCOME)

    with pytest.raises(HearingRequired):
        await stop(database, office, award, StopGround.REQUEST)


@pytest.mark.parametrize("found", [True, False])
async def test_a_hearing_of_before_grounds_were_named_carries_only_what_was_open_then(
    database, office, award, clock, found
):
    if found:
        await find(database, award)
    await hear(database, office, award)
    async with database.unit_of_work() as db:
        await db.execute(update(Hearing).values(ground=None))

    if found:
        assert (await stop(database, office, award, StopGround.PROPERTY)).status == Status.STOPPED
        return
    with pytest.raises(HearingRequired):
        await stop(database, office, award, StopGround.PROPERTY)
    clock.advance(timedelta(days=1))
    await find(database, award)
    with pytest.raises(HearingRequired):
        await stop(database, office, award, StopGround.PROPERTY)


@pytest.mark.parametrize(("about", "ground"), [("stop", None), ("reduce", StopGround.INCOME)])
async def test_a_hearing_names_its_ground_about_a_stop_and_only_then(database, office, award, about, ground):
    with pytest.raises(HearingGroundInvalid):
        await hear(database, office, award, ground, about=about)
