"""The picture of the agencies over HTTP: who may see it, and what it shows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.facts import Item
from app.identity.actors import Role
from app.partners.registry import AGENCIES, answers_singly
from app.reference.commands import LocalParameter, put_parameter
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


async def test_how_a_place_asks_is_shown_with_what_it_rests_on(database, staff):
    row = LocalParameter("procedure", "check_mode.vehicles", COUNTY, "manual", "测试规程第九条", date(2026, 1, 1))
    async with database.unit_of_work() as db:
        await put_parameter(db, row)
    here, away = await staff(Role.ADMINISTRATOR, COUNTY), await staff(Role.ADMINISTRATOR, "530622000000")

    rows = [(await caller.get("/v1/console/agency-modes")).json()["items"] for caller in (here, away)]
    asked = await away.get("/v1/console/agency-modes", params={"division": COUNTY})

    ours, theirs = ({row["item"]: row for row in items} for items in rows)
    assert ours["vehicles"] == {
        "item": "vehicles",
        "agency": "public_security",
        "mode": "manual",
        "basis": "测试规程第九条",
        "local": True,
        "connected": True,
    }
    assert {item: row["mode"] for item, row in theirs.items()} == {
        item: "interface" if answers_singly(Item(item)) else "batch" for item in theirs
    }
    assert asked.json()["items"] == rows[0]
    refused = await (await staff(Role.FINANCE, COUNTY)).get("/v1/console/agency-modes")
    assert (refused.status_code, refused.json()["code"]) == (403, "role_not_allowed")


async def test_an_agency_that_nobody_connected_is_shown_as_such_and_not_as_silent(app, staff):
    app.state.tools = replace(app.state.tools, unconnected=frozenset({"natural_resources"}))
    supervisor = await staff(Role.SUPERVISOR, COUNTY)

    listed = {each["code"]: each for each in (await supervisor.get(URL)).json()["items"]}
    land, tax = [(await supervisor.get(f"{URL}/{code}")).json() for code in ("natural_resources", "tax")]
    asked = {each["item"]: each for each in (await supervisor.get("/v1/console/agency-modes")).json()["items"]}

    assert {code for code, each in listed.items() if not each["connected"]} == {"natural_resources"}
    assert (land["connected"], land["silent_since"], tax["connected"]) == (False, None, True)
    assert (asked["real_estate"]["mode"], asked["real_estate"]["connected"]) == ("interface", False)
    assert asked["income"]["connected"]


async def test_a_place_says_over_http_how_it_asks_by_two_persons(database, staff):
    body = {
        "program": "procedure",
        "area": COUNTY,
        "name": "check_mode.vehicles",
        "value": "manual",
        "valid_from": "2026-11-23",
        "document": {
            "number": "测民发〔2026〕9号",
            "title": "核对工作规程",
            "issuer": "测试民政局",
            "published_on": "2026-11-20",
        },
    }
    one, other = await staff(Role.ADMINISTRATOR, COUNTY), await staff(Role.SUPERVISOR, COUNTY)

    drafted = await one.put("/v1/console/parameters", json=body)
    approve = f"/v1/console/parameters/{drafted.json()['id']}/approve"
    approved = await other.post(approve, headers={"If-Match": drafted.headers["ETag"]})
    batch = await one.put("/v1/console/parameters", json={**body, "name": "check_mode.income", "value": "batch"})

    assert (drafted.status_code, approved.status_code) == (200, 200)
    modes = {row["item"]: row["mode"] for row in (await one.get("/v1/console/agency-modes")).json()["items"]}
    assert (modes["vehicles"], modes["income"]) == ("manual", "interface")
    assert (batch.status_code, batch.json()["errors"][0]["pointer"]) == (400, "/value")
