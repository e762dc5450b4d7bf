"""The right place, over the database: asked at submission and at acceptance, told where it is another one."""

from dataclasses import replace
from datetime import date

import pytest

from app.applications.claim_queries import list_claims
from app.applications.commands import (
    accept_application,
    edit_draft,
    put_member,
    redirect_application,
    submit_application,
)
from app.applications.errors import PlaceNotElsewhere, WrongPlace
from app.applications.household import plain_residence
from app.applications.lifecycle import Status
from app.applications.queries import get_whole_application, list_steps
from app.identity.actors import SYSTEM, Role
from app.reference.commands import LocalParameter, put_parameter
from app.reference.divisions import NATION
from app.reference.errors import DivisionUnknown, ParameterInvalid
from tests.builders.applications import TOWNSHIP, VILLAGE, Household, build_draft, build_household, build_submitted
from tests.builders.people import build_staff

ELSEWHERE = "440305001001"  # of a province that is not on the register
NEXT_TOWNSHIP = "532529203000"


async def _registered_at(db, household: Household, division: str, *relations: str):
    """Make a draft, and say that these members are registered elsewhere."""
    draft = await build_draft(db, household)
    for member_id, details in household.members:
        if details.relation in relations:
            said = replace(details, profile={**details.profile, "hukou_division": division})
            await put_member(db, household.applicant, draft.id, member_id, said, seen=draft.version)
    return draft


def _permit(since: str) -> dict:
    return {"residence": {"division": VILLAGE, "since": since, "permit": "stable_job"}}


async def _open_to_permits(db, area: str = "532529000000") -> None:
    await put_parameter(
        db, LocalParameter("procedure", "residence_applications", area, True, "测试规定", date(2026, 1, 1))
    )


async def test_a_household_registered_elsewhere_is_told_where_and_changes_nothing(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await _registered_at(db, household, ELSEWHERE, "self", "spouse", "child")

    with pytest.raises(WrongPlace) as refusal:
        async with database.unit_of_work() as db:
            await submit_application(db, household.applicant, draft.id, truth_promised=True)

    (fault,) = refusal.value.faults
    assert (fault.pointer, fault.about) == ("/division", "not_registered_here")
    assert refusal.value.extra["places"] == [{"division": ELSEWHERE, "name": None}]
    async with database.reading() as db:
        assert (await get_whole_application(db, SYSTEM, draft.id)).status == Status.DRAFT


async def test_a_permit_opens_the_place_where_the_county_takes_it(db):
    household = await build_household(db)
    draft = await _registered_at(db, household, ELSEWHERE, "self", "spouse", "child")
    await edit_draft(db, household.applicant, draft.id, _permit("2026-01-01"), seen=draft.version)
    with pytest.raises(WrongPlace) as refusal:
        await submit_application(db, household.applicant, draft.id, truth_promised=True)
    assert refusal.value.faults[0].about == "permit_not_taken_here"

    await _open_to_permits(db)
    handed_in = await submit_application(db, household.applicant, draft.id, truth_promised=True)

    assert handed_in.status is Status.SUBMITTED


async def test_what_the_place_has_set_since_counts_when_the_township_accepts(db):
    household = await build_household(db)
    draft = await _registered_at(db, household, ELSEWHERE, "self", "spouse", "child")
    await edit_draft(db, household.applicant, draft.id, _permit("2026-01-01"), seen=draft.version)
    await _open_to_permits(db)
    await submit_application(db, household.applicant, draft.id, truth_promised=True)
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    await put_parameter(
        db,
        LocalParameter("procedure", "residence_applications", "532529000000", False, "测试规定", date(2026, 11, 1)),
    )

    with pytest.raises(WrongPlace):
        await accept_application(db, handler, draft.id, relative_of_staff=False)


async def test_part_of_a_residence_can_be_changed_and_all_of_it_removed(db):
    household = await build_household(db)
    draft = await build_draft(db, household)
    actor = household.applicant
    await edit_draft(db, actor, draft.id, _permit("2026-01-01"), seen=draft.version)

    await edit_draft(db, actor, draft.id, {"residence": {"since": "2025-01-01"}}, seen=draft.version)
    kept = plain_residence(db, draft)
    await edit_draft(db, actor, draft.id, {"residence": None}, seen=draft.version)

    assert kept == {"division": VILLAGE, "since": "2025-01-01", "permit": "stable_job"}
    assert plain_residence(db, draft) is None


async def test_a_place_that_is_not_on_the_register_of_its_province_is_refused(db):
    household = await build_household(db)
    with pytest.raises(DivisionUnknown):
        await _registered_at(db, household, "532529103999", "self")


async def test_the_township_names_the_right_place_and_everybody_may_apply_there_at_once(db):
    household = await build_household(db)
    application = await build_submitted(db, household)
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)

    done = await redirect_application(db, handler, application.id, to=NEXT_TOWNSHIP, reason="户籍已迁出。（测试）")

    assert (done.status, done.redirected_to) == (Status.REDIRECTED, NEXT_TOWNSHIP)
    assert await list_claims(db, application.id) == []
    assert [step.outcome for step in await list_steps(db, application.id)] == ["redirected"]


@pytest.mark.parametrize("to", [TOWNSHIP, VILLAGE, "532529000000", "530000000000"])
async def test_nobody_is_sent_back_to_where_he_is(db, to):
    application = await build_submitted(db)
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)

    with pytest.raises(PlaceNotElsewhere):
        await redirect_application(db, handler, application.id, to=to, reason="（测试）")


@pytest.mark.parametrize(
    ("name", "value", "pointer"),
    [
        ("residence_applications", "yes", "/value"),
        ("different_counties", "anywhere", "/value"),
        ("colour_of_the_form", True, "/name"),
    ],
)
async def test_a_place_sets_only_what_there_is_to_set(db, name, value, pointer):
    with pytest.raises(ParameterInvalid) as refusal:
        await put_parameter(db, LocalParameter("procedure", name, NATION, value, "测试规定", date(2026, 1, 1)))

    assert [fault.pointer for fault in refusal.value.faults] == [pointer]
