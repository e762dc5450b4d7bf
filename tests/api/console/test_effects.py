"""What a change means, over HTTP: sums by county, and award by award."""

from app.identity.actors import Role
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.payrolls import DECEMBER, build_office, build_released
from tests.builders.standards import build_judged, put_in_force, standard_draft

RAISED_BY = 11_250  # fen a month, by 450 yuan a year for each of three persons


async def test_a_county_reads_what_a_change_means_for_its_own(database, staff):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        raised = await build_judged(db, from_month=DECEMBER)
        await build_judged(db, from_month=DECEMBER, village="530102001001")
        await build_released(db, office)
    change = await put_in_force(database, standard_draft())
    at = f"/v1/console/changes/{change.id}"

    county = await staff(Role.COUNTY_HANDLER, COUNTY)
    (own,) = (await county.get(f"{at}/effects")).json()["counties"]
    everywhere = (await (await staff(Role.SUPERVISOR, "530000000000")).get(f"{at}/effects")).json()["counties"]
    listed = (await county.get(f"{at}/awards", params={"outcome": "raised"})).json()["items"]

    assert {name: own[name] for name in ("county", "raised", "unchanged", "to_be_heard", "open")} == {
        "county": "532529",
        "raised": 1,
        "unchanged": 0,
        "to_be_heard": 0,
        "open": 0,
    }
    assert (own["raised_fen"], own["arrears_fen"], own["arrears_ordered_fen"]) == (RAISED_BY, RAISED_BY, 0)
    assert own["finished_at"] is not None
    assert [each["county"] for each in everywhere] == ["530102", "532529"]
    assert [(each["award_id"], each["from_month"], each["settlement"]) for each in listed] == [
        (str(raised.id), "2026-12", "none")
    ]
    assert listed[0]["payee_name"] == "测*甲"
    assert (await county.get(f"{at}/awards", params={"open": True})).json()["items"] == []


async def test_a_township_reads_its_own_and_a_stranger_nothing(database, staff):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    change = await put_in_force(database, standard_draft(area=COUNTY))
    at = f"/v1/console/changes/{change.id}"

    township = await (await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)).get(f"{at}/awards")
    neighbour = await (await staff(Role.TOWNSHIP_HANDLER, "532529203000")).get(f"{at}/awards")
    stranger = await (await staff(Role.SUPERVISOR, "530102000000")).get(f"{at}/effects")

    assert [each["award_id"] for each in township.json()["items"]] == [str(award.id)]
    assert neighbour.json()["items"] == []
    assert (stranger.status_code, stranger.json()["code"]) == (404, "change_not_found")
