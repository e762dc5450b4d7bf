"""Reports at the county's desk: in which order, and what a checker concludes from one."""

from uuid import uuid4

import pytest

from app.applications.household import applicant_name_of
from app.applications.models import Application
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.identity.masks import mask_name
from app.verification.queries import find_current_report
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.people import build_staff
from tests.builders.relatives import declare
from tests.builders.review import build_accepted_case, build_verified, verify

CAR = {("self", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 1}}
BODY = {"verdict": "inconsistent", "statement": "名下有一辆未申报的车。（测试）"}


async def _with_car(database):
    case = await build_accepted_case(database)
    await verify(database, case, CAR)
    return case


async def _id_of(database, case) -> str:
    async with database.reading() as db:
        return str((await find_current_report(db, case.id)).id)


async def test_those_with_most_contradictions_come_first_page_by_page(staff, database):
    plain, car, plain_too = [
        await build_verified(database),
        await _with_car(database),
        await build_verified(database),
    ]
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)

    seen, cursor = [], None
    while True:
        page = (
            await handler.get("/v1/console/reports", params={"limit": 1} | ({"cursor": cursor} if cursor else {}))
        ).json()
        seen += [(row["application_id"], row["points"], row["verdict"]) for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    points = {row[0]: row[1] for row in seen}
    assert [row[0] for row in seen] == [str(car.id), str(plain_too.id), str(plain.id)]
    assert points[str(car.id)] == points[str(plain.id)] + 20
    assert {row[2] for row in seen} == {None}


async def test_the_list_leaves_out_relatives_other_places_and_what_is_concluded(staff, sign_in, database):
    case, other = await build_verified(database), await build_verified(database)
    async with database.unit_of_work() as db:
        relative = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    await declare(database, relative, case.household)
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    await handler.post(f"/v1/console/reports/{await _id_of(database, other)}/conclusion", json=BODY)

    async def listed(client, **query):
        return [
            row["application_id"] for row in (await client.get("/v1/console/reports", params=query)).json()["items"]
        ]

    assert await listed(await sign_in(relative)) == [str(other.id)]
    assert await listed(handler, concluded=False) == [str(case.id)]
    assert await listed(handler, concluded=True) == [str(other.id)]
    assert await listed(await staff(Role.COUNTY_HANDLER, "530627000000")) == []
    assert await listed(await staff(Role.VILLAGE_HELPER, TOWNSHIP)) == []
    assert len(await listed(await staff(Role.TOWNSHIP_REVIEWER, TOWNSHIP))) == 2


async def test_each_line_says_whose_case_it_is_masked_and_the_list_can_be_narrowed(staff, database):
    plain, car = await build_verified(database), await _with_car(database)
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    await handler.post(f"/v1/console/reports/{await _id_of(database, car)}/conclusion", json=BODY)

    async def listed(**query):
        return (await handler.get("/v1/console/reports", params=query)).json()["items"]

    async def cases(**query):
        return [row["application_id"] for row in await listed(**query)]

    async with database.reading() as db:
        application = await db.get(Application, car.id)
        name = applicant_name_of(db, application)
    (line, other) = await listed()
    assert (line["application_number"], line["applicant_name"]) == (application.number, mask_name(name))
    assert name not in str(line)
    assert await cases(points_from=other["points"] + 1) == [str(car.id)]
    assert await cases(complete=True) == [str(car.id), str(plain.id)]
    assert await cases(complete=False) == []
    assert await cases(verdict="inconsistent") == [str(car.id)]
    assert await cases(verdict="consistent") == []
    narrowed = await handler.get("/v1/console/reports", params={"complete": True, "limit": 1})
    elsewhere = await handler.get("/v1/console/reports", params={"cursor": narrowed.json()["next"]})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "cursor_rejected")
    assert (await handler.get("/v1/console/reports", params={"points_from": -1})).status_code == 422


