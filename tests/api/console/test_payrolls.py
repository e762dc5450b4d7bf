"""The payroll at the desk: from building to closing, by different people, and what outsiders see of it."""

from uuid import UUID

import pytest

from app.disbursement.commands import settle_receipts
from app.disbursement.lifecycle import LineStatus
from app.disbursement.queries import get_payroll
from app.identity.actors import SYSTEM, Role
from app.partners.paying_bank.base import FailureKind
from tests.builders.awards import Grant, build_award
from tests.builders.payrolls import build_office, failed, lines_of, paid

PAYROLLS = "/v1/console/payrolls"
DECEMBER = {"program": "living_allowance", "month": "2026-12"}


@pytest.fixture
async def desks(database, sign_in):
    """Clients of the handler, the confirmer and finance of one county, which has two awards."""
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db, Grant(amount_fen=52_000, account="990000111100000001"))
        await build_award(db, Grant(amount_fen=37_917, account="990000111100000002"))
        await build_award(db, Grant(account=None))
    return [await sign_in(actor) for actor in (office.handler, office.confirmer, office.finance)]


async def test_a_payroll_goes_from_hand_to_hand(desks):
    handler, confirmer, finance = desks

    built = await handler.post(PAYROLLS, json=DECEMBER)

    assert built.status_code == 201, built.text
    payroll = built.json()
    url = built.headers["location"]
    assert url == f"{PAYROLLS}/{payroll['id']}"
    assert (payroll["status"], payroll["line_count"], payroll["total_fen"]) == ("draft", 2, 89_917)
    assert (payroll["month"], payroll["currency"], payroll["actions"]) == ("2026-12", "CNY", ["submit", "reject"])
    assert payroll["exclusions"] == {"account_missing": 1}
    submitted = (await handler.post(f"{url}/submit")).json()
    assert (submitted["status"], len(submitted["digest"])) == ("submitted", 64)
    assert (await confirmer.post(f"{url}/approve")).json()["status"] == "approved"
    released = (await finance.post(f"{url}/release")).json()
    assert released["status"] == "released"
    assert released["totals"] == [{"status": "sent", "count": 2, "total_fen": 89_917}]
    early = await finance.post(f"{url}/close")
    assert (early.status_code, early.json()["code"]) == (409, "payroll_not_settled")


async def test_building_twice_is_a_conflict(desks):
    handler, *_ = desks
    await handler.post(PAYROLLS, json=DECEMBER)

    again = await handler.post(PAYROLLS, json=DECEMBER)

    assert (again.status_code, again.json()["code"]) == (409, "payroll_already_built")
    assert len((await handler.get(PAYROLLS)).json()["items"]) == 1


async def test_the_same_key_builds_once_and_answers_the_same(desks):
    handler, *_ = desks
    key = {"Idempotency-Key": "payroll-532529-2026-12"}

    first = await handler.post(PAYROLLS, json=DECEMBER, headers=key)
    second = await handler.post(PAYROLLS, json=DECEMBER, headers=key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"program": "living_allowance", "month": "2027-01"}, 422, "month_not_payable"),
        ({"program": "living_allowance", "month": "2026-10"}, 422, "nothing_to_pay"),
        ({"program": "lottery", "month": "2026-12"}, 422, "program_unknown"),
        ({"program": "edge_family", "month": "2026-12"}, 422, "nothing_to_pay"),
        ({"program": "living_allowance", "month": "2026-13"}, 422, "input_invalid"),
        ({"program": "living_allowance", "month": "2026-12", "county": "530102"}, 422, "input_invalid"),
    ],
)
async def test_what_cannot_be_built_is_refused_and_leaves_nothing(desks, body, status, code):
    handler, *_ = desks

    answer = await handler.post(PAYROLLS, json=body)

    assert answer.json()["code"] == code, answer.text
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await handler.get(PAYROLLS)).json()["items"] == []


