"""What cannot be handed over, by whom not, and what the database keeps though the code would not."""

from datetime import date, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step, get_application
from app.applications.steps import close_step, open_step
from app.awards.adjusting import keep_award
from app.awards.commands import resume_award, suspend_award
from app.awards.events import AwardStopped
from app.awards.lifecycle import StopGround, SuspendReason
from app.awards.models import Award
from app.awards.naming import whose
from app.awards.queries import get_award
from app.core.clock import today
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.events.queries import list_subject_events
from app.handovers.commands import (
    accept_handover,
    decline_handover,
    release_handover,
    withdraw_handover,
)
from app.handovers.errors import HandoverBlocked, HandoverInvalid, HandoverNotFound, HandoverOpen, OtherCountysStep
from app.handovers.file import open_file
from app.handovers.jobs import withdraw_handover_of_stopped
from app.handovers.lifecycle import DeclineReason, Status
from app.handovers.models import Handover
from app.handovers.queries import Wanted, get_handover, list_handovers
from app.identity.actors import SYSTEM
from app.overpayments.models import Recovery
from app.verification.commands import send_dispute
from app.verification.dispute_lifecycle import SentWay
from tests.awards.test_disputed import dispute_it, reviewed
from tests.builders.awards import found_about
from tests.builders.handovers import (
    VILLAGE_THERE,
    accept,
    build_counties,
    confirm,
    hand_over,
    hand_over_back,
    moved,
    propose,
    release,
    reload,
    seen_by,
)
from tests.builders.hearings import hear_and_stop
from tests.builders.people import build_staff
from tests.builders.recoveries import build_recovery
from tests.builders.standards import build_judged

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest_asyncio.fixture
async def begun(database):
    """An award and the people of both counties."""
    async with database.unit_of_work() as db:
        return await build_judged(db), await build_counties(db)


async def test_who_proposes_does_not_release_and_who_accepts_does_not_confirm(database, begun):
    award, counties = begun
    handover_id = await propose(database, counties, award.id)

    async with database.unit_of_work() as db:
        row = await get_handover(db, SYSTEM, handover_id, lock=True)
        row.proposed_by = counties.here.confirmer.id  # who had another post that day
    with pytest.raises(SamePersonNotAllowed):
        async with seen_by(database, counties.here.confirmer).unit_of_work() as db:
            await release_handover(db, counties.here.confirmer, handover_id)


async def test_the_database_keeps_two_persons_apart_in_each_county(database, begun):
    award, counties = begun
    done = await hand_over(database, counties, award.id)

    for one, other in (("released_by", "proposed_by"), ("confirmed_by", "accepted_by")):
        same = update(Handover).where(Handover.id == done.id).values({one: getattr(done, other)})
        with pytest.raises(IntegrityError):
            async with database.unit_of_work() as db:
                await db.execute(same)


async def test_the_database_keeps_the_seam(database, begun):
    award, counties = begun
    done = await hand_over(database, counties, award.id)
    changes = (
        update(Award).where(Award.id == award.id).values(to_month=DECEMBER),  # both pay December
        update(Award).where(Award.id == done.new_award_id).values(from_month=date(2027, 1, 1)),  # nobody does
        update(Handover).where(Handover.id == done.id).values(first_month=date(2027, 1, 1)),
        update(Handover).where(Handover.id == done.id).values(status=Status.ACCEPTED),
    )

    for change in changes:
        with pytest.raises(IntegrityError):
            async with database.unit_of_work() as db:
                await db.execute(change.execution_options(synchronize_session=False))


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"to_division": "532529203000"}, "/to_division", "same_county"),
        ({"to_division": VILLAGE_THERE}, "/to_division", "not_a_township"),
        ({"to_division": "530627000000"}, "/to_division", "not_a_township"),
        ({"to_division": "530627999000"}, "/to_division", "division_not_known"),
        ({"moved_on": date(2023, 1, 1)}, "/moved_on", "moved_on_out_of_range"),
        ({"moved_on": date(2027, 6, 1)}, "/moved_on", "moved_on_out_of_range"),
    ],
)
async def test_a_place_or_day_that_cannot_be_is_named(database, begun, given, pointer, code):
    award, counties = begun

    with pytest.raises(HandoverInvalid) as refused:
        await propose(database, counties, award.id, moved(**given))

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]


