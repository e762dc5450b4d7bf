"""Campaigns over HTTP: planned by one, approved by another, seen by whom they concern, and their lists masked."""

import pytest
from sqlalchemy import select

from app.applications.commands import withdraw_authorisation
from app.applications.queries import list_members
from app.campaigns.jobs import open_campaign
from app.campaigns.models import CampaignHousehold
from app.identity.actors import Actor, Role
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.campaigns import begin, build_found, build_granted, carry_on
from tests.builders.people import build_staff
from tests.builders.relatives import register
from tests.builders.verification import build_agencies

AT = "/v1/console/campaigns"
PREFECTURE, PROVINCE = "532500000000", "530000000000"
PLAN = {
    "kind": "death_match",
    "division": COUNTY,
    "program": "living_allowance",
    "note": "2026年四季度死亡比对（测试）",
}


async def test_a_campaign_goes_through_two_persons_and_tells_how_far_it_is(database, staff):
    await build_granted(database)
    handler, confirmer = await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.COUNTY_CONFIRMER, COUNTY)

    planned = await handler.post(AT, json=PLAN)
    assert (planned.status_code, planned.json()["status"], planned.json()["items"]) == (201, "planned", ["deaths"])
    assert planned.json()["actions"] == ["end"]
    at = f"{AT}/{planned.json()['id']}"
    own = await handler.post(f"{at}/approve")
    assert (own.status_code, own.json()["code"]) == (403, "role_not_allowed")
    approved = await confirmer.post(f"{at}/approve")
    assert (approved.status_code, approved.json()["status"]) == (200, "running")
    await open_campaign(database, {"campaign": planned.json()["id"]})

    shown = (await handler.get(at)).json()
    assert (shown["listed"], shown["progress"]["to_ask"], shown["actions"]) == (True, 3, ["pause", "end"])
    assert [each["county"] for each in shown["counties"]] == ["532529"]
    assert [(each["partner"], each["to_ask"]) for each in shown["agencies"]] == [("civil_affairs", 3)]
    assert shown["estimated_end"] is not None
    assert (await handler.post(f"{at}/pause")).json()["status"] == "paused"
    assert (await confirmer.post(f"{at}/resume")).json()["status"] == "running"
    assert (await confirmer.post(f"{at}/end")).json()["status"] == "ended"
    late = await confirmer.post(f"{at}/resume")
    assert (late.status_code, late.json()["code"]) == (409, "step_not_allowed")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"division": PREFECTURE}, 403, "outside_your_division"),
        ({"division": TOWNSHIP}, 422, "campaign_not_of_this_level"),
        ({"division": "539999000000"}, 422, "division_unknown"),
        ({"program": "nothing_known"}, 422, "program_unknown"),
        ({"program": "temporary_aid"}, 422, "campaign_nobody_receives"),
        ({"kind": "curiosity"}, 422, "input_invalid"),
        ({"items": ["income"]}, 422, "input_invalid"),
    ],
)
async def test_what_cannot_be_is_refused_and_plans_nothing(database, staff, change, status, code):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)

    answer = await handler.post(AT, json=PLAN | change)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await handler.get(AT)).json()["items"] == []


async def test_the_same_key_plans_once_and_a_second_plan_is_a_conflict(staff):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    key = {"Idempotency-Key": "plan-once-0123456789"}

    first, again = await handler.post(AT, json=PLAN, headers=key), await handler.post(AT, json=PLAN, headers=key)
    another = await handler.post(AT, json=PLAN)

    assert first.json()["id"] == again.json()["id"]
    assert (another.status_code, another.json()["code"]) == (409, "campaign_under_way")