@pytest.mark.parametrize(
    ("who", "action", "status", "code"),
    [
        (1, "submit", 403, "role_not_allowed"),
        (0, "approve", 409, "step_not_allowed"),
        (2, "release", 409, "step_not_allowed"),
        (2, "close", 409, "step_not_allowed"),
        (0, "reissue", 409, "step_not_allowed"),
    ],
)
async def test_wrong_order_and_wrong_role_are_refused(desks, who, action, status, code):
    url = (await desks[0].post(PAYROLLS, json=DECEMBER)).headers["location"]

    answer = await desks[who].post(f"{url}/{action}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await desks[0].get(url)).json()["status"] == "draft"


async def test_another_county_finds_nothing(desks, staff):
    url = (await desks[0].post(PAYROLLS, json=DECEMBER)).headers["location"]
    stranger = await staff(Role.FINANCE, "530102000000")

    for path in ("", "/lines", "/differences", "/exclusions", "/file"):
        answer = await stranger.get(url + path)
        assert (answer.status_code, answer.json()["code"]) == (404, "payroll_not_found")
    assert (await stranger.post(f"{url}/release")).status_code == 404
    assert (await stranger.get(PAYROLLS)).json()["items"] == []


async def test_lines_differences_and_exclusions_can_be_paged(desks):
    handler, *_ = desks
    url = (await handler.post(PAYROLLS, json=DECEMBER)).headers["location"]

    first = (await handler.get(f"{url}/lines", params={"limit": 1})).json()
    second = (await handler.get(f"{url}/lines", params={"limit": 1, "cursor": first["next"]})).json()
    differences = (await handler.get(f"{url}/differences", params={"limit": 1})).json()
    left_out = (await handler.get(f"{url}/exclusions")).json()

    assert {first["items"][0]["amount_fen"], second["items"][0]["amount_fen"]} == {52_000, 37_917}
    assert first["items"][0]["account_masked"].startswith("****0")
    assert second["next"] is None
    assert differences["counts"] == {"new": 2, "stopped": 0, "increased": 0, "decreased": 0, "unchanged": 0}
    assert differences["items"][0]["change"] == "new"
    assert [(row["reason"], row["months"]) for row in left_out["items"]] == [("account_missing", 1)]


async def test_the_file_shows_no_account_in_full_and_is_on_record(desks, database):
    handler, *_ = desks
    url = (await handler.post(PAYROLLS, json=DECEMBER)).headers["location"]

    answer = await handler.get(f"{url}/file")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    first, _, *rows, last = text.splitlines()
    assert len(rows) == 2
    assert "用途 disbursement" in first
    assert last.startswith('"共 2 行"')
    assert all("测*甲" in row and "测试甲" not in row for row in rows)
    assert "520.00" in text
    assert "379.17" in text
    assert "990000111100000001" not in text


async def test_a_rejected_payroll_is_built_anew(desks):
    handler, confirmer, _ = desks
    url = (await handler.post(PAYROLLS, json=DECEMBER)).headers["location"]
    await handler.post(f"{url}/submit")

    rejected = (await confirmer.post(f"{url}/reject", json={"reason": "名单有误"})).json()

    assert (rejected["status"], rejected["reject_reason"]) == ("rejected", "名单有误")
    assert (await handler.post(PAYROLLS, json=DECEMBER)).status_code == 201
    listed = (await handler.get(PAYROLLS, params={"status": "rejected", "month": "2026-12"})).json()["items"]
    assert [item["id"] for item in listed] == [rejected["id"]]


async def test_what_failed_is_reissued_and_the_rest_closed(desks, database):
    handler, confirmer, finance = desks
    url = (await handler.post(PAYROLLS, json=DECEMBER)).headers["location"]
    for desk, action in ((handler, "submit"), (confirmer, "approve"), (finance, "release")):
        await desk.post(f"{url}/{action}")
    async with database.reading() as db:
        payroll = await get_payroll(db, SYSTEM, UUID(url.rsplit("/")[-1]))
    one, two = await lines_of(database, payroll)
    async with database.unit_of_work() as db:
        words = [paid(one), failed(two, FailureKind.RETRYABLE, "R01")]
        await settle_receipts(db, SYSTEM, str(payroll.id), words, "paying_bank")

    again = await handler.post(f"{url}/reissue")
    closed = await finance.post(f"{url}/close")

    assert again.status_code == 201, again.text
    assert (again.json()["kind"], again.json()["of_payroll_id"]) == ("reissue", str(payroll.id))
    assert again.json()["total_fen"] == two.amount_fen
    assert closed.json()["status"] == "closed"
    assert {total["status"] for total in closed.json()["totals"]} == {LineStatus.PAID, LineStatus.FAILED}


async def test_a_citizen_has_no_business_here(phone):
    answer = await phone.get(PAYROLLS)

    assert (answer.status_code, answer.json()["code"]) == (403, "audience_not_allowed")


async def test_finance_finds_a_disputed_line_and_settles_it(desks, database):
    handler, confirmer, finance = desks
    url = (await handler.post(PAYROLLS, json=DECEMBER)).headers["location"]
    for desk, action in ((handler, "submit"), (confirmer, "approve"), (finance, "release")):
        await desk.post(f"{url}/{action}")
    async with database.reading() as db:
        payroll = await get_payroll(db, SYSTEM, UUID(url.rsplit("/")[-1]))
    one, two = await lines_of(database, payroll)
    for word in (paid(one), failed(two, FailureKind.RETRYABLE, "R01"), paid(two)):
        async with database.unit_of_work() as db:
            await settle_receipts(db, SYSTEM, str(payroll.id), [word], "paying_bank")
    found = {"outcome": "paid", "reason": "已与银行核对", "transaction_no": "T-77", "paid_on": "2026-12-08"}

    (shown,) = (await finance.get(f"{url}/lines", params={"disputed": True})).json()["items"]
    early = await finance.post(f"{url}/close")
    refused = await handler.post(f"{url}/lines/{two.id}/settle", json=found)
    vague = await finance.post(f"{url}/lines/{two.id}/settle", json=found | {"transaction_no": None})
    settled = await finance.post(f"{url}/lines/{two.id}/settle", json=found)
    again = await finance.post(f"{url}/lines/{two.id}/settle", json=found)

    assert (shown["id"], shown["dispute"], shown["status"]) == (str(two.id), "was_failed", "failed")
    assert (early.status_code, early.json()["code"]) == (409, "payroll_not_settled")
    assert (refused.status_code, refused.json()["code"]) == (403, "role_not_allowed")
    assert (vague.status_code, vague.json()["code"]) == (422, "settlement_incomplete")
    assert settled.status_code == 200, settled.text
    assert (settled.json()["status"], settled.json()["dispute"]) == ("paid", None)
    assert (again.status_code, again.json()["code"]) == (409, "pay_line_not_open")
    closed = await finance.post(f"{url}/close")
    assert (closed.json()["status"], closed.json()["disputed_count"]) == ("closed", 0)


async def test_nobody_releases_what_he_approved(desks):
    handler, _, finance = desks
    url = (await handler.post(PAYROLLS, json=DECEMBER)).headers["location"]
    await handler.post(f"{url}/submit")
    await finance.post(f"{url}/approve")

    answer = await finance.post(f"{url}/release")

    assert (answer.status_code, answer.json()["code"]) == (403, "same_person_not_allowed")
