"""Agencies that do not answer, answer late, or answer twice, told by date."""

from datetime import date, timedelta
from uuid import UUID

from app.verification.patience import PATIENCE
from tests.builders.files import finish_upload
from tests.journeys import acts
from tests.support.dump import differences, dump

_SILENT = ("real_estate",)


async def _entries(case) -> dict[tuple[str, str], dict]:
    """Return the report's entries by relation and item, as the citizen reads them."""
    report = await case.phone.get(f"{case.url}/report")
    return {(person["relation"], entry["item"]): entry for person in report["members"] for entry in person["items"]}


async def _silent(case) -> list[dict]:
    return [check for check in await case.checks() if check["item"] in _SILENT]


async def _wait_out_its_day(world) -> None:
    """Let 24 November become the 28th; what is due on the 26th is looked at once or twice a day."""
    for _ in range(4):
        await world.pass_time(timedelta(days=1))
    assert world.today() == date(2026, 11, 28)


async def test_an_agency_that_stays_silent_is_unavailable_and_never_no_record(world):
    # 23 November, noon: accepted. The land register is down.
    case = await acts.apply(world, world.family(0))
    world.outside.agencies.natural_resources.fail("timeout")
    await acts.accept(case)
    await acts.verify(case)
    assert await case.phone.refused("GET", f"{case.url}/report") == (404, "report_not_issued")

    # It is asked again after seconds, minutes, hours and a night. 24 November, past noon, the county is told.
    for pause in PATIENCE.pauses:
        await world.pass_time(pause + timedelta(seconds=1))
    assert world.today() == date(2026, 11, 24)
    assert {(check["status"], check["last_failure"]) for check in await _silent(case)} == {("requested", "timeout")}
    assert (await world.at("county-1").get("/v1/console/agencies/natural_resources"))["silent_since"] is not None

    # It is asked until its day has passed, the 26th, and then given up.
    await _wait_out_its_day(world)
    checks = await _silent(case)
    assert {(check["status"], check["outcome"], check["last_failure"]) for check in checks} == {
        ("unavailable", None, "timeout")
    }
    assert (await case.step("verification"))["outcome"] == "incomplete"

    # The report says "no answer", which is not "no record"; what was declared stays unknown.
    assert not (await case.phone.get(f"{case.url}/report"))["complete"]
    entries = await _entries(case)
    assert {entries["self", item]["outcome"] for item in _SILENT} == {"unavailable"}
    dwelling = {field["key"]: field for field in entries["self", "real_estate"]["fields"]}["dwelling_count"]
    assert (dwelling["declared"], dwelling["found"], dwelling["difference"]) == (1, None, "unknown")

    # No rule takes silence for an answer: a person must look, and say how it was settled.
    await acts.visit(case)
    assessment = await world.at("reviewer").get(f"{case.console}/assessment")
    verdicts = {finding["rule"]: finding["met"] for finding in assessment["findings"]}
    assert assessment["outcome"] == "needs_person"
    assert verdicts["sources_answered"] is None
    opinion = {"favourable": True, "statement": "同意。（测试）", "reasons": {}}
    refused = await world.at("reviewer").refused("POST", f"{case.console}/opinion", opinion)
    assert refused == (422, "reasons_missing")

    # 30 November: the county enters what natural resources says on paper, for the head.
    await world.on(date(2026, 11, 30))
    [estate] = [c for c in checks if (c["item"], c["member_id"]) == ("real_estate", case.members["self"])]
    said = {
        "outcome": "hit",
        "facts": {"dwelling_count": 1, "dwelling_area": 725_000},
        "as_of": "2026-11-24",
        "note": "自然资源部门书面复函。（测试）",
    }
    url = f"/v1/console/checks/{estate['id']}/manual-answer"
    assert await world.at("reviewer").refused("POST", url, said) == (403, "role_not_allowed")
    assert await world.stranger("county-1").refused("POST", url, said) == (404, "check_not_found")
    assert await world.at("county-1").refused("POST", url, said) == (422, "scan_required")
    async with world.database.unit_of_work() as db:
        said["scan"] = str(await finish_upload(db, UUID(await world.staff_id("county-1"))))
    await world.at("county-1").post(url, said)
    second = await case.phone.get(f"{case.url}/report")
    assert (second["number"], second["complete"]) == (2, False)
    entered = (await _entries(case))["self", "real_estate"]
    assert (entered["outcome"], entered["entered_by_hand"]) == ("hit", True)

    # The land register is well again: the township asks once more, and the last report supersedes the others.
    world.outside.agencies.natural_resources.fail(None)
    for check in checks:
        if check["id"] != estate["id"]:
            await world.at("township-1").post(f"/v1/console/checks/{check['id']}/retry")
    await world.drain()
    third = await case.phone.get(f"{case.url}/report")
    assert (third["number"], third["complete"], third["rechecking"]) == (3, True, False)
    # Of the other adult the applicant reads only that there is an answer.
    assert {entry["outcome"] for entry in (await _entries(case)).values()} == {"hit", "none", None}
    assessment = await world.at("reviewer").get(f"{case.console}/assessment")
    assert {f["rule"]: f["met"] for f in assessment["findings"]}["sources_answered"] is True
    assert await case.open_steps() == {"opinion": "2026-12-11"}


