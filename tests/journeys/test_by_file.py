"""A county that asks the banks by file: one line cannot be used and is entered by hand. Told by date."""

from datetime import date, timedelta
from uuid import UUID

import pytest_asyncio

from app.partners.batch import BadLineReason
from app.reference.commands import LocalParameter, put_parameter
from tests.builders.files import finish_upload
from tests.journeys import acts


@pytest_asyncio.fixture
async def by_file(database):
    """The county has agreed on files with the banks, and has securities asked as well."""
    async with database.unit_of_work("operator") as db:
        for name, value in (("check_mode.deposits", "batch"), ("also_asked", ["securities"])):
            row = LocalParameter("procedure", name, "532529000000", value, "测试", date(2026, 1, 1))
            await put_parameter(db, row)


async def test_deposits_come_by_file_and_the_one_bad_line_is_entered_by_hand(world, by_file):
    # 23 November, noon: accepted. What is asked singly is answered at once; the rest waits an hour for its file.
    case = await acts.apply(world, world.family(0))
    await acts.accept(case)
    await world.drain()
    by_item = {check["item"]: check["mode"] for check in await case.checks()}
    assert (by_item["deposits"], by_item["securities"], by_item["vehicles"]) == ("batch", "batch", "interface")
    await world.pass_time(timedelta(hours=1))
    county = world.at("county-1")
    batches = (await county.get("/v1/console/check-batches"))["items"]
    assert {(batch["item"], batch["status"]) for batch in batches} == {("deposits", "sent"), ("securities", "sent")}
    assert await case.phone.refused("GET", f"{case.url}/report") == (404, "report_not_issued")

    # 24 November: the files are there. Of the head the banks say that they could not look.
    head = next(
        check
        for check in await case.checks()
        if (check["item"], check["member_id"]) == ("deposits", case.members["self"])
    )
    banks = world.outside.agencies.banking
    banks.spoilt = {UUID(head["id"]): BadLineReason.REFUSED}
    await world.on(date(2026, 11, 24))
    (batch,) = (await county.get("/v1/console/check-batches", bad=True))["items"]
    whole = await county.get(f"/v1/console/check-batches/{batch['id']}")
    assert [(line["check_id"], line["reason"]) for line in whole["lines_set_aside"]] == [(head["id"], "refused")]
    assert (batch["status"], batch["answered"], batch["set_aside"]) == ("done", batch["lines"] - 1, 1)
    # One line less is no report: nobody may take it for nothing.
    assert await case.phone.refused("GET", f"{case.url}/report") == (404, "report_not_issued")
    assert (await case.step("manual_entry"))["responsible"] == "county"

    # The bank in town says on paper what it has.
    said = {
        "outcome": "hit",
        "facts": {"deposit_balance": 186_035, "deposit_accounts": 1},
        "as_of": "2026-11-23",
        "note": "银行书面复函。（测试）",
    }
    answer = f"/v1/console/checks/{head['id']}/manual-answer"
    assert await county.refused("POST", answer, said) == (422, "scan_required")
    async with world.database.unit_of_work() as db:
        said["scan"] = str(await finish_upload(db, UUID(await world.staff_id("county-1"))))
    await county.post(answer, said)

    report = await case.phone.get(f"{case.url}/report")
    entries = {(who["relation"], entry["item"]): entry for who in report["members"] for entry in who["items"]}
    assert report["complete"]
    assert entries["self", "deposits"]["entered_by_hand"]
    assert entries["self", "securities"]["outcome"] == "none"
    # Asked once each, whatever way; and the rules know nothing of what they never knew.
    asked = [query.reference for agency in world.outside.agencies.by_code.values() for query in agency.asked]
    assert len(asked) == len(set(asked))
    await acts.visit(case)
    assessment = await world.at("reviewer").get(f"{case.console}/assessment")
    verdicts = {finding["rule"]: finding["met"] for finding in assessment["findings"]}
    assert verdicts["sources_answered"] is True
    assert "securities_value" not in str(assessment)
