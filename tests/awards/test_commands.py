"""From a decision to an award, and how it is held back, resumed and stopped."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.applications.claim_queries import list_claims
from app.applications.clocks import StepKind
from app.applications.queries import find_open_step, list_steps
from app.awards.commands import resume_award, stop_award, suspend_award
from app.awards.errors import (
    AwardNotFound,
    AwardWithoutDecision,
    HearingDateOutOfRange,
    HearingRequired,
    LastMonthOutOfRange,
    StopUnreasoned,
)
from app.awards.jobs import open_award
from app.awards.lifecycle import Status, StopGround, SuspendReason
from app.awards.models import Award
from app.awards.queries import find_award_of, get_award, list_awards, list_hearings
from app.core.clock import today
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.events.queries import list_subject_events
from app.identity.actors import SYSTEM, Role
from app.review.events import DecisionMade
from tests.builders.awards import COUNTY, Grant, build_award, build_decision, recipient_of
from tests.builders.hearings import hear_about_less, hear_about_stop, hear_and_stop
from tests.builders.payrolls import build_office
from tests.builders.people import build_staff

DECEMBER = date(2026, 12, 1)


def told(decision, application) -> DecisionMade:
    return DecisionMade(
        subject=application.id,
        county=application.county,
        applicant_id=application.applicant_id,
        decision_id=decision.id,
        outcome=decision.outcome,
    )


async def test_an_approval_opens_one_award_however_often_it_is_told(database):
    async with database.unit_of_work() as db:
        decision, application, applicant = await build_decision(db, Grant(amount_fen=48_650))

    for _ in range(3):
        await open_award(database, told(decision, application))

    async with database.reading() as db:
        (award,) = await list_awards(db, applicant, status=None, after=None, limit=10)
        events = await list_subject_events(db, award.id)
        step = await find_open_step(db, application.id, StepKind.FIRST_PAYMENT)
    assert (award.monthly_amount_fen, award.from_month, award.status) == (48_650, DECEMBER, Status.ACTIVE)
    assert (award.decision_id, award.application_id) == (decision.id, application.id)
    assert [event.type for event in events] == ["award.opened"]
    assert step is not None
    assert step.due_on == date(2026, 12, 10)


async def test_a_refusal_opens_nothing(database):
    async with database.unit_of_work() as db:
        decision, application, _ = await build_decision(db, Grant(), outcome="refused")

    await open_award(database, told(decision, application))

    async with database.reading() as db:
        assert await find_award_of(db, application.id) is None


async def test_an_event_that_no_approval_stands_behind_opens_nothing(database):
    async with database.unit_of_work() as db:
        decision, application, applicant = await build_decision(db, Grant(), outcome="refused")
    lie = DecisionMade(
        subject=application.id,
        county=COUNTY,
        applicant_id=applicant.id,
        decision_id=decision.id,
        outcome="approved",
    )

    with pytest.raises(AwardWithoutDecision):
        await open_award(database, lie)


async def test_the_database_takes_no_award_without_a_decision(database):
    async with database.unit_of_work() as db:
        award = await build_award(db)
    change = update(Award).where(Award.id == award.id).values(decision_id=new_id())

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(change)


async def test_a_stop_needs_a_hearing_first(database):
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)

    with pytest.raises(HearingRequired):
        async with database.unit_of_work() as db:
            await stop_award(
                db,
                office.confirmer,
                award.id,
                ground=StopGround.INCOME,
                reason="家庭人均收入超过标准",
                last_month=DECEMBER,
            )

    async with database.reading() as db:
        assert (await get_award(db, SYSTEM, award.id)).status == Status.ACTIVE


async def test_a_stop_after_a_hearing_keeps_everybodys_place_until_its_last_month_is_over(database):
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)
        await hear_about_stop(db, office.handler, award.id, opinion="没有异议")

    async with database.unit_of_work() as db:
        await stop_award(
            db, office.confirmer, award.id, ground=StopGround.INCOME, reason="家庭人均收入超过标准", last_month=DECEMBER
        )

    async with database.reading() as db:
        stopped = await get_award(db, SYSTEM, award.id)
        assert (stopped.status, stopped.to_month) == (Status.STOPPED, DECEMBER)
        assert len(await list_claims(db, award.application_id)) == 1
        assert [e.type for e in await list_subject_events(db, award.id)] == ["award.recipient_heard", "award.stopped"]
        (hearing,) = await list_hearings(db, award.id)
        assert "没有异议".encode() not in hearing.opinion_sealed


async def test_a_hearing_about_a_reduction_does_not_carry_a_stop(database):
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)
        await hear_about_less(db, office.handler, award.id)

    with pytest.raises(HearingRequired):
        async with database.unit_of_work() as db:
            await stop_award(
                db,
                office.confirmer,
                award.id,
                ground=StopGround.INCOME,
                reason="家庭人均收入超过标准",
                last_month=DECEMBER,
            )


async def test_a_hearing_before_the_award_was_resumed_is_spent(database, clock):
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)
        await suspend_award(db, office.handler, award.id, reason=SuspendReason.COMPLAINT)
        await hear_about_stop(db, office.handler, award.id, opinion="不同意")
        await resume_award(db, office.handler, award.id)
    clock.advance(timedelta(days=1))

    with pytest.raises(HearingRequired):
        async with database.unit_of_work() as db:
            await stop_award(
                db,
                office.confirmer,
                award.id,
                ground=StopGround.INCOME,
                reason="家庭人均收入超过标准",
                last_month=DECEMBER,
            )


@pytest.mark.parametrize("reason", ["收入多", "。。。。。。。。。。。。", "收入收入收入收入收入收入"])
async def test_a_reason_that_says_nothing_stops_no_award(database, reason):
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)
        await hear_about_stop(db, office.handler, award.id)

    given = {"ground": StopGround.INCOME, "reason": reason, "last_month": DECEMBER}
    with pytest.raises(StopUnreasoned) as refused:
        async with database.unit_of_work() as db:
            await stop_award(db, office.confirmer, award.id, **given)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/reason", "too_short")]


@pytest.mark.parametrize("last_month", [date(2026, 10, 1), date(2027, 1, 1)])
async def test_the_last_month_lies_in_range(database, last_month):
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)
        await hear_about_stop(db, office.handler, award.id, StopGround.REQUEST)

    with pytest.raises(LastMonthOutOfRange):
        async with database.unit_of_work() as db:
            await stop_award(
                db,
                office.confirmer,
                award.id,
                ground=StopGround.REQUEST,
                reason="本人已就业，申请退出。（测试）",
                last_month=last_month,
            )


async def test_an_award_that_stops_before_it_began_ends_the_wait_for_money(database):
    async with database.unit_of_work() as db:
        decision, application, _ = await build_decision(db, Grant())
        office = await build_office(db)
    await open_award(database, told(decision, application))
    async with database.unit_of_work() as db:
        award = await find_award_of(db, application.id)
        await hear_and_stop(
            db, office.handler, office.confirmer, award.id, StopGround.REQUEST, last_month=date(2026, 11, 1)
        )

    async with database.reading() as db:
        way = [(step.kind, step.outcome) for step in await list_steps(db, application.id)]
    assert way == [(StepKind.FIRST_PAYMENT, "stopped"), (StepKind.AWARD_DECISION, "stopped")]


async def test_a_hearing_is_not_in_the_future(database):
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)
        tomorrow = today(db.clock) + timedelta(days=1)

    with pytest.raises(HearingDateOutOfRange):
        async with database.unit_of_work() as db:
            await hear_about_stop(db, office.handler, award.id, heard_on=tomorrow)


async def test_only_the_confirmer_stops(database):
    async with database.unit_of_work() as db:
        award, office = await build_award(db), await build_office(db)

    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await stop_award(
                db,
                office.handler,
                award.id,
                ground=StopGround.FRAUD,
                reason="家庭人均收入超过标准",
                last_month=DECEMBER,
            )


async def test_an_award_elsewhere_is_not_found(database):
    async with database.unit_of_work() as db:
        award = await build_award(db)
        stranger = await build_staff(db, Role.COUNTY_HANDLER, "530102000000")
        other = recipient_of(await build_award(db))

    for actor in (stranger, other):
        with pytest.raises(AwardNotFound):
            async with database.unit_of_work() as db:
                await suspend_award(db, actor, award.id, reason=SuspendReason.COMPLAINT)
    async with database.reading() as db:
        assert (await db.execute(select(func.count()).where(Award.status != Status.ACTIVE))).scalar_one() == 0