async def test_facts_that_come_in_after_the_opinion_send_the_papers_back(world):
    # 28 November: the land register was given up; the opinion rests on what is there.
    case = await acts.apply(world, world.family(0))
    world.outside.agencies.natural_resources.fail("error")
    await acts.accept(case)
    await acts.verify(case)
    for pause in PATIENCE.pauses:
        await world.pass_time(pause + timedelta(seconds=1))
    await _wait_out_its_day(world)
    await acts.visit(case)
    await acts.opine(case)

    # While it hangs in the village it answers after all, and when the notice has ended the county cannot confirm.
    world.outside.agencies.natural_resources.fail(None)
    for check in await case.checks():
        if check["status"] == "unavailable":
            await world.at("township-1").post(f"/v1/console/checks/{check['id']}/retry")
    await world.drain()
    await acts.wait_out_the_notice(case)
    confirmer = world.at("confirmer")
    assert await confirmer.refused("POST", f"{case.console}/confirm", {}) == (409, "assessment_outdated")

    # It goes back; a new opinion on the new report is posted again, and then it can.
    await confirmer.post(f"{case.console}/send-back", {"reason": "核对结果有更新，请重新提出意见。（测试）"})
    await world.drain()
    assert (await case.review())["status"] == "surveying"
    assert set(await case.open_steps()) == {"opinion"}
    await acts.opine(case)
    assert len(await case.notices("opinion")) == 1
    await acts.wait_out_the_notice(case)
    assert (await acts.confirm(case))["outcome"] == "approved"


async def test_a_bank_that_calls_back_late_and_again_is_heard_once(world):
    # 23 November: accepted. The banks take the questions and are silent.
    case = await acts.apply(world, world.family(0))
    await acts.accept(case)
    asked = world.outside.awaited_callbacks()
    assert len(asked) == 3
    by_item = {(check["item"], check["status"]) for check in await case.checks()}
    assert ("deposits", "dispatched") in by_item

    # They are reminded under the same references; after ten days they are given up, and the report says so.
    for day in (27, 30):
        await world.on(date(2026, 11, day))
    for day in range(3, 9):
        await world.on(date(2026, 12, day))
    assert world.outside.awaited_callbacks() == asked
    assert len(world.outside.agencies.banking.asked) > len(asked)
    first = await case.phone.get(f"{case.url}/report")
    assert (first["number"], first["complete"]) == (1, False)
    assert {entry["outcome"] for (_, item), entry in (await _entries(case)).items() if item == "deposits"} == {
        "unavailable"
    }

    # 9 December: they call back after all. Each answer is taken; the last one completes a new report.
    await world.on(date(2026, 12, 9))
    assert await world.banks_call_back() == [True, True, True]
    await world.drain()
    last = await case.phone.get(f"{case.url}/report")
    assert last["complete"]
    assert last["number"] > first["number"]
    assert (await case.step("verification"))["outcome"] in ("complete", "incomplete")

    # And call back again: received, without effect.
    before = await dump(world.database_url)
    assert await world.banks_call_back() == [False, False, False]
    await world.drain()
    assert differences(before, await dump(world.database_url)) == {}

    # What comes from nobody, about nothing, or in no form is refused.
    [reference, *_] = asked
    body = world.outside.agencies.banking.late_reply(reference, world.today())
    unknown = body.replace(str(reference).encode(), b"00000000-0000-7000-8000-000000000000")

    async def refused(partner: str, body: bytes, **options: str) -> tuple[int, str]:
        answer = await world.call_in(partner, "/v1/partner/check-answers", body, **options)
        return answer.status_code, answer.json()["code"]

    assert await refused("banking", body, secret="guessed") == (401, "token_rejected")
    assert await refused("banking", unknown) == (404, "check_not_found")
    assert await refused("banking", b"{}") == (400, "callback_unreadable")
    assert await refused("natural_resources", body) == (403, "no_callbacks_expected")
    assert differences(before, await dump(world.database_url)) == {}
