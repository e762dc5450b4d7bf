"""Tickets to agencies at the county's desk, and what the citizen reads of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.notifications.texts import TEMPLATES
from app.verification.commands import let_disputes_lapse
from app.verification.events import DisputeLapsed
from tests.api.applicant.test_uploads import announce, upload_whole
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.disputes import answer_again
from tests.builders.people import build_citizen, build_staff
from tests.builders.relatives import declare
from tests.builders.review import build_accepted_case, verify
from tests.support.files import make_pdf

CAR = {("self", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 1}, ("spouse", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 2}}
ANSWER = {"answer": "upheld", "reference": "车管复〔2026〕17号", "reasons": "登记信息无误，未办理转移登记。（测试）"}


async def _case(database):
    case = await build_accepted_case(database)
    await verify(database, case, CAR)
    return case


def _body(case, of="self", **given):
    body = {
        "member_id": str(case.member(of)),
        "item": "vehicles",
        "key": "vehicle_count",
        "statement": "车已于去年转让。（测试）",
    }
    return {**body, **given}


async def test_a_dispute_from_the_phone_to_the_agencys_answer(staff, sign_in, database):
    case = await _case(database)
    phone, handler = await sign_in(case.applicant), await staff(Role.COUNTY_HANDLER, COUNTY)
    url = f"/v1/applications/{case.id}/disputes"

    raised = await phone.post(url, json=_body(case))

    assert raised.status_code == 201
    mine = raised.json()
    assert (mine["status"], mine["due_on"], mine["asked_again"]) == ("open", "2026-12-07", True)
    assert (mine["source_label"], mine["label"], mine["reference"]) == ("公安机关", "机动车数量", None)
    (line,) = (await handler.get("/v1/console/disputes")).json()["items"]
    assert (line["number"], line["source"], line["status"]) == (mine["number"], "public_security", "open")
    assert "statement" not in line
    shown = (await handler.get(f"/v1/console/disputes/{mine['id']}")).json()
    assert shown["statement"] == _body(case)["statement"]
    report = (await handler.get(f"/v1/console/applications/{case.id}/report")).json()
    assert (report["pending_disputes"], report["rechecking"]) == (1, True)

    ticket = f"/v1/console/disputes/{mine['id']}"
    early = await handler.post(f"{ticket}/answer", json=ANSWER)
    assert (early.status_code, early.json()["code"]) == (409, "correction_not_sent")
    assert (await handler.get(ticket)).json()["status"] == "open"
    sent = await handler.post(f"{ticket}/sent", json={"sent_on": "2026-11-23", "way": "post"})
    assert sent.status_code == 200

    paper = await upload_whole(handler, make_pdf())
    answered = await handler.post(f"{ticket}/answer", json={**ANSWER, "scan": paper})

    assert answered.status_code == 200
    (read,) = (await phone.get(url)).json()["items"]
    assert read["scanned"] is True
    assert (read["status"], read["reference"], read["reasons"]) == ("upheld", ANSWER["reference"], ANSWER["reasons"])
    assert [remedy["kind"] for remedy in read["remedies"]] == ["administrative_reconsideration", "administrative_suit"]
    steps = {step["kind"]: step for step in (await phone.get(f"/v1/applications/{case.id}/timeline")).json()["steps"]}
    assert steps["report_dispute"]["outcome"] == "upheld"


async def test_sent_again_it_is_the_same_dispute_and_another_of_the_field_is_a_conflict(sign_in, database):
    case = await _case(database)
    phone, key = await sign_in(case.applicant), {"Idempotency-Key": uuid4().hex}
    url = f"/v1/applications/{case.id}/disputes"

    first = await phone.post(url, json=_body(case), headers=key)
    again = await phone.post(url, json=_body(case), headers=key)
    other = await phone.post(url, json=_body(case))

    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (409, "dispute_already_open")
    assert len((await phone.get(url)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "code", "pointers"),
    [
        ({"item": "moon"}, 422, "input_invalid", ["/item"]),
        ({"key": "moon"}, 422, "input_invalid", ["/key"]),
        ({"statement": ""}, 422, "input_invalid", ["/statement"]),
        ({"extra": 1}, 422, "input_invalid", ["/extra"]),
        ({"key": "dwelling_count"}, 422, "field_not_in_report", ["/key"]),
        ({"member_id": str(uuid4())}, 422, "field_not_in_report", ["/member_id", "/item"]),
        ({"upload_ids": [str(uuid4())]}, 404, "upload_not_found", []),
        ({"item": "deaths", "key": "deceased_on"}, 409, "nothing_to_dispute", []),
    ],
)
async def test_what_cannot_be_disputed_is_refused_with_its_place_and_changes_nothing(
    sign_in, database, change, status, code, pointers
):
    case = await _case(database)
    phone = await sign_in(case.applicant)

    answer = await phone.post(f"/v1/applications/{case.id}/disputes", json=_body(case, **change))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [fault["pointer"] for fault in answer.json().get("errors", [])] == pointers
    assert (await phone.get(f"/v1/applications/{case.id}/disputes")).json()["items"] == []


async def test_another_adult_disputes_his_own_and_each_reads_his_own_alone(sign_in, database):
    case = await _case(database)
    details = next(each for _, each in case.household.members if each.relation == "spouse")
    async with database.unit_of_work() as db:
        spouse = await build_citizen(db, name=details.name, id_number=details.id_number)
        stranger = await build_citizen(db, name="测试丁")
    url = f"/v1/applications/{case.id}/disputes"
    head, other = await sign_in(case.applicant), await sign_in(spouse)

    refused = await head.post(url, json=_body(case, "spouse"))
    raised = await other.post(url, json=_body(case, "spouse"))

    assert (refused.status_code, refused.json()["code"]) == (403, "finding_of_another")
    assert raised.status_code == 201
    assert (await head.get(url)).json()["items"] == []
    assert len((await other.get(url)).json()["items"]) == 1
    foreign = await head.post(f"{url}/{raised.json()['id']}/take-back")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "dispute_not_found")
    taken = await other.post(f"{url}/{raised.json()['id']}/take-back")
    assert taken.json()["status"] == "taken_back"
    assert (await (await sign_in(stranger)).get(url)).status_code == 404


async def test_the_list_shows_the_late_ones_and_leaves_out_relatives_and_other_places(staff, sign_in, database, clock):
    case, other = await _case(database), await _case(database)
    for each in (case, other):
        phone = await sign_in(each.applicant)
        await phone.post(f"/v1/applications/{each.id}/disputes", json=_body(each))
        clock.advance(timedelta(days=7))
    async with database.unit_of_work() as db:
        relative = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    await declare(database, relative, other.household)
    clock.advance(timedelta(days=2))  # 9 December; the second is due a week later

    async def listed(client, **query):
        page = (await client.get("/v1/console/disputes", params=query)).json()
        return [row["application_id"] for row in page["items"]]

    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    assert await listed(handler) == [str(case.id), str(other.id)]
    assert await listed(handler, late=True) == [str(case.id)]
    assert await listed(handler, status="upheld") == []
    assert await listed(await sign_in(relative)) == [str(case.id)]
    assert await listed(await staff(Role.COUNTY_HANDLER, "530627000000")) == []
    assert await listed(await staff(Role.VILLAGE_HELPER, TOWNSHIP)) == []


@pytest.mark.parametrize(
    "change", [{"answer": "maybe"}, {"reference": ""}, {"reasons": ""}, {"reference": "x" * 65}, {"scan": "7"}]
)
async def test_what_is_no_answer_changes_nothing(staff, sign_in, database, change):
    case = await _case(database)
    phone, handler = await sign_in(case.applicant), await staff(Role.COUNTY_HANDLER, COUNTY)
    raised = (await phone.post(f"/v1/applications/{case.id}/disputes", json=_body(case))).json()

    answer = await handler.post(f"/v1/console/disputes/{raised['id']}/answer", json=ANSWER | change)

    assert (answer.status_code, answer.json()["code"]) == (422, "input_invalid")
    assert (await handler.get(f"/v1/console/disputes/{raised['id']}")).json()["status"] == "open"


async def test_what_the_register_says_otherwise_now_stands_with_the_ticket_which_stays_open(staff, sign_in, database):
    case = await _case(database)
    phone, handler = await sign_in(case.applicant), await staff(Role.COUNTY_HANDLER, COUNTY)
    url = f"/v1/applications/{case.id}/disputes"
    raised = (await phone.post(url, json=_body(case))).json()
    assert raised["otherwise_report_id"] is None

    await answer_again(database, case, {FactKey.VEHICLE_COUNT: 2})

    (mine,) = (await phone.get(url)).json()["items"]
    report = (await handler.get(f"/v1/console/applications/{case.id}/report")).json()
    assert (mine["status"], mine["otherwise_report_id"], mine["answer_report_id"]) == ("open", report["id"], None)
    assert report["pending_disputes"] == 1


@pytest.mark.parametrize("on", [1_795_000_000, "1795000000", "2026-11-23T00:00:00Z", " 2026-11-23", "20261123", None])
async def test_the_day_of_sending_has_one_spelling(staff, sign_in, database, on):
    case = await _case(database)
    phone, handler = await sign_in(case.applicant), await staff(Role.COUNTY_HANDLER, COUNTY)
    raised = (await phone.post(f"/v1/applications/{case.id}/disputes", json=_body(case))).json()

    answer = await handler.post(f"/v1/console/disputes/{raised['id']}/sent", json={"sent_on": on, "way": "post"})

    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (422, ["/sent_on"])
    assert (await handler.get(f"/v1/console/disputes/{raised['id']}")).json()["sent_on"] is None


async def test_a_dispute_that_lapsed_says_why_and_what_may_be_done_and_a_message_says_that_it_has(sign_in, database):
    case = await _case(database)
    phone, url = await sign_in(case.applicant), f"/v1/applications/{case.id}"
    await phone.post(f"{url}/disputes", json=_body(case))
    own = f"{url}/authorisations/{case.member('self')}"
    assert (await phone.delete(own)).status_code == 204
    async with database.unit_of_work() as db:
        await let_disputes_lapse(db, case.id, about=case.member("self"))

    (mine,) = (await phone.get(f"{url}/disputes")).json()["items"]
    again = await phone.post(f"{url}/disputes", json=_body(case))

    assert (mine["status"], mine["lapsed_for"]) == ("lapsed", "authorisation_withdrawn")
    assert "更正申请" in mine["lapsed_note"]
    assert (again.status_code, again.json()["code"]) == (409, "dispute_unauthorised")
    assert "更正申请" in again.json()["title"]
    assert DisputeLapsed.type in TEMPLATES


async def _sent(database, phone, handler):
    """Return the case and the ticket's address, once its agency has the letter."""
    case = await _case(database)
    citizen = await phone(case.applicant)
    raised = (await citizen.post(f"/v1/applications/{case.id}/disputes", json=_body(case))).json()
    ticket = f"/v1/console/disputes/{raised['id']}"
    await handler.post(f"{ticket}/sent", json={"sent_on": "2026-11-23", "way": "post"})
    return case, ticket