async def test_one_is_under_way_at_a_time_and_a_declined_one_may_be_proposed_anew(database, begun):
    award, counties = begun
    handover_id = await release(database, counties, award.id)
    with pytest.raises(HandoverOpen):
        await propose(database, counties, award.id)

    async with seen_by(database, counties.there.handler).unit_of_work() as db:
        await decline_handover(
            db, counties.there.handler, handover_id, reason=DeclineReason.DOES_NOT_LIVE_HERE, words="查无此户。（测试）"
        )

    async with database.reading() as db:
        assert await find_open_step(db, award.application_id, StepKind.HAND_OVER) is None
        told = [event.type for event in await list_subject_events(db, award.id)]
    assert told == ["handover.released", "handover.declined"]
    assert (await hand_over(database, counties, award.id)).status == Status.COMPLETED


async def test_what_is_held_back_is_not_handed_over(database, begun):
    award, counties = begun
    handover_id = await accept(database, counties, award.id)
    async with database.unit_of_work() as db:
        await suspend_award(db, counties.here.handler, award.id, reason=SuspendReason.COMPLAINT)

    with pytest.raises(HandoverBlocked) as refused:
        await confirm(database, counties, handover_id)
    assert refused.value.values == {"reasons": ("not_in_force",)}

    async with database.unit_of_work() as db:
        await resume_award(db, counties.here.handler, award.id)
    assert (await confirm(database, counties, handover_id)).status == Status.COMPLETED


async def test_what_waits_for_a_person_is_settled_first(database, begun):
    award, counties = begun
    async with database.unit_of_work() as db:
        await open_step(db, await get_application(db, SYSTEM, award.application_id, lock=True), StepKind.BROKEN_PROMISE)

    with pytest.raises(HandoverBlocked) as refused:
        await propose(database, counties, award.id)

    assert refused.value.values == {"reasons": ("open_step",)}


async def test_what_is_disputed_holds_a_hand_over_up_while_its_agency_has_time_to_answer(database):
    granted, _ = await reviewed(database)
    dispute = await dispute_it(database, granted)
    async with database.unit_of_work() as db:
        counties = await build_counties(db)
    async with database.unit_of_work() as db:
        found = await found_about(db, granted.award.id)
        await keep_award(db, counties.here.confirmer, granted.award.id, reason="车已卖掉。（测试）", findings=found)
        application = await get_application(db, SYSTEM, granted.case, lock=True)
        await close_step(db, application, StepKind.SURVEY, "done")  # the builder grants without a visit

    async def is_blocked():
        with pytest.raises(HandoverBlocked) as refused:
            await propose(database, counties, granted.award.id, move)
        return refused.value.values == {"reasons": ("open_step",)}

    move = moved(moved_on=today(database.clock))
    assert await is_blocked(), "the letter has not gone out"
    async with database.unit_of_work() as db:
        await send_dispute(db, counties.here.handler, dispute.id, today(db.clock), SentWay.POST)
    assert await is_blocked()
    database.clock.advance(timedelta(days=30))

    assert await propose(database, counties, granted.award.id, move)


async def test_money_that_is_to_come_back_stays_with_the_county_that_paid_it(database, begun):
    award, counties = begun
    recovery = await build_recovery(database, award.id)

    await hand_over(database, counties, award.id)

    async with seen_by(database, counties.here.handler).reading() as db:
        kept = await db.get(Recovery, recovery)
    assert kept is not None
    assert (kept.award_id, kept.county) == (award.id, award.county)


async def test_what_is_stopped_meanwhile_is_not_handed_over(database, begun, clock):
    award, counties = begun
    handover_id = await release(database, counties, award.id)
    async with database.unit_of_work() as db:
        here = counties.here
        stopped = await hear_and_stop(
            db, here.handler, here.confirmer, award.id, StopGround.REQUEST, last_month=NOVEMBER
        )
        event = AwardStopped(**whose(stopped), ground="request", last_month="2026-11")

    for _ in range(2):
        await withdraw_handover_of_stopped(database, event)

    assert (await reload(database, handover_id)).status == Status.WITHDRAWN
    with pytest.raises(StepNotAllowed):
        async with seen_by(database, counties.there.handler).unit_of_work() as db:
            await accept_handover(db, counties.there.handler, handover_id, village=VILLAGE_THERE)