async def test_the_report_tells_what_contradicts_and_that_it_refuses_nobody(staff, database):
    case = await _with_car(database)
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)

    report = (await handler.get(f"/v1/console/applications/{case.id}/report")).json()
    english = await handler.get(f"/v1/console/applications/{case.id}/report", headers={"Accept-Language": "en"})

    first = report["contradictions"]["reasons"][0]
    assert (first["item"], first["key"], first["points"], first["text"]) == (
        "vehicles",
        "vehicle_count",
        20,
        "机动车：查到的情况没有申报",
    )
    assert "不作为不予救助的依据" in report["contradictions"]["meaning"]
    assert "refuse nobody" in english.json()["contradictions"]["meaning"]
    assert english.json()["contradictions"]["reasons"][0]["text"] == "Vehicles: found, and not declared"
    assert report["valid_until"] == "2027-02-21"
    assert report["members"][0]["items"][0]["valid_until"] == "2027-02-21"


async def test_a_conclusion_is_read_by_who_decides_with_its_words_and_by_the_household_without(
    staff, sign_in, database
):
    case = await _with_car(database)
    handler, confirmer = await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.COUNTY_CONFIRMER, COUNTY)
    url = f"/v1/console/reports/{await _id_of(database, case)}/conclusion"

    said = await handler.post(url, json=BODY)

    assert (said.status_code, said.json()["verdict"]) == (201, "inconsistent")
    shown = (await confirmer.get(f"/v1/console/applications/{case.id}/report")).json()["conclusion"]
    assert shown == said.json()
    assert shown["statement"] == BODY["statement"]
    phone = await sign_in(case.applicant)
    own = (await phone.get(f"/v1/applications/{case.id}/report")).json()["conclusion"]
    assert own.keys() == {"verdict", "concluded_at", "text"}
    assert "与申报不一致" in own["text"]


async def test_said_again_it_is_the_same_and_another_has_to_name_what_it_replaces(staff, database):
    case, handler = await _with_car(database), await staff(Role.COUNTY_HANDLER, COUNTY)
    url, key = f"/v1/console/reports/{await _id_of(database, case)}/conclusion", {"Idempotency-Key": uuid4().hex}

    first = await handler.post(url, json=BODY, headers=key)
    again = await handler.post(url, json=BODY, headers=key)
    unseen = await handler.post(url, json=BODY)
    replaced = await handler.post(url, json=BODY | {"verdict": "consistent", "replaces": first.json()["id"]})

    assert again.json() == first.json()
    assert (unseen.status_code, unseen.json()["code"]) == (409, "conclusion_stands")
    assert (replaced.status_code, replaced.json()["verdict"]) == (201, "consistent")


@pytest.mark.parametrize(
    "change", [{"verdict": "guilty"}, {"statement": ""}, {"replaces": "x"}, {"points": 3}, {"verdict": None}]
)
async def test_what_is_not_a_conclusion_changes_nothing(staff, database, change):
    case, handler = await _with_car(database), await staff(Role.COUNTY_HANDLER, COUNTY)

    answer = await handler.post(f"/v1/console/reports/{await _id_of(database, case)}/conclusion", json=BODY | change)

    assert (answer.status_code, answer.json()["code"]) == (422, "input_invalid")
    report = await handler.get(f"/v1/console/applications/{case.id}/report")
    assert report.json()["conclusion"] is None


async def test_who_may_not_is_refused(staff, sign_in, database):
    case = await _with_car(database)
    url = f"/v1/console/reports/{await _id_of(database, case)}/conclusion"

    codes = {
        role: (await (await staff(role, place)).post(url, json=BODY)).json()["code"]
        for role, place in (
            (Role.COUNTY_CONFIRMER, COUNTY),
            (Role.TOWNSHIP_HANDLER, TOWNSHIP),
            (Role.SUPERVISOR, COUNTY),
            (Role.VILLAGE_HELPER, TOWNSHIP),
        )
    }

    assert codes == {
        Role.COUNTY_CONFIRMER: "role_not_allowed",
        Role.TOWNSHIP_HANDLER: "role_not_allowed",
        Role.SUPERVISOR: "role_not_allowed",
        Role.VILLAGE_HELPER: "report_not_issued",
    }
    assert (await (await sign_in(case.applicant)).post(url, json=BODY)).status_code == 403
