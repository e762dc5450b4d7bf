"""Where the power to confirm lies with the township: another person decides, in 20 working days; the county looks
on."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.applications.clocks import StepKind
from app.applications.queries import get_application
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.events.base import rebuild
from app.events.queries import list_subject_events
from app.identity.actors import SYSTEM, Actor, Role
from app.letters.jobs import write_letter
from app.letters.models import Letter
from app.notices.jobs import end_notices
from app.reference.commands import LocalParameter, put_parameter
from app.review.authority import actions_for
from app.review.commands import confirm, send_back
from app.review.decisions import open_decision
from app.review.lifecycle import Action, Status
from app.review.queries import list_delegated
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.people import build_staff
from tests.builders.review import (
    build_office,
    build_verified,
    open_kinds,
    opine,
    react,
    review_of,
    steps_of,
    visit,
)


async def _delegate(database, area: str = TOWNSHIP, since: date = date(2026, 7, 1)) -> None:
    async with database.unit_of_work() as db:
        await put_parameter(db, LocalParameter("procedure", "confirmed_by", area, "township", "测试规定", since))


async def _on_notice_ended(database, clock):
    """Bring a household to where it is to be decided."""
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    async with database.unit_of_work() as db:
        confirmer = await build_staff(db, Role.TOWNSHIP_CONFIRMER, TOWNSHIP)
    return office, case, confirmer


async def _confirm(database, actor, case):
    async with database.unit_of_work() as db:
        decision = await confirm(db, actor, case.id)
    await react(database, case)
    return decision


async def test_the_township_decides_within_twenty_working_days_and_another_person_of_it(database, clock):
    await _delegate(database)
    office, case, confirmer = await _on_notice_ended(database, clock)

    async with database.reading() as db:
        application = await get_application(db, SYSTEM, case.id)
    assert (application.confirmed_by, application.decide_by) == ("township", date(2026, 12, 21))
    step = (await steps_of(database, case.id))[StepKind.TOWNSHIP_CONFIRMATION]
    assert step.responsible == "township"
    for nobody in (office.confirmer, office.reviewer):
        with pytest.raises(RoleNotAllowed):
            await _confirm(database, nobody, case)
    decision = await _confirm(database, confirmer, case)

    async with database.reading() as db:
        body = open_decision(db, decision)["decision"]
    assert (body["decided_at_level"], body["decided_by_role"]) == ("township", "township_confirmer")
    assert any(law.endswith("第二条") for law in decision.basis)
    assert await open_kinds(database, case) == set()


async def test_who_took_part_does_not_decide(database, clock):
    await _delegate(database)
    office, case, _ = await _on_notice_ended(database, clock)
    promoted = Actor(office.reviewer.id, Role.TOWNSHIP_CONFIRMER, TOWNSHIP)  # who gave the opinion, in another post

    with pytest.raises(SamePersonNotAllowed):
        await _confirm(database, promoted, case)


async def test_without_an_order_the_county_decides_and_no_township(database, clock):
    office, case, confirmer = await _on_notice_ended(database, clock)
    with pytest.raises(RoleNotAllowed):
        await _confirm(database, confirmer, case)
    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await send_back(db, confirmer, case.id, reason="（测试）")

    assert await open_kinds(database, case) == {StepKind.CONFIRMATION}
    assert (await _confirm(database, office.confirmer, case)).outcome == "approved"


async def test_an_order_that_comes_later_changes_no_case_under_way(database, clock):
    office, case, confirmer = await _on_notice_ended(database, clock)
    await _delegate(database)

    with pytest.raises(RoleNotAllowed):
        await _confirm(database, confirmer, case)
    assert (await _confirm(database, office.confirmer, case)).outcome == "approved"


async def test_an_order_of_the_county_holds_in_its_townships_from_its_day_on(database):
    await _delegate(database, COUNTY, date(2026, 11, 24))
    case = await build_verified(database)
    async with database.reading() as db:
        assert (await get_application(db, SYSTEM, case.id)).confirmed_by == "county"


async def test_what_may_be_done_is_shown_to_who_may_do_it(database, clock):
    await _delegate(database)
    _, case, _ = await _on_notice_ended(database, clock)
    async with database.reading() as db:
        application = await get_application(db, SYSTEM, case.id)

    status = (await review_of(database, case)).status
    assert status == Status.WITH_COUNTY
    assert Action.CONFIRM in actions_for(application, status, Role.TOWNSHIP_CONFIRMER)
    assert Action.CONFIRM not in actions_for(application, status, Role.COUNTY_CONFIRMER)
    assert Action.SEND_BACK in actions_for(application, status, Role.COUNTY_CONFIRMER)


async def test_the_county_reads_what_its_townships_decided_and_nobody_else_does(database, clock):
    await _delegate(database)
    office, case, confirmer = await _on_notice_ended(database, clock)
    decision = await _confirm(database, confirmer, case)

    async with database.reading() as db:
        (seen,) = await list_delegated(db, office.confirmer, after=None, limit=10)
        assert seen.id == decision.id
        elsewhere = await build_elsewhere(database)
        assert list(await list_delegated(db, elsewhere, after=None, limit=10)) == []
        with pytest.raises(RoleNotAllowed):
            await list_delegated(db, office.reviewer, after=None, limit=10)


async def build_elsewhere(database):
    """Make a handler of another county."""
    async with database.unit_of_work() as db:
        return await build_staff(db, Role.COUNTY_HANDLER, "530622000000")


async def test_the_letter_speaks_in_the_townships_name(database, clock):
    await _delegate(database)
    _, case, confirmer = await _on_notice_ended(database, clock)
    await _confirm(database, confirmer, case)
    async with database.reading() as db:
        (record,) = [e for e in await list_subject_events(db, case.id) if e.type == "decision.made"]
    await write_letter(database, rebuild(record.type, record.subject, record.county, record.data))

    async with database.reading() as db:
        letter = (await db.scalars(select(Letter).where(Letter.application_id == case.id))).one()
    assert letter.authority == TOWNSHIP