async def test_nothing_is_told_to_the_other_county_before_it_is_released(database, begun):
    award, counties = begun
    handover_id = await propose(database, counties, award.id)
    there = counties.there.handler

    async with seen_by(database, there).reading() as db:
        assert await list_handovers(db, there, Wanted(), after=None, limit=10) == []
        with pytest.raises(HandoverNotFound):
            await get_handover(db, there, handover_id)


async def test_the_other_county_is_told_what_the_case_came_to_people_masked(database, begun):
    award, counties = begun
    handover_id = await release(database, counties, award.id)

    async with seen_by(database, counties.township_there).reading() as db:
        (row,) = await list_handovers(db, counties.township_there, Wanted(to_us=True), after=None, limit=10)
        told = open_file(db, row)

    assert row.id == handover_id
    assert (row.due_on, row.due_provisional) == (date(2026, 12, 7), False)
    assert told is not None
    assert (told.monthly_amount_fen, told.members_counted) == (68_750, 3)
    assert {finding.met for finding in told.findings} <= {True, None}


@pytest.mark.parametrize("end", ["declined", "withdrawn"])
async def test_a_hand_over_that_came_to_nothing_tells_the_other_county_nothing_any_more(database, begun, end):
    award, counties = begun
    handover_id, here, there = (
        await release(database, counties, award.id),
        counties.here.handler,
        counties.there.handler,
    )

    if end == "declined":
        async with seen_by(database, there).unit_of_work() as db:
            await decline_handover(db, there, handover_id, reason=DeclineReason.WRONG_PLACE, words="不在此处。（测试）")
    else:
        async with seen_by(database, here).unit_of_work() as db:
            await withdraw_handover(db, here, handover_id)

    async with seen_by(database, there).reading() as db:
        row = await get_handover(db, there, handover_id)
        assert (row.status, open_file(db, row)) == (end, None)


async def test_the_steps_of_one_county_are_not_the_others(database, begun):
    award, counties = begun
    handover_id = await release(database, counties, award.id)

    with pytest.raises(OtherCountysStep):
        async with seen_by(database, counties.here.handler).unit_of_work() as db:
            await accept_handover(db, counties.here.handler, handover_id, village=VILLAGE_THERE)
    with pytest.raises(OtherCountysStep):
        async with seen_by(database, counties.there.handler).unit_of_work() as db:
            await withdraw_handover(db, counties.there.handler, handover_id)
    with pytest.raises(HandoverInvalid):
        async with seen_by(database, counties.there.handler).unit_of_work() as db:
            await accept_handover(db, counties.there.handler, handover_id, village="530627103201")
    with pytest.raises(RoleNotAllowed):
        async with seen_by(database, counties.there.finance).unit_of_work() as db:
            await accept_handover(db, counties.there.finance, handover_id, village=VILLAGE_THERE)


async def test_a_third_county_finds_nothing(database, begun):
    award, counties = begun
    handover_id = await release(database, counties, award.id)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, counties.here.handler.role, "530622000000")

    async with seen_by(database, stranger).reading() as db:
        with pytest.raises(HandoverNotFound):
            await get_handover(db, stranger, handover_id)


async def test_it_may_be_withdrawn_until_it_is_confirmed(database, begun):
    award, counties = begun
    handover_id = await accept(database, counties, award.id)

    async with seen_by(database, counties.township_here).unit_of_work() as db:
        await withdraw_handover(db, counties.township_here, handover_id)

    with pytest.raises(StepNotAllowed):
        await confirm(database, counties, handover_id)
    async with database.reading() as db:
        assert (await get_award(db, SYSTEM, award.id)).to_month is None


async def test_confirming_a_second_time_changes_nothing(database, begun):
    award, counties = begun
    done = await hand_over(database, counties, award.id)

    with pytest.raises(StepNotAllowed):
        await confirm(database, counties, done.id)
    with pytest.raises(HandoverBlocked):  # what another county goes on with is not in force here
        await propose(database, counties, award.id)

    assert (await reload(database, done.id)).version == done.version


async def test_an_award_may_go_on_to_a_third_county(database, begun):
    award, counties = begun
    first = await hand_over(database, counties, award.id)

    done = await hand_over_back(database, counties, first.new_award_id)

    # Nothing was prepared there: it had the award for no month, and the first one's last is still the last.
    assert (done.last_month, done.first_month) == (NOVEMBER, DECEMBER)
