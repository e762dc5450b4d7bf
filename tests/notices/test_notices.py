"""Posting, objecting, ending, taking down: once each, whatever happens twice or at the same moment."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from app.applications.commands import MemberDetails
from app.applications.models import Application
from app.core.ids import new_id, number_is_valid
from app.events.queries import list_subject_events
from app.identity.actors import SYSTEM, Role
from app.identity.errors import NameMalformed, PhoneMalformed
from app.notices.commands import object_to_notice, take_down_award
from app.notices.errors import NoticeClosed, NoticeNotFound
from app.notices.jobs import end_notices
from app.notices.lifecycle import Kind, Status
from app.notices.models import Notice, Objection
from app.notices.queries import (
    Posted,
    find_notice,
    find_objection,
    get_board,
    get_public_notice,
    list_notices,
    list_objections,
    name_on,
)
from app.reference.commands import load_calendar_year
from app.review.commands import send_back
from app.review.errors import NoticeRunning
from app.review.lifecycle import Status as ReviewStatus
from tests.builders.applications import VILLAGE, Household
from tests.builders.people import build_citizen, build_staff, make_id_number
from tests.builders.review import (
    AMOUNT,
    build_office,
    build_verified,
    decide,
    open_kinds,
    opine,
    react,
    review_of,
    visit,
)

STATEMENT = "他家在县城有门面出租。"


async def posted(database, office, **given):
    """Bring a case on notice; returns it with its notice."""
    case = await build_verified(database, **given)
    await visit(database, case, office)
    await opine(database, case, office)
    return case, await notice_of(database, case)


async def notice_of(database, case, kind=Kind.OPINION) -> Notice:
    async with database.reading() as db:
        found = await find_notice(db, case.id, kind, 1)
    assert found is not None
    return found


async def shown(database, notice) -> str:
    """Return the name on a notice, which its row does not hold in clear."""
    async with database.reading() as db:
        return name_on(db.vault, notice)


async def public(database, day, village: str = VILLAGE) -> list[Posted]:
    return list((await get_board(database, village, day, after=None, limit=100)).notices)


async def object_(database, notice, **given):
    async with database.unit_of_work() as db:
        return await object_to_notice(db, notice.id, statement=STATEMENT, **given)


async def test_a_notice_holds_name_members_and_amount(database):
    case, notice = await posted(database, await build_office(database))

    assert (await shown(database, notice), notice.members_count, notice.monthly_amount_fen) == ("测试甲", 3, AMOUNT)
    assert (notice.division, notice.county, notice.application_id) == (VILLAGE, VILLAGE[:6], case.id)
    assert (notice.posted_on, notice.ends_on) == (date(2026, 11, 23), date(2026, 11, 30))


async def test_an_opinion_heard_of_twice_is_posted_once(database):
    case, _ = await posted(database, await build_office(database))

    await react(database, case)
    await asyncio.gather(react(database, case), react(database, case))

    async with database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(Notice)) == 1
        told = [e for e in await list_subject_events(db, case.id) if e.type == "notice.posted"]
    assert len(told) == 1


async def test_an_opinion_heard_of_late_is_not_posted_when_the_matter_has_moved_on(database):
    office = await build_office(database)
    case, notice = await posted(database, office)
    await object_(database, notice)
    async with database.unit_of_work() as db:
        await db.execute(text("UPDATE notices SET round = 9"))  # as if the first had never been posted

    await react(database, case)

    async with database.reading() as db:
        assert await find_notice(db, case.id, Kind.OPINION, 1) is None


async def test_a_childs_name_is_masked(database):
    async with database.unit_of_work() as db:
        child, guardian = make_id_number(date(2012, 3, 4)), make_id_number()
        applicant = await build_citizen(db, name="测试小明", id_number=child)
    members = (
        (new_id(), MemberDetails("self", "测试小明", child, {"can_work": False})),
        (new_id(), MemberDetails("grandparent", "测试爷", guardian)),
    )
    household = Household(applicant, members)

    # Nobody under age signs, so this one applies as an adult would, and is a child again when the notice is posted.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.applications.household.ADULT_AGE", 0)
        office = await build_office(database)
        case = await build_verified(database, household=household)
        await visit(database, case, office)
    await opine(database, case, office)

    assert await shown(database, await notice_of(database, case)) == "测**"


async def test_the_public_sees_a_notice_through_its_last_day_and_not_after(database, clock):
    _, notice = await posted(database, await build_office(database))

    assert [n.id for n in await public(database, date(2026, 11, 30))] == [notice.id]
    # The sweep has not run: the date alone takes it down.
    assert await public(database, date(2026, 12, 1)) == []
    async with database.reading() as db:
        with pytest.raises(NoticeNotFound):
            await get_public_notice(db, notice.id, date(2026, 12, 1))


async def test_a_notice_hangs_in_its_own_village_only(database):
    await posted(database, await build_office(database))

    assert not await public(database, date(2026, 11, 24), "532529103205")


async def test_an_objection_gets_a_number_and_a_code_that_open_it(database):
    case, notice = await posted(database, await build_office(database))

    receipt = await object_(database, notice, name="测试丁", phone="19000000042")

    assert number_is_valid(receipt.number)
    assert receipt.number.startswith("YY532529")
    async with database.reading() as db:
        found = await find_objection(db, receipt.number)
        assert db.vault.open("objections.statement", found.id, found.statement_sealed) == STATEMENT
        stored = (await db.execute(text("SELECT objections::text FROM objections"))).scalar_one()
    assert receipt.code not in stored
    assert "测试丁" not in stored
    assert (await notice_of(database, case)).status == Status.OBJECTED
    assert (await review_of(database, case)).status == ReviewStatus.RE_SURVEYING
    assert await open_kinds(database, case) == {"re_survey"}


async def test_others_may_object_too_while_it_hangs(database, clock):
    case, notice = await posted(database, await build_office(database))

    await object_(database, notice)
    clock.advance(timedelta(days=1))
    await object_(database, notice)

    async with database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(Objection)) == 2
        steps = [e.type for e in await list_subject_events(db, case.id) if e.type == "notice.objected"]
    assert len(steps) == 2
    assert [n.id for n in await public(database, date(2026, 11, 24))] == [notice.id]


async def test_what_the_objector_says_about_himself_must_be_readable(database):
    _, notice = await posted(database, await build_office(database))

    with pytest.raises(PhoneMalformed):
        await object_(database, notice, phone="12345678901")
    with pytest.raises(NameMalformed):
        await object_(database, notice, name="测\u0007试")

    async with database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(Objection)) == 0


async def test_an_objection_on_the_last_day_counts_and_one_after_it_is_refused(database, clock):
    office = await build_office(database)
    _, in_time = await posted(database, office)
    clock.advance(timedelta(days=7))
    await object_(database, in_time)

    case, late = await posted(database, office)
    clock.advance(timedelta(days=8))
    with pytest.raises(NoticeClosed):
        await object_(database, late)
    await end_notices(database)
    with pytest.raises(NoticeClosed):
        await object_(database, late)
    assert (await review_of(database, case)).status == ReviewStatus.WITH_COUNTY


async def test_an_objection_to_nothing_is_not_found(database):
    async with database.unit_of_work() as db:
        with pytest.raises(NoticeNotFound):
            await object_to_notice(db, new_id(), statement=STATEMENT)


async def test_an_award_hangs_until_it_ends_and_cannot_be_objected_to(database, clock):
    office = await build_office(database)
    case, _ = await posted(database, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    await decide(database, case, office)
    await react(database, case)
    award = await notice_of(database, case, Kind.AWARD)

    with pytest.raises(NoticeClosed):
        await object_(database, award)
    clock.advance(timedelta(days=400))
    await end_notices(database)
    assert [n.id for n in await public(database, date(2028, 1, 5))] == [award.id]

    async with database.unit_of_work() as db:
        assert [n.id for n in await take_down_award(db, case.id)] == [award.id]
        assert list(await take_down_award(db, case.id)) == []
    assert await public(database, date(2028, 1, 5)) == []


async def test_what_hangs_about_an_opinion_goes_down_with_the_decision(database, clock):
    office = await build_office(database)
    case, notice = await posted(database, office)
    await object_(database, notice)
    clock.advance(timedelta(days=1))
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=7))

    await decide(database, case, office)

    assert (await notice_of(database, case)).status == Status.WITHDRAWN
    assert [n.kind for n in await public(database, date(2026, 12, 1))] == [Kind.AWARD]


async def test_nothing_is_granted_before_the_last_day_of_the_notice_is_over_whoever_has_objected(database, clock):
    office = await build_office(database)
    case, notice = await posted(database, office)
    await object_(database, notice)
    clock.advance(timedelta(days=1))
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=6))

    with pytest.raises(NoticeRunning):  # 30 November: others may still object
        await decide(database, case, office)
    clock.advance(timedelta(days=1))

    assert (await decide(database, case, office)).outcome == "approved"


async def test_what_hangs_about_an_opinion_goes_down_when_the_papers_are_given_back(database, clock):
    office = await build_office(database)
    case, notice = await posted(database, office)
    await object_(database, notice)
    await visit(database, case, office)
    await opine(database, case, office)
    async with database.unit_of_work() as db:
        await send_back(db, office.county_1, case.id, reason="请核实收入。（测试）")

    # Before the worker has heard of it somebody objects still: heard, and the household is looked at again anyhow.
    await object_(database, notice)
    assert (await review_of(database, case)).status == ReviewStatus.SURVEYING

    # Afterwards only the next opinion hangs, however often it is told, and an objection to the old one is too late.
    await react(database, case)
    await opine(database, case, office)
    await react(database, case)
    (hanging,) = await public(database, date(2026, 11, 24))
    assert hanging.id != notice.id
    assert (await notice_of(database, case)).status == Status.WITHDRAWN
    with pytest.raises(NoticeClosed):
        await object_(database, notice)

    clock.advance(timedelta(days=8))
    await end_notices(database)
    assert (await review_of(database, case)).status == ReviewStatus.WITH_COUNTY


async def test_two_workers_end_a_notice_once(database, clock):
    case, _ = await posted(database, await build_office(database))
    clock.advance(timedelta(days=8))

    await asyncio.gather(*(end_notices(database) for _ in range(4)))
    await end_notices(database)

    async with database.reading() as db:
        told = [e for e in await list_subject_events(db, case.id) if e.type == "notice.ended"]
    assert len(told) == 1
    assert await open_kinds(database, case) == {"confirmation"}


async def test_a_sweep_leaves_alone_what_somebody_holds(database, clock):
    case, _ = await posted(database, await build_office(database))
    clock.advance(timedelta(days=8))

    async with database.unit_of_work() as holder:
        await holder.execute(select(Application).where(Application.id == case.id).with_for_update())
        await asyncio.wait_for(end_notices(database), 5)
        assert (await notice_of(database, case)).status == Status.POSTED

    await end_notices(database)
    assert (await notice_of(database, case)).status == Status.ENDED


async def test_a_last_day_announced_to_be_off_is_moved_before_the_notice_ends(database, clock):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    clock.advance(timedelta(days=35))
    await opine(database, case, office)
    assert (await notice_of(database, case)).ends_on == date(2027, 1, 4)

    # The notice of the State Council comes: Monday, 4 January, is off.
    days = {date(2027, 1, 1): False, date(2027, 1, 4): False, **{date(2027, 10, d): False for d in (1, 4, 5, 6, 7)}}
    days |= {date(2027, 2, d): False for d in (5, 8, 9, 10, 11)}
    async with database.unit_of_work() as db:
        await load_calendar_year(db, 2027, days, "测试通知")
    try:
        clock.advance(timedelta(days=8))
        await end_notices(database)
        moved = await notice_of(database, case)
        assert (moved.status, moved.ends_on, moved.ends_provisional) == (Status.POSTED, date(2027, 1, 5), False)
        clock.advance(timedelta(days=1))
        await end_notices(database)
        assert (await notice_of(database, case)).status == Status.ENDED
    finally:
        async with database.unit_of_work() as db:
            await db.execute(text("DELETE FROM calendar_days WHERE day >= '2027-01-01'"))
            await db.execute(text("DELETE FROM calendar_years WHERE year = 2027"))


async def test_one_notice_that_cannot_be_ended_does_not_hold_up_the_others(database, clock):
    office = await build_office(database)
    first, _ = await posted(database, office)
    second, _ = await posted(database, office)
    clock.advance(timedelta(days=8))
    async with database.unit_of_work() as db:
        await db.execute(text("UPDATE reviews SET status = 'ended' WHERE application_id = :id"), {"id": first.id})

    await end_notices(database)

    assert (await notice_of(database, first)).status == Status.POSTED
    assert (await notice_of(database, second)).status == Status.ENDED


async def test_staff_see_the_notices_of_their_division_and_deciders_the_objections(database):
    office = await build_office(database)
    _, notice = await posted(database, office)
    await object_(database, notice)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.TOWNSHIP_HANDLER, "532529104000")

    async with database.reading() as db:

        async def seen(actor):
            rows = await list_notices(db, actor, status=None, after=None, limit=10)
            return len(rows), len(await list_objections(db, actor, [row.id for row in rows]))

        assert await seen(office.handler) == (1, 1)
        assert await seen(office.confirmer) == (1, 1)
        assert await seen(office.helper) == (1, 0)
        assert await seen(stranger) == (0, 0)
        assert await seen(SYSTEM) == (1, 0)
        assert not await list_notices(db, office.handler, status=Status.ENDED, after=None, limit=10)
