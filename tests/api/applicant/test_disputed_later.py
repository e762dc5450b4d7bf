"""While an award is in force the phone disputes what a review found, and the county reads what its agency says anew."""

import json

from sqlalchemy import text

from app.awards.jobs import follow_later_report
from app.campaigns.lifecycle import Kind
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.verification.commands import FOLLOW_LATER_REPORT
from app.verification.lifecycle import OPEN
from app.verification.queries import list_checks
from tests.builders.campaigns import HERE, begin, build_granted, carry_on
from tests.builders.verification import AS_OF, ask, build_agencies


async def test_a_later_report_is_disputed_and_the_correction_stands_among_the_awards_findings(sign_in, staff, database):
    granted, agencies = await build_granted(database), build_agencies()
    agencies.know(granted.household)
    agencies.public_security.learn(Item.VEHICLES, granted.number("self"), {FactKey.VEHICLE_COUNT: 1}, AS_OF)
    await carry_on(database, agencies, await begin(database, Kind.YEARLY_REVIEW), rounds=20)
    phone = await sign_in(granted.household.applicant)
    field = {"member_id": str(granted.member("self")), "item": "vehicles", "key": "vehicle_count"}

    raised = await phone.post(
        f"/v1/applications/{granted.case}/disputes", json={**field, "statement": "已转让。（测试）"}
    )

    assert (raised.status_code, raised.json()["status"], raised.json()["asked_again"]) == (201, "open", True)
    agencies.public_security.learn(Item.VEHICLES, granted.number("self"), {FactKey.VEHICLE_COUNT: 0}, AS_OF)
    async with database.reading() as db:
        asked = [check for check in await list_checks(db, granted.case) if check.status in OPEN]
    for check in asked:
        await ask(database, agencies, check)
    async with database.reading() as db:
        query = text("SELECT payload FROM pgqueuer WHERE entrypoint = :name")
        payloads = [json.loads(row[0]) for row in await db.execute(query, {"name": FOLLOW_LATER_REPORT})]
    for payload in payloads:
        await follow_later_report(database, payload)
    county = await staff(Role.COUNTY_HANDLER, HERE)
    award = (await county.get(f"/v1/console/awards/{granted.award.id}")).json()
    found = [(each["found_by"], each["campaign_id"] is None) for each in award["findings"]]
    assert found == [("yearly_review", False), ("dispute", True)]
    assert award["findings"][-1]["changes"][0]["found"] == 0
