"""The way from acceptance to decision, told by date. Monday, 23 November 2026, is the day of acceptance."""

from datetime import date, timedelta

import pytest

from app.applications.commands import withdraw_application
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.core.errors import StepNotAllowed
from app.identity.actors import SYSTEM
from app.notices.commands import object_to_notice
from app.notices.errors import NoticeNotFound
from app.notices.jobs import end_notices
from app.notices.lifecycle import Kind
from app.notices.lifecycle import Status as NoticeStatus
from app.notices.queries import find_notice, get_public_notice
from app.review.commands import confirm, record_delivery, refuse, send_back
from app.review.errors import CountyVisitMissing, ReSurveyMissing
from app.review.grounds import RefusalGround
from app.review.lifecycle import Status
from tests.builders.review import (
    AMOUNT,
    appraise,
    build_accepted_case,
    build_office,
    build_verified,
    county_visit,
    decide,
    open_kinds,
    opine,
    react,
    review_of,
    steps_of,
    verify,
    visit,
)


async def _status(database, case):
    async with database.reading() as db:
        return (await get_application(db, SYSTEM, case.id)).status


async def _notice(database, case, kind=Kind.OPINION, round_=1):
    async with database.reading() as db:
        return await find_notice(db, case.id, kind, round_)


async def test_a_household_nobody_objects_to_is_granted_the_allowance_from_the_next_month(database, clock):
    # 23 November: accepted. The survey is due on Thursday.
    office = await build_office(database)
    case = await build_accepted_case(database)
    await react(database, case)
    assert (await steps_of(database, case.id))["survey"].due_on == date(2026, 11, 26)

    # 24 November: two of the township visit; the agencies are still being asked.
    clock.advance(timedelta(days=1))
    await visit(database, case, office)
    assert await open_kinds(database, case) == {"verification"}

    # 25 November: the last agency answers, and the opinion's ten working days begin.
    clock.advance(timedelta(days=1))
    await verify(database, case)
    assert await open_kinds(database, case) == {"opinion"}
    assert (await steps_of(database, case.id))["opinion"].due_on == date(2026, 12, 9)

    # 27 November: a favourable opinion; it hangs in the village until Friday, 4 December.
    clock.advance(timedelta(days=2))
    await opine(database, case, office)
    notice = await _notice(database, case)
    assert (notice.posted_on, notice.ends_on) == (date(2026, 11, 27), date(2026, 12, 4))
    assert (notice.members_count, notice.monthly_amount_fen) == (3, AMOUNT)
    assert await open_kinds(database, case) == {"notice"}

    # 4 December: the last day counts.
    clock.advance(timedelta(days=7))
    await end_notices(database)
    assert (await review_of(database, case)).status == Status.ON_NOTICE

    # 5 December: nobody objected; the county has ten working days.
    clock.advance(timedelta(days=1))
    await end_notices(database)
    assert (await review_of(database, case)).status == Status.WITH_COUNTY
    assert (await steps_of(database, case.id))["confirmation"].due_on == date(2026, 12, 18)

    # 8 December: confirmed, paid from January; the village reads of it.
    clock.advance(timedelta(days=3))
    decision = await decide(database, case, office)
    assert (decision.outcome, decision.monthly_amount_fen) == ("approved", AMOUNT)
    assert decision.first_month == date(2027, 1, 1)
    assert await _status(database, case) == ApplicationStatus.APPROVED
    award = await _notice(database, case, Kind.AWARD)
    assert (award.status, award.posted_on, award.ends_on) == (NoticeStatus.POSTED, date(2026, 12, 8), None)


async def test_a_last_day_on_a_saturday_moves_to_the_next_working_day(database, clock):
    # Saturday, 28 November, seven days on, is a Saturday again.
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    clock.advance(timedelta(days=5))

    await opine(database, case, office)

    assert (await _notice(database, case)).ends_on == date(2026, 12, 7)


async def test_a_notice_over_new_year_ends_on_an_estimated_day_that_is_worked_out_again(database, clock):
    # Posted on Monday, 28 December 2026: the seventh day is Monday, 4 January, of a year not announced yet.
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    clock.advance(timedelta(days=35))
    await opine(database, case, office)
    notice = await _notice(database, case)
    assert (notice.ends_on, notice.ends_provisional) == (date(2027, 1, 4), True)

    # 5 January 2027.
    clock.advance(timedelta(days=8))
    await end_notices(database)

    assert (await _notice(database, case)).status == NoticeStatus.ENDED


