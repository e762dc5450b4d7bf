"""Holds: while one stands, or a complaint is open, nothing of a case goes, not even its payments' people."""

from datetime import date

import pytest

from app.applications.errors import ApplicationNotFound
from app.applications.lifecycle import Status
from app.complaints.commands import answer_complaint, assign_complaint
from app.complaints.lifecycle import Category
from app.core.errors import RoleNotAllowed
from app.identity.actors import STAFF_ROLES, Role
from app.retention.commands import lift_hold, place_hold
from app.retention.errors import HoldLifted, HoldNotFound
from tests.builders.applications import COUNTY, TOWNSHIP, build_submitted
from tests.builders.awards import build_award
from tests.builders.complaints import build_filed
from tests.builders.people import build_staff
from tests.builders.retention import end_application, is_erased, night_of, opened_text, stop

DAY = date(2026, 11, 23)
DUE = date(2027, 11, 24)


async def _ended(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    await end_application(database, application.id, Status.WITHDRAWN, DAY)
    return application


async def _hold(database, application_id):
    async with database.unit_of_work() as db:
        supervisor = await build_staff(db, Role.SUPERVISOR, COUNTY)
        return supervisor, await place_hold(db, supervisor, application_id, ground="lawsuit", reason="已提起行政诉讼")


async def test_a_held_case_stays_until_the_hold_is_lifted(database, eraser, clock):
    application = await _ended(database)
    supervisor, hold = await _hold(database, application.id)
    other_supervisor, other = await _hold(database, application.id)

    await night_of(eraser, clock, DUE)
    assert not await is_erased(database, application.id)
    async with database.unit_of_work() as db:
        await lift_hold(db, supervisor, hold.id, reason="诉讼已终结")
    await night_of(eraser, clock, date(2027, 11, 25))
    assert not await is_erased(database, application.id), "another one stands"
    async with database.unit_of_work() as db:
        await lift_hold(db, other_supervisor, other.id, reason="审计已结束")
    await night_of(eraser, clock, date(2027, 11, 26))
    assert await is_erased(database, application.id)


async def test_a_hold_covers_award_and_payments_too(database, eraser, clock):
    async with database.unit_of_work() as db:
        award = await build_award(db)
    await stop(database, award.id, date(2027, 4, 1), date(2027, 4, 15))
    _, _ = await _hold(database, award.application_id)

    await night_of(eraser, clock, date(2060, 1, 2))

    assert "测试甲" in await opened_text(database, "awards")


async def test_an_open_complaint_holds_its_case_by_itself(database, eraser, clock):
    application = await _ended(database)
    async with database.unit_of_work() as db:
        filed = await build_filed(db, category=Category.INQUIRY, division=None, application_number=application.number)
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    await night_of(eraser, clock, DUE)
    assert not await is_erased(database, application.id)

    async with database.unit_of_work() as db:
        await assign_complaint(db, county, filed.complaint.id, staff_id=handler.id)
        await answer_complaint(db, handler, filed.complaint.id, text="已答复。")
    await night_of(eraser, clock, date(2027, 11, 25))
    assert await is_erased(database, application.id)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.SUPERVISOR}))
async def test_nobody_but_a_supervisor_holds(database, role):
    application = await _ended(database)
    async with database.unit_of_work() as db:
        actor = await build_staff(db, role, COUNTY)

    with pytest.raises((RoleNotAllowed, ApplicationNotFound)):
        async with database.unit_of_work() as db:
            await place_hold(db, actor, application.id, ground="audit", reason="审计抽查")


async def test_a_supervisor_elsewhere_neither_holds_nor_lifts(database):
    application = await _ended(database)
    _, hold = await _hold(database, application.id)
    async with database.unit_of_work() as db:
        elsewhere = await build_staff(db, Role.SUPERVISOR, "530102000000")

    with pytest.raises(ApplicationNotFound):
        async with database.unit_of_work() as db:
            await place_hold(db, elsewhere, application.id, ground="audit", reason="审计抽查")
    with pytest.raises(HoldNotFound):
        async with database.unit_of_work() as db:
            await lift_hold(db, elsewhere, hold.id, reason="审计已结束")


async def test_a_hold_is_lifted_once(database):
    application = await _ended(database)
    supervisor, hold = await _hold(database, application.id)
    async with database.unit_of_work() as db:
        await lift_hold(db, supervisor, hold.id, reason="诉讼已终结")

    with pytest.raises(HoldLifted):
        async with database.unit_of_work() as db:
            await lift_hold(db, supervisor, hold.id, reason="诉讼已终结")


async def test_what_was_erased_cannot_be_held_any_more(database, eraser, clock):
    application = await _ended(database)
    await night_of(eraser, clock, DUE)

    with pytest.raises(ApplicationNotFound):
        await _hold(database, application.id)
