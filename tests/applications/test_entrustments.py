"""Applying for somebody who cannot: by her word, for one application, on record, until it is ended."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.applications.commands import (
    Wish,
    accept_application,
    act_for,
    confirm_entrustment,
    discard_draft,
    end_entrustment,
    put_payout_account,
    request_entrustment,
    start_draft,
)
from app.applications.entrustment_lifecycle import LIFECYCLE, Action, Ground, Kind, Status
from app.applications.errors import (
    ApplicationAlreadyOpen,
    ApplicationNotFound,
    ConflictOfInterest,
    EntrustmentNotAllowed,
    EntrustmentNotFound,
)
from app.applications.jobs import forget_unconfirmed
from app.applications.models import Application
from app.applications.queries import get_application
from app.audit.models import AuditRecord
from app.complaints.commands import assign_complaint
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.lifecycle import Lifecycle
from app.identity.actors import Actor, Role
from app.identity.errors import RealNameRequired
from app.identity.models import Citizen, Session
from app.identity.queries import find_citizen_by_id_number
from app.identity.real_names import real_name_of
from tests.builders.applications import TOWNSHIP, VILLAGE, build_submitted
from tests.builders.complaints import build_filed
from tests.builders.people import build_citizen, build_staff, make_id_number
from tests.builders.review import build_office, build_verified, visit

# Written a second time, by hand: status × action → target and who.
ALLOWED = {
    ("requested", "confirm"): ("in_force", {Role.APPLICANT, Role.VILLAGE_HELPER, Role.TOWNSHIP_HANDLER}),
    ("requested", "end"): ("ended", {Role.APPLICANT, Role.VILLAGE_HELPER, Role.TOWNSHIP_HANDLER}),
    ("requested", "lapse"): ("lapsed", {Role.SYSTEM}),
    ("in_force", "end"): (
        "ended",
        {Role.APPLICANT, Role.VILLAGE_HELPER, Role.TOWNSHIP_HANDLER, Role.SYSTEM},
    ),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_every_step_is_allowed_or_refused(status, action, role):
    table: Lifecycle = LIFECYCLE
    target, roles = ALLOWED.get((status, action), (None, set()))
    if target is None:
        with pytest.raises(StepNotAllowed):
            table.step(status, action, role)
    elif role not in roles:
        with pytest.raises(RoleNotAllowed):
            table.step(status, action, role)
    else:
        assert table.step(status, action, role).target == target


def _wish(kind: Kind = Kind.COMMITTEE, **given) -> Wish:
    wish = Wish(
        kind=kind,
        ground=Ground.NO_PHONE,
        division=VILLAGE,
        name="测试癸",
        id_number=make_id_number(date(1948, 5, 6)),
        phone=None,
        record="本人口头委托，在场两人见证。（测试）",
    )
    return replace(wish, **given)


async def _in_force(db, wish: Wish | None = None):
    """Let the village's helper be entrusted, and the township confirm it; returns helper, handler, entrustment."""
    helper = await build_staff(db, Role.VILLAGE_HELPER, VILLAGE)
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    asked = await request_entrustment(db, helper, wish or _wish())
    return helper, handler, await confirm_entrustment(db, handler, asked.id)


def _acting(entrustment) -> Actor:
    return Actor(entrustment.principal_id, Role.APPLICANT, entrustment=entrustment.id)


async def test_who_has_no_telephone_gets_an_account_once_another_has_seen_her(db):
    wish = _wish()
    _, _, entrustment = await _in_force(db, wish)

    citizen = await find_citizen_by_id_number(db, wish.id_number)
    assert (entrustment.status, entrustment.confirmed_how) == (Status.IN_FORCE, "seen")
    assert (citizen.id, real_name_of(db.vault, citizen)) == (entrustment.principal_id, "测试癸")
    assert citizen.phone_sealed is None
    assert entrustment.principal_sealed is None


async def test_who_has_an_account_keeps_it(db):
    wish = _wish()
    before = await build_citizen(db, name="测试癸", id_number=wish.id_number)

    _, _, entrustment = await _in_force(db, wish)

    assert entrustment.principal_id == before.id