async def test_an_objection_leads_to_a_new_survey_and_a_new_opinion_for_the_county(database, clock):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)

    # Two days later a neighbour objects.
    clock.advance(timedelta(days=2))
    async with database.unit_of_work() as db:
        await object_to_notice(db, (await find_notice(db, case.id, Kind.OPINION, 1)).id, statement="他家有一辆面包车。")
    await react(database, case)
    assert (await review_of(database, case)).status == Status.RE_SURVEYING
    assert await open_kinds(database, case) == {"re_survey"}

    # The visit of before does not do.
    with pytest.raises(ReSurveyMissing):
        await opine(database, case, office)

    # An appraisal is held; the new opinion goes to the county and is not posted again.
    clock.advance(timedelta(days=2))
    await appraise(database, case, office)
    await opine(database, case, office)
    assert (await review_of(database, case)).status == Status.WITH_COUNTY
    assert await open_kinds(database, case) == {"confirmation"}
    assert await _notice(database, case, round_=2) is None

    # The time of the first notice passes and changes nothing.
    clock.advance(timedelta(days=10))
    await end_notices(database)
    assert (await _notice(database, case)).status == NoticeStatus.OBJECTED
    assert (await decide(database, case, office)).outcome == "approved"


async def test_an_objection_while_the_papers_are_with_the_county_obliges_it_to_visit(database, clock):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    notice = await _notice(database, case)
    for _ in range(2):
        clock.advance(timedelta(days=1))
        async with database.unit_of_work() as db:
            await object_to_notice(db, notice.id, statement="他家有一辆面包车。")
        if (await review_of(database, case)).status == Status.RE_SURVEYING:
            await visit(database, case, office, way="neighbour", present=[])
            await opine(database, case, office)

    with pytest.raises(CountyVisitMissing):
        await decide(database, case, office)
    await county_visit(database, case, office)
    clock.advance(timedelta(days=7))  # the days of the notice are over

    assert (await decide(database, case, office)).outcome == "approved"


async def test_an_unfavourable_opinion_is_never_posted_and_the_refusal_is_handed_over_in_three_days(database, clock):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False)
    assert await _notice(database, case) is None
    assert (await review_of(database, case)).status == Status.WITH_COUNTY

    # Friday, 27 November: refused. The township hands the decision over by Wednesday.
    clock.advance(timedelta(days=4))
    async with database.unit_of_work() as db:
        decision = await refuse(
            db, office.confirmer, case.id, reasons=["家庭实际居住情况与申报不符。"], ground=RefusalGround.MEMBERS_DIFFER
        )
    await react(database, case)
    assert (decision.outcome, decision.monthly_amount_fen, decision.first_month) == ("refused", 0, None)
    assert await _status(database, case) == ApplicationStatus.REFUSED
    assert (await steps_of(database, case.id))["decision_notice"].due_on == date(2026, 12, 2)
    assert await _notice(database, case, Kind.AWARD) is None

    # 30 November: handed over.
    clock.advance(timedelta(days=3))
    async with database.unit_of_work() as db:
        await record_delivery(db, office.handler, case.id, way="in_person", delivered_on=date(2026, 11, 30))
    assert await open_kinds(database, case) == set()


async def test_what_the_county_sends_back_is_surveyed_and_posted_again(database, clock):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)

    async with database.unit_of_work() as db:
        await send_back(db, office.county_1, case.id, reason="请补充邻里访问。")
    assert (await review_of(database, case)).status == Status.SURVEYING
    assert await open_kinds(database, case) == {"opinion"}

    await visit(database, case, office, way="neighbour", present=[])
    await opine(database, case, office)
    second = await _notice(database, case, round_=2)
    assert (await _notice(database, case)).status == NoticeStatus.ENDED
    assert (second.status, second.ends_on) == (NoticeStatus.POSTED, date(2026, 12, 8))


async def test_a_registered_relative_is_visited_by_the_county_before_it_decides(database, clock):
    office = await build_office(database)
    case = await build_verified(database, relative_of_staff=True)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)

    with pytest.raises(CountyVisitMissing):
        await decide(database, case, office)
    await county_visit(database, case, office)

    assert (await decide(database, case, office)).outcome == "approved"


async def test_a_withdrawn_application_ends_the_review_and_takes_the_notice_down(database, clock):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    notice = await _notice(database, case)

    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)
    with pytest.raises(StepNotAllowed):
        await visit(database, case, office)
    await react(database, case)

    assert (await review_of(database, case)).status == Status.ENDED
    assert (await _notice(database, case)).status == NoticeStatus.WITHDRAWN
    async with database.reading() as db:
        with pytest.raises(NoticeNotFound):
            await get_public_notice(db, notice.id, date(2026, 11, 24))
    clock.advance(timedelta(days=9))
    await end_notices(database)
    assert (await review_of(database, case)).status == Status.ENDED
    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await confirm(db, office.confirmer, case.id)
