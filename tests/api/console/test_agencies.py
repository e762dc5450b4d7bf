"""The picture of the agencies over HTTP: who may see it, and what it shows."""

from datetime import timedelta

import pytest

from app.facts import Item
from app.identity.actors import Role
from app.partners.registry import AGENCIES
from app.verification.jobs import watch_agencies
from tests.builders.applications import COUNTY
from tests.builders.verification import ask, build_agencies, build_opened, find_check

URL = "/v1/console/agencies"


async def _a_day_of_silence(database, clock) -> None:
    agencies, case = build_agencies(), await build_opened(database)
    await ask(database, agencies, await find_check(database, case, Item.INCOME))
    agencies.natural_resources.fail("timeout")
    for _ in range(5):
        await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))
    clock.advance(timedelta(hours=24))
    await watch_agencies(database)


async def test_all_agencies_are_on_one_page_each_with_its_health(database, clock, staff):
    await _a_day_of_silence(database, clock)
    supervisor = await staff(Role.SUPERVISOR, COUNTY)

    page = (await supervisor.get(URL, params={"hours": 48})).json()

    shown = {agency["code"]: agency for agency in page["items"]}
    assert (list(shown), page["next"]) == ([agency.code for agency in AGENCIES], None)
    tax, land = shown["tax"], shown["natural_resources"]
    assert (tax["asked"], tax["answered"], tax["failures"], tax["silent_since"]) == (1, 1, {}, None)
    assert (land["asked"], land["answered"], land["failures"]) == (5, 0, {"timeout": 5})
    assert (land["p50_ms"], land["last_answered_at"], land["open"]) == (None, None, 3)
    assert (land["title"], land["items"]) == ("自然资源部门", ["real_estate"])
    assert land["silent_since"] is not None


async def test_one_agency_is_shown_item_by_item_with_its_outages(database, clock, staff):
    await _a_day_of_silence(database, clock)
    supervisor = await staff(Role.SUPERVISOR, COUNTY)

    land = (await supervisor.get(f"{URL}/natural_resources", params={"hours": 48})).json()

    assert [(item["item"], item["asked"], item["open"]) for item in land["by_item"]] == [("real_estate", 5, 3)]
    (outage,) = land["outages"]
    assert (outage["county"], outage["waiting"], outage["ended_at"]) == (COUNTY[:6], 1, None)


@pytest.mark.parametrize(("role", "division"), [(Role.FINANCE, COUNTY), (Role.VILLAGE_HELPER, "532529103204")])
async def test_who_neither_decides_nor_supervises_is_refused(staff, role: Role, division: str):
    caller = await staff(role, division)

    for url in (URL, f"{URL}/tax"):
        answer = await caller.get(url)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")


async def test_an_agency_there_is_not_is_not_found(staff):
    supervisor = await staff(Role.SUPERVISOR, COUNTY)

    answer = await supervisor.get(f"{URL}/weather")

    assert (answer.status_code, answer.json()["code"]) == (404, "agency_unknown")
    assert (await supervisor.get(f"{URL}/WEATHER")).status_code == 422


@pytest.mark.parametrize("hours", ["0", "721", "x"])
async def test_how_far_back_is_bounded(staff, hours: str):
    supervisor = await staff(Role.SUPERVISOR, COUNTY)

    answer = await supervisor.get(URL, params={"hours": hours})

    assert answer.status_code == 422