async def test_who_acts_does_not_confirm_to_have_seen_her(db):
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    asked = await request_entrustment(db, handler, _wish())

    with pytest.raises(SamePersonNotAllowed):
        await confirm_entrustment(db, handler, asked.id)


async def test_nothing_is_done_before_it_is_in_force_and_by_nobody_else(db, keys):
    helper = await build_staff(db, Role.VILLAGE_HELPER, VILLAGE)
    other = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    asked = await request_entrustment(db, helper, _wish())
    with pytest.raises(StepNotAllowed):
        await act_for(db, keys, helper, asked.id)
    await confirm_entrustment(db, other, asked.id)
    with pytest.raises(RoleNotAllowed):
        await act_for(db, keys, other, asked.id)


async def test_one_application_is_made_and_the_record_says_under_what(db):
    _, _, entrustment = await _in_force(db)
    acting = _acting(entrustment)

    draft = await start_draft(db, acting, "living_allowance", VILLAGE)

    assert (draft.applicant_id, draft.entrustment_id) == (entrustment.principal_id, entrustment.id)
    assert entrustment.application_id == draft.id
    record = (await db.scalars(sa.select(AuditRecord).where(AuditRecord.action == "application.start"))).one()
    assert record.detail["entrustment"] == str(entrustment.id)
    with pytest.raises(ApplicationAlreadyOpen):
        await start_draft(db, acting, "living_allowance", VILLAGE)


async def test_an_agent_who_throws_the_draft_away_begins_one_anew_and_no_second_one_beside_it(db):
    _, _, entrustment = await _in_force(db)
    acting = _acting(entrustment)
    first = await start_draft(db, acting, "living_allowance", VILLAGE)
    await discard_draft(db, acting, first.id)
    assert entrustment.application_id is None, "nothing has come of it"

    again = await start_draft(db, acting, "living_allowance", VILLAGE)

    assert (again.entrustment_id, entrustment.application_id) == (entrustment.id, again.id)
    with pytest.raises(ApplicationAlreadyOpen):
        await start_draft(db, acting, "living_allowance", VILLAGE)


async def test_the_first_draft_says_what_was_entrusted_though_it_was_thrown_away(db):
    _, _, entrustment = await _in_force(db)
    acting = _acting(entrustment)
    first = await start_draft(db, acting, "living_allowance", VILLAGE)
    first.program = "temporary_aid"  # as if one could apply for it
    await discard_draft(db, acting, first.id)

    with pytest.raises(EntrustmentNotAllowed):
        await start_draft(db, acting, "living_allowance", VILLAGE)


async def test_what_she_throws_away_herself_the_agent_does_not_begin_anew(db):
    _, _, entrustment = await _in_force(db)
    acting = _acting(entrustment)
    draft = await start_draft(db, acting, "living_allowance", VILLAGE)

    await discard_draft(db, Actor(entrustment.principal_id, Role.APPLICANT), draft.id)

    with pytest.raises(EntrustmentNotAllowed):
        await start_draft(db, acting, "living_allowance", VILLAGE)


async def test_what_she_did_herself_is_not_the_agents_to_see(db):
    wish = _wish()
    herself = await build_citizen(db, name="测试癸", id_number=wish.id_number)
    own = await start_draft(db, herself, "living_allowance", VILLAGE)
    _, _, entrustment = await _in_force(db, wish)

    with pytest.raises(ApplicationNotFound):
        await get_application(db, _acting(entrustment), own.id)


async def test_the_agent_sets_her_first_account_and_never_another(db):
    _, _, entrustment = await _in_force(db)
    acting = _acting(entrustment)
    await put_payout_account(db, acting, bank_code="RCC", account="9900001234567890128")
    await put_payout_account(db, acting, bank_code="RCC", account="9900001234567890128")

    with pytest.raises(EntrustmentNotAllowed):
        await put_payout_account(db, acting, bank_code="RCC", account="9900009999999999999")


