"""The caseworker's desk for verification."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditRecord
from app.facts import Answer, Fact, FactKey, Item, Outcome
from app.identity.actors import SYSTEM, Role
from app.verification.commands import record_answer
from app.verification.lifecycle import Status
from tests.api.applicant.test_uploads import announce, upload_whole
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.verification import (
    NEEDED,
    Agencies,
    answer_all,
    ask,
    build_agencies,
    build_opened,
    checks_of,
    find_check,
    give_up,
)
from tests.support.files import make_pdf


@pytest.fixture
def agencies(partners) -> Agencies:
    return Agencies(partners)


@pytest.fixture
async def silent(database, agencies):
    """A case that natural resources gave no answer about."""
    case = await build_opened(database)
    agencies.natural_resources.fail("timeout")
    await answer_all(database, agencies, case)
    for _ in range(5):
        for check in (await checks_of(database, case)).values():
            if check.status == Status.REQUESTED:
                await ask(database, agencies, check)
    agencies.natural_resources.fail(None)
    return case


async def test_the_checks_say_where_each_stands_and_what_may_be_done(staff, silent):
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    answer = await handler.get(f"/v1/console/applications/{silent.id}/checks")

    items = answer.json()["items"]
    assert (answer.status_code, len(items)) == (200, 3 * NEEDED)
    unavailable = [check for check in items if check["status"] == "unavailable"]
    assert {check["item"] for check in unavailable} == {"real_estate"}
    assert unavailable[0]["actions"] == ["retry"]
    county = await staff(Role.COUNTY_HANDLER, COUNTY)
    items = (await county.get(f"/v1/console/applications/{silent.id}/checks")).json()["items"]
    offered = {tuple(check["actions"]) for check in items if check["status"] == "unavailable"}
    assert offered == {("retry", "answer_manually")}
    assert (unavailable[0]["last_failure"], unavailable[0]["attempts"]) == ("timeout", 6)
    assert all(check["operator"] == "system" and check["authorisation_id"] for check in items)


async def test_the_report_shows_no_answer_as_unavailable_with_its_check_and_every_look_is_kept(staff, database, silent):
    reviewer = await staff(Role.COUNTY_CONFIRMER, COUNTY)

    answer = await reviewer.get(f"/v1/console/applications/{silent.id}/report")

    report = answer.json()
    assert (answer.status_code, report["complete"]) == (200, False)
    entries = [entry for member in report["members"] for entry in member["items"]]
    unavailable = [entry for entry in entries if entry["outcome"] == "unavailable"]
    assert len(unavailable) == 3
    assert all(entry["check_id"] and entry["status"] == "unavailable" for entry in unavailable)
    assert {field["difference"] for entry in unavailable for field in entry["fields"]} == {"unknown", None}
    async with database.reading() as db:
        looks = await db.scalar(select(func.count()).where(AuditRecord.action == "report.read"))
    assert looks == 1


async def test_a_retry_is_asked_again_and_a_second_one_meanwhile_is_a_conflict(staff, database, agencies, silent):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    check = await find_check(database, silent, Item.REAL_ESTATE)

    first = await handler.post(f"/v1/console/checks/{check.id}/retry")
    second = await handler.post(f"/v1/console/checks/{check.id}/retry")

    assert (first.status_code, first.json()["status"]) == (200, "requested")
    assert (second.status_code, second.json()["code"]) == (409, "step_not_allowed")
    report = await handler.get(f"/v1/console/applications/{silent.id}/report")
    assert report.json()["rechecking"] is True


async def test_an_answer_by_hand(staff, database, silent):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    check = await find_check(database, silent, Item.REAL_ESTATE)
    body = {
        "outcome": "hit",
        "facts": {"dwelling_count": 1, "dwelling_area": 725000},
        "as_of": "2026-11-20",
        "note": "不动产登记中心窗口查询，回执编号 7",
        "scan": await upload_whole(handler, make_pdf()),
    }

    answer = await handler.post(f"/v1/console/checks/{check.id}/manual-answer", json=body)

    assert (answer.status_code, answer.json()["status"], answer.json()["outcome"]) == (200, "answered", "hit")
    assert answer.json()["answered_by"] is not None
    report = (await handler.get(f"/v1/console/applications/{silent.id}/report")).json()
    entries = {entry["check_id"]: entry for member in report["members"] for entry in member["items"]}
    entry = entries[str(check.id)]
    assert (entry["entered_by_hand"], entry["outcome"], entry["fields"][0]["found"]) == (True, "hit", 1)
    assert entry["superseded_entry"] is None
    assert (report["number"], report["complete"]) == (2, False)


async def test_an_answer_is_entered_with_a_scan_of_the_paper_it_came_on(staff, sign_in, database, silent):
    handler, paper = await staff(Role.COUNTY_HANDLER, COUNTY), make_pdf()
    check = await find_check(database, silent, Item.REAL_ESTATE)
    path = f"/v1/console/checks/{check.id}"
    upload = await upload_whole(handler, paper)
    body = {"outcome": "none", "facts": {}, "as_of": "2026-11-20", "note": "窗口查询没有记录", "scan": upload}
    before = await handler.get(f"{path}/scan")

    entered = await handler.post(f"{path}/manual-answer", json=body)

    assert (before.status_code, before.json()["code"]) == (404, "scan_not_found")
    assert (entered.status_code, entered.json()["scanned"]) == (200, True)
    colleague = await staff(Role.COUNTY_CONFIRMER, COUNTY)
    shown = await colleague.get(f"{path}/scan")
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, paper, "application/pdf")
    assert shown.headers["content-disposition"].startswith("attachment; ")
    async with database.reading() as db:
        acts = select(AuditRecord).where(AuditRecord.action == "check.answer_manually")
        looks = select(AuditRecord).where(AuditRecord.action == "check.scan.read")
        assert (await db.scalar(acts)).detail["scan"] == upload
        assert [look.object_id for look in (await db.execute(looks)).scalars()] == [check.id]
    stranger = await staff(Role.COUNTY_HANDLER, "530102000000")
    assert (await stranger.get(f"{path}/scan")).status_code == 404
    assert (await stranger.get(f"/v1/uploads/{upload}")).status_code == 404
    # What was said about another adult is not the applicant's to read.
    phone = await sign_in(silent.applicant)
    assert (await phone.get(f"/v1/uploads/{upload}")).status_code == 404


async def test_without_a_scan_nothing_is_entered_whatever_way_the_agency_is_asked(staff, database, silent):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    check = await find_check(database, silent, Item.REAL_ESTATE)
    body = {"outcome": "none", "facts": {}, "as_of": "2026-11-20", "note": "窗口查询没有记录"}

    answer = await handler.post(f"/v1/console/checks/{check.id}/manual-answer", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "scan_required")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/scan"]
    left = await find_check(database, silent, Item.REAL_ESTATE)
    assert (left.status, left.mode, left.version) == (Status.UNAVAILABLE, "interface", check.version)


async def test_a_scan_is_a_finished_upload_of_ones_own(staff, database, silent):
    handler, colleague = await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.COUNTY_HANDLER, COUNTY)
    check = await find_check(database, silent, Item.REAL_ESTATE)
    path = f"/v1/console/checks/{check.id}/manual-answer"
    body = {"outcome": "none", "facts": {}, "as_of": "2026-11-20", "note": "窗口查询没有记录"}
    theirs, begun = await upload_whole(colleague, make_pdf()), await announce(handler, make_pdf())

    others = await handler.post(path, json={**body, "scan": theirs})
    unfinished = await handler.post(path, json={**body, "scan": begun})

    assert (others.status_code, others.json()["code"]) == (404, "upload_not_found")
    assert (unfinished.status_code, unfinished.json()["code"]) == (409, "upload_unfinished")
    assert (await find_check(database, silent, Item.REAL_ESTATE)).status == Status.UNAVAILABLE


async def test_the_report_shows_what_was_entered_beside_what_the_agency_said_later(staff, sign_in, database, silent):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    check = await find_check(database, silent, Item.REAL_ESTATE)
    body = {"outcome": "none", "facts": {}, "as_of": "2026-11-20", "note": "窗口查询没有记录"}
    body["scan"] = await upload_whole(handler, make_pdf())
    entered = await handler.post(f"/v1/console/checks/{check.id}/manual-answer", json=body)
    values = {FactKey.DWELLING_COUNT: 3, FactKey.DWELLING_AREA: 2_000_000}
    facts = {key: Fact(key, value, "natural_resources", date(2026, 11, 20)) for key, value in values.items()}

    async with database.unit_of_work() as db:
        await record_answer(db, SYSTEM, check.id, Answer(Outcome.HIT, facts))

    report = (await handler.get(f"/v1/console/applications/{silent.id}/report")).json()
    entries = {entry["check_id"]: entry for member in report["members"] for entry in member["items"]}
    entry = entries[str(check.id)]
    assert (entry["entered_by_hand"], entry["outcome"], entry["fields"][0]["found"]) == (False, "hit", 3)
    assert (entry["answered_by"], entry["entered_by"]) == (None, entered.json()["answered_by"])
    assert (entry["superseded_entry"]["outcome"], entry["superseded_entry"]["differs"]) == ("none", True)
    own = (await (await sign_in(silent.applicant)).get(f"/v1/applications/{silent.id}/report")).json()
    shown = [item["superseded_entry"] for member in own["members"] for item in member["items"]]
    assert [each["differs"] for each in shown if each] == [True]


async def test_nobody_forestalls_an_agency(staff, database):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    case = await build_opened(database)
    check = await find_check(database, case, Item.DEPOSITS)
    body = {"outcome": "none", "facts": {}, "as_of": "2026-11-20", "note": "没有记录"}
    path = f"/v1/console/checks/{check.id}/manual-answer"
    at_once = await handler.post(path, json=body)
    await ask(database, build_agencies(), check)

    awaited = await handler.post(path, json=body)

    assert (at_once.status_code, at_once.json()["code"]) == (409, "step_not_allowed")
    assert (awaited.status_code, awaited.json()["code"]) == (409, "agency_still_awaited")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"facts": {"dwelling_count": 1}}, "facts_not_fitting"),
        ({"facts": {"dwelling_count": True, "dwelling_area": 1}}, "input_invalid"),
        ({"facts": {"dwelling_count": 1.5, "dwelling_area": 1}}, "bad_request"),
        ({"outcome": "unavailable"}, "input_invalid"),
        ({"note": ""}, "input_invalid"),
        ({"as_of": "2026-13-01"}, "input_invalid"),
        ({"as_of": "2030-01-01"}, "facts_not_fitting"),
        ({"extra": 1}, "input_invalid"),
    ],
)
async def test_an_answer_by_hand_that_does_not_fit_changes_nothing(staff, database, change, code):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    case = await build_opened(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    await give_up(database, check)
    body = {
        "outcome": "hit",
        "facts": {"dwelling_count": 1, "dwelling_area": 725000},
        "as_of": "2026-11-20",
        "note": "窗口查询",
        **change,
    }

    answer = await handler.post(f"/v1/console/checks/{check.id}/manual-answer", json=body)

    assert answer.json()["code"] == code
    assert (await find_check(database, case, Item.REAL_ESTATE)).status == Status.UNAVAILABLE


async def test_who_may_not_finds_nothing_or_is_refused(staff, sign_in, database, silent):
    check = await find_check(database, silent, Item.REAL_ESTATE)
    retry = f"/v1/console/checks/{check.id}/retry"
    helper = await staff(Role.VILLAGE_HELPER, TOWNSHIP)
    supervisor = await staff(Role.SUPERVISOR, COUNTY)
    stranger = await staff(Role.TOWNSHIP_HANDLER, "530627102000")
    citizen = await sign_in(silent.applicant)

    assert (await helper.post(retry)).status_code == 404
    assert (await supervisor.post(retry)).json()["code"] == "role_not_allowed"
    assert (await stranger.post(retry)).json()["code"] == "check_not_found"
    assert (await citizen.post(retry)).status_code == 403
    assert (await helper.get(f"/v1/console/applications/{silent.id}/checks")).json()["items"] == []
    assert (await helper.get(f"/v1/console/applications/{silent.id}/report")).json()["code"] == "report_not_issued"
    assert (await stranger.get(f"/v1/console/applications/{silent.id}/report")).status_code == 404