async def test_a_campaign_of_the_prefecture_concerns_its_county_which_sees_its_own_part_and_may_not_stop_it(
    database, staff
):
    await build_granted(database)
    await build_granted(database, village="532502203202")
    campaign = await begin(database, division=PREFECTURE)

    county = await staff(Role.COUNTY_HANDLER, COUNTY)
    above = await staff(Role.SUPERVISOR, PREFECTURE)
    stranger = await staff(Role.SUPERVISOR, "530102000000")
    township = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    at = f"{AT}/{campaign.id}"

    own, whole = (await county.get(at)).json(), (await above.get(at)).json()
    assert (own["progress"]["to_ask"], whole["progress"]["to_ask"]) == (3, 6)
    assert own["actions"] == []
    refused = await county.post(f"{at}/pause")
    assert (refused.status_code, refused.json()["code"]) == (403, "outside_your_division")
    for nobody in (stranger, township):
        assert (await nobody.get(at)).json()["code"] == "campaign_not_found"
        assert (await nobody.get(AT)).json()["items"] == []


async def test_what_was_found_and_who_was_skipped_are_listed_masked_a_page_at_a_time(database, staff):
    campaign = await build_found(database)
    county = await staff(Role.COUNTY_HANDLER, COUNTY)

    (found,) = (await county.get(f"{AT}/{campaign.id}/findings")).json()["items"]
    (skipped,) = (await county.get(f"{AT}/{campaign.id}/skipped")).json()["items"]
    award = (await county.get(f"/v1/console/awards/{found['award_id']}")).json()
    told = (await county.get(f"{AT}/{campaign.id}")).json()

    (change,) = found["finding"]["changes"]
    assert (change["key"], change["found"], found["finding"]["settlement"]) == ("deceased_on", "2026-11-20", "open")
    assert (found["payee_name"], found["members"]) == ("测*甲", {change["member_id"]: "测*乙"})
    assert (skipped["member_name"], skipped["reason"], skipped["item"]) == ("测*丙", "no_authorisation", "deaths")
    assert [each["id"] for each in award["findings"]] == [found["finding"]["id"]]
    assert (told["status"], told["differing"], told["progress"]["skipped"]) == ("done", 1, 1)


async def test_pages_go_on_where_they_were(database, staff):
    granted = [await build_granted(database) for _ in range(2)]
    campaign = await begin(database)
    async with database.unit_of_work() as db:
        for household in granted:
            member = household.member("spouse")
            await withdraw_authorisation(db, household.household.applicant, household.case, member)
    await carry_on(database, build_agencies(), campaign)
    county = await staff(Role.COUNTY_HANDLER, COUNTY)

    seen, cursor = [], None
    for _ in range(4):
        params = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await county.get(f"{AT}/{campaign.id}/skipped", params=params)).json()
        seen += [(row["application_id"], row["reason"]) for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert sorted(seen) == sorted((str(each.case), "authorisation_withdrawn") for each in granted)


async def test_the_cases_of_close_relatives_are_left_out(database, sign_in):
    campaign = await build_found(database)
    async with database.reading() as db:
        household = (await db.execute(select(CampaignHousehold))).scalar_one()
    async with database.unit_of_work() as db:
        relative: Actor = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    client = await sign_in(relative)
    before = (await client.get(f"{AT}/{campaign.id}/findings")).json()["items"]

    async with database.reading() as db:
        member = (await list_members(db, household.application_id))[0]
    async with database.unit_of_work() as db:
        registrar = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    await register(database, registrar, household.application_id, member.id, relative)

    assert len(before) == 1
    assert (await client.get(f"{AT}/{campaign.id}/findings")).json()["items"] == []
    assert (await client.get(f"{AT}/{campaign.id}/skipped")).json()["items"] == []


async def test_the_pace_of_an_agency_is_a_parameter_and_of_nobody_else(staff):
    administrator = await staff(Role.ADMINISTRATOR, PROVINCE)
    document = {
        "number": "测民发〔2026〕9号",
        "title": "关于批量核查调用频次的通知",
        "issuer": "测试民政厅",
        "published_on": "2026-11-01",
    }
    draft = {"program": "procedure", "area": PROVINCE, "valid_from": "2026-11-01", "value": 600, "document": document}

    known = await administrator.put("/v1/console/parameters", json={**draft, "name": "campaign_hourly.tax"})
    unknown = await administrator.put("/v1/console/parameters", json={**draft, "name": "campaign_hourly.nobody"})

    assert (known.status_code, known.json()["status"]) == (200, "draft")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "parameter_invalid")