async def test_what_an_agency_answered_is_entered_with_a_scan_that_offices_of_the_place_may_load(
    staff, sign_in, database
):
    handler, paper = await staff(Role.COUNTY_HANDLER, COUNTY), make_pdf()
    case, ticket = await _sent(database, sign_in, handler)
    upload, before = await upload_whole(handler, paper), await handler.get(f"{ticket}/scan")
    assert (await handler.get(ticket)).json()["scanned"] is False

    entered = await handler.post(f"{ticket}/answer", json={**ANSWER, "scan": upload})

    assert (before.status_code, before.json()["code"]) == (404, "scan_not_found")
    assert (entered.status_code, entered.json()["scanned"]) == (200, True)
    colleague = await staff(Role.COUNTY_CONFIRMER, COUNTY)
    shown = await colleague.get(f"{ticket}/scan")
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, paper, "application/pdf")
    assert shown.headers["content-disposition"].startswith("attachment; ")
    async with database.reading() as db:
        acts = select(AuditRecord).where(AuditRecord.action == "report.dispute_uphold")
        looks = select(AuditRecord).where(AuditRecord.action == "report.read_dispute_scan")
        assert (await db.scalar(acts)).detail["scan"] == upload
        assert [str(look.object_id) for look in (await db.execute(looks)).scalars()] == [ticket.rpartition("/")[2]]
    stranger = await staff(Role.COUNTY_HANDLER, "530102000000")
    assert (await stranger.get(f"{ticket}/scan")).status_code == 404
    assert (await stranger.get(f"/v1/uploads/{upload}")).status_code == 404
    assert (await (await sign_in(case.applicant)).get(f"/v1/uploads/{upload}")).status_code == 404


async def test_without_a_scan_or_with_one_that_is_no_finished_upload_of_ones_own_nothing_is_entered(
    staff, sign_in, database
):
    handler, colleague = await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.COUNTY_HANDLER, COUNTY)
    _, ticket = await _sent(database, sign_in, handler)
    theirs, begun = await upload_whole(colleague, make_pdf()), await announce(handler, make_pdf())

    bare, others, unfinished = [
        await handler.post(f"{ticket}/answer", json={**ANSWER, **given})
        for given in ({}, {"scan": theirs}, {"scan": begun})
    ]

    assert (bare.status_code, bare.json()["code"]) == (422, "scan_required")
    assert [fault["pointer"] for fault in bare.json()["errors"]] == ["/scan"]
    assert (others.status_code, others.json()["code"]) == (404, "upload_not_found")
    assert (unfinished.status_code, unfinished.json()["code"]) == (409, "upload_unfinished")
    left = (await handler.get(ticket)).json()
    assert (left["status"], left["reference"], left["scanned"]) == ("open", None, False)
