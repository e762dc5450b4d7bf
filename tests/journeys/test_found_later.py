"""What an agency says only after the grant, told by date: the county looks, the household disputes, and nothing is
taken from it while the agency has time to answer."""

from datetime import date, timedelta
from uuid import UUID

from app.facts import FactKey, Item
from tests.builders.files import finish_upload
from tests.journeys import acts

BALANCE = 30_000_000  # fen


async def test_savings_that_are_found_after_the_grant_are_disputed_before_anything_is_taken(world):
    # 23 November: accepted. The banks take their questions, and do not call back; the township judges without them.
    case = await acts.apply(world, world.family(0))
    bank, head = world.outside.agencies.banking, case.family.head.id_number
    known = {FactKey.DEPOSIT_BALANCE: BALANCE, FactKey.DEPOSIT_ACCOUNTS: 2}
    bank.learn(Item.DEPOSITS, head, known, date(2026, 11, 1))
    await acts.accept(case)
    for _ in range(12):
        await world.pass_time(timedelta(days=1))
    assert (await case.step("verification"))["outcome"] == "incomplete"
    await acts.visit(case)
    await acts.opine(case)
    await acts.wait_out_the_notice(case)
    await acts.confirm(case)
    award = "/v1/console/awards/" + (await case.phone.get("/v1/awards"))["items"][0]["id"]

    # 4 January: they call back after all. One knows savings of the head's that she did not declare.
    await world.on(date(2027, 1, 4))
    assert any(await world.banks_call_back())
    await world.drain()

    # The county has a task and a finding, the household a step; nothing is held back or lowered.
    shown = await world.at("county-1").get(award)
    (finding,) = shown["findings"]
    assert (finding["found_by"], finding["campaign_id"]) == ("late_answer", None)
    assert {(c["key"], c["before"], c["found"]) for c in finding["changes"]} >= {("deposit_balance", None, BALANCE)}
    (task,) = (await world.at("county-1").get("/v1/console/tasks", queue="county", kind="award_review"))["items"]
    assert task["application_id"] == case.id
    assert "award_review" in await case.open_steps()
    assert (shown["status"], shown["monthly_amount_fen"]) == ("active", acts.AMOUNT)

    # 5 January: the household says that the account is a namesake's. The county has heard it, and may not stop.
    await world.on(date(2027, 1, 5))
    said = {"item": "deposits", "key": "deposit_balance", "statement": "系同名他人账户。（测试）"}
    raised = await case.phone.post(f"{case.url}/disputes", {**said, "member_id": case.members["self"]})
    await world.drain()
    await world.banks_call_back()  # says the same once more, which is no answer
    await world.drain()
    county, confirmer = world.at("county-1"), world.at("confirmer")
    heard = {"opinion": "账户不是我的。（测试）", "heard_on": "2027-01-05"}
    await county.post(f"{award}/hear", {**heard, "about": "stop", "ground": "property"})
    stop = {"ground": "property", "reason": "本人名下有大额存款。（测试）", "last_month": "2027-01"}
    assert await confirmer.refused("POST", f"{award}/stop", stop) == (409, "finding_disputed")
    lower = {**stop, "monthly_amount_fen": 100, "from_month": "2027-02"}
    del lower["last_month"]
    await county.post(f"{award}/adjust", lower)
    await county.post(f"{award}/hear", {**heard, "about": "reduce"})
    assert await confirmer.refused("POST", f"{award}/adjust/approve") == (409, "finding_disputed")

    # The letter goes out; until its day the agency is waited for, and no longer.
    (ticket,) = (await county.get("/v1/console/disputes"))["items"]
    await county.post(f"/v1/console/disputes/{ticket['id']}/sent", {"sent_on": "2027-01-05", "way": "post"})
    due = date.fromisoformat(raised["due_on"])
    await world.on(due)
    refused = await confirmer.send("POST", f"{award}/stop", json=stop)
    assert (refused.json()["code"], raised["due_on"] in refused.json()["detail"]) == ("finding_disputed", True)

    # On its last day the bank corrects: there is no such account of hers. The county keeps the award as it is.
    bank.learn(Item.DEPOSITS, head, {FactKey.DEPOSIT_BALANCE: 0, FactKey.DEPOSIT_ACCOUNTS: 0}, due)  # told as none
    letter = {"answer": "corrected", "reference": "银更〔2027〕1号", "reasons": "同名账户已更正。（测试）"}
    async with world.database.unit_of_work() as db:
        letter["scan"] = str(await finish_upload(db, UUID(await world.staff_id("county-1"))))
    await county.post(f"/v1/console/disputes/{ticket['id']}/answer", letter)
    await world.drain()
    await world.banks_call_back()
    await world.drain()
    shown = await county.get(award)
    corrected = [each for each in shown["findings"] if each["found_by"] == "dispute"]
    assert ("deposit_balance", BALANCE, None) in {(c["key"], c["before"], c["found"]) for c in corrected[0]["changes"]}
    why = {"reason": "账户有误，已更正。（测试）"}
    await confirmer.post(f"{award}/adjust/reject", why)
    assert await confirmer.refused("POST", f"{award}/keep", why) == (422, "findings_invalid")
    await confirmer.post(f"{award}/keep", why | {"findings": [each["id"] for each in shown["findings"]]})
    await world.drain()
    shown = await county.get(award)
    assert (shown["findings"], shown["status"], shown["monthly_amount_fen"]) == ([], "active", acts.AMOUNT)
    assert "award_review" not in await case.open_steps()