async def test_ending_it_ends_the_sessions_under_it(db, keys):
    helper, handler, entrustment = await _in_force(db)
    await act_for(db, keys, helper, entrustment.id)

    await end_entrustment(db, handler, entrustment.id)
    await end_entrustment(db, handler, entrustment.id)

    session = (await db.scalars(sa.select(Session).where(Session.entrustment_id == entrustment.id))).one()
    await db.refresh(session)
    assert session.revoked_at is not None
    assert (entrustment.status, entrustment.ended_by) == (Status.ENDED, "office")
    with pytest.raises(StepNotAllowed):
        await act_for(db, keys, helper, entrustment.id)


async def test_asking_twice_gives_one(db):
    helper, wish = await build_staff(db, Role.VILLAGE_HELPER, VILLAGE), _wish()

    first, again = await request_entrustment(db, helper, wish), await request_entrustment(db, helper, wish)

    assert first.id == again.id


@pytest.mark.parametrize("kind", [Kind.COMMITTEE, Kind.PERSON])
async def test_a_citizen_acts_as_a_person_and_not_for_himself(db, kind):
    number = make_id_number(date(1990, 1, 1))
    citizen = await build_citizen(db, name="测试壬", id_number=number)

    wish = _wish(kind, id_number=number) if kind is Kind.PERSON else _wish(kind)
    with pytest.raises(EntrustmentNotAllowed):
        await request_entrustment(db, citizen, wish)


async def test_other_posts_are_nobodys_agent(db):
    finance = await build_staff(db, Role.FINANCE, "532529000000")

    with pytest.raises(RoleNotAllowed):
        await request_entrustment(db, finance, _wish())


async def test_a_stranger_does_not_learn_of_it(db):
    _, _, entrustment = await _in_force(db)
    stranger = await build_citizen(db, name="测试壬")

    with pytest.raises(EntrustmentNotFound):
        await end_entrustment(db, stranger, entrustment.id)


async def test_what_nobody_confirms_within_a_week_is_forgotten(database, clock):
    async with database.unit_of_work() as db:
        helper = await build_staff(db, Role.VILLAGE_HELPER, VILLAGE)
        asked = await request_entrustment(db, helper, _wish())
    clock.advance(timedelta(days=7, minutes=1))

    await forget_unconfirmed(database)

    async with database.reading() as db:
        lapsed = await db.get(type(asked), asked.id)
        assert (lapsed.status, lapsed.principal_sealed) == (Status.LAPSED, None)


async def test_an_account_without_a_real_name_acts_for_nobody(db):
    nameless = await build_citizen(db)
    (await db.get(Citizen, nameless.id)).real_name_proved_at = None

    with pytest.raises(RealNameRequired):
        await request_entrustment(db, nameless, _wish(Kind.PERSON))


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize("role", [Role.VILLAGE_HELPER, Role.TOWNSHIP_HANDLER])
async def test_who_made_the_application_for_her_does_not_see_to_it_by_post(db, role, ended):
    agent = await build_staff(db, role, VILLAGE if role is Role.VILLAGE_HELPER else TOWNSHIP)
    other = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    asked = await request_entrustment(db, agent, _wish())
    entrustment = await confirm_entrustment(db, other, asked.id)
    case = await build_submitted(db)
    entrustment.application_id = case.id
    if ended:
        await end_entrustment(db, other, entrustment.id)
    await db.flush()

    for attempt in (
        lambda: get_application(db, agent, case.id),
        lambda: accept_application(db, agent, case.id, relative_of_staff=False),
    ):
        with pytest.raises(ConflictOfInterest):
            await attempt()
    assert (await get_application(db, other, case.id)).id == case.id
    assert (await accept_application(db, other, case.id, relative_of_staff=False)).status == "accepted"


async def test_an_agent_does_not_sign_the_visit_nor_get_the_complaint(database):
    office, case = await build_office(database), await build_verified(database)
    async with database.unit_of_work() as db:
        asked = await request_entrustment(db, office.handler, _wish())
        (await confirm_entrustment(db, office.second, asked.id)).application_id = case.id
        number = (await db.get_one(Application, case.id)).number
        complaint = (await build_filed(db, division=None, application_number=number)).complaint

    with pytest.raises(ConflictOfInterest):
        await visit(database, case, office)
    with pytest.raises(ConflictOfInterest):
        async with database.unit_of_work() as db:
            await assign_complaint(db, office.county_1, complaint.id, staff_id=office.handler.id)
