"""More time to decide rests on something that the case bears out (notice of 2022)."""

from datetime import date

import pytest

from app.applications.commands import accept_application, edit_draft, extend_application, submit_application
from app.applications.errors import ExtensionUnfounded
from app.applications.queries import get_application
from app.identity.actors import SYSTEM, Role
from tests.applications.test_place import ELSEWHERE, _open_to_permits, _permit, _registered_at
from tests.builders.applications import TOWNSHIP, build_household
from tests.builders.people import build_staff
from tests.builders.review import build_accepted_case, build_office

ALL = ("self", "spouse", "child")


async def extend(database, application, reason):
    async with database.unit_of_work() as db:
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        return await extend_application(db, handler, application, reason=reason)


async def accepted(database, *registered_elsewhere):
    """An accepted household, of which these members are registered in another province; all of them with a permit."""
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await _registered_at(db, household, ELSEWHERE, *registered_elsewhere)
        if registered_elsewhere == ALL:
            await _open_to_permits(db)
            await edit_draft(db, household.applicant, draft.id, _permit("2025-01-01"), seen=draft.version)
        await submit_application(db, household.applicant, draft.id, truth_promised=True)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        await accept_application(db, handler, draft.id, relative_of_staff=False)
    return draft.id


@pytest.mark.parametrize("reason", ["objection", "lives_elsewhere", "remote_application"])
async def test_what_nothing_on_record_bears_out_gives_no_more_time(database, reason):
    await build_office(database)
    case = await build_accepted_case(database)
    async with database.reading() as db:
        before = (await get_application(db, SYSTEM, case.id)).decide_by

    with pytest.raises(ExtensionUnfounded):
        await extend(database, case.id, reason)

    async with database.reading() as db:
        after = await get_application(db, SYSTEM, case.id)
    assert (after.decide_by, after.extended_reason) == (before, None)


async def test_how_hard_a_survey_is_who_surveys_says(database):
    case = await build_accepted_case(database)

    assert (await extend(database, case.id, "hard_survey")).decide_by > date(2027, 1, 5)


async def test_a_member_registered_elsewhere_lives_apart_and_nobody_applies_from_afar(database):
    application = await accepted(database, "spouse")

    with pytest.raises(ExtensionUnfounded):
        await extend(database, application, "remote_application")
    assert (await extend(database, application, "lives_elsewhere")).extended_reason == "lives_elsewhere"


async def test_who_applies_where_he_lives_by_a_permit_applies_from_afar(database):
    application = await accepted(database, *ALL)

    assert (await extend(database, application, "remote_application")).extended_reason == "remote_application"
