"""Receipts over the wire: only from the bank, in its own form, each line once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditRecord
from app.core.ids import new_id
from tests.api.conftest import INBOUND_SECRET
from tests.builders.awards import Grant, build_award
from tests.builders.payrolls import build_office, build_released, lines_of
from tests.support.calling_back import SIGNED, CallsBack

RECEIPTS = "/v1/partner/receipts"
BANK = {
    "Authorization": f"Bearer {INBOUND_SECRET}",
    "X-Partner": "paying_bank",
    "Content-Type": "application/json",
}


@pytest.fixture
async def released(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db, Grant(amount_fen=52_000))
        await build_award(db, Grant(amount_fen=37_917))
        payroll = await build_released(db, office)
    return payroll, await lines_of(database, payroll)


def word(line, **changes):
    result = {
        "lineNo": str(line.id),
        "amt": line.amount_fen,
        "status": "S",
        "serialNo": f"T{line.id.hex[:10]}",
        "valueDate": "20261208",
        "errCode": None,
    }
    return {**result, **changes}


def file(payroll, *results) -> dict:
    return {"batchNo": str(payroll.id), "results": list(results)}


async def test_receipts_settle_lines_once(anyone, released):
    payroll, (one, two) = released
    refused = word(two, status="F", serialNo=None, valueDate=None, errCode="A03")

    first = await anyone.post(RECEIPTS, json=file(payroll, word(one), refused), headers=BANK, auth=SIGNED)
    second = await anyone.post(RECEIPTS, json=file(payroll, word(one), refused), headers=BANK, auth=SIGNED)

    assert first.status_code == 200, first.text
    assert first.json() == {"paid": 1, "failed": 1, "unknown": 0, "repeated": 0, "disputed": 0}
    assert second.json() == {"paid": 0, "failed": 0, "unknown": 0, "repeated": 2, "disputed": 0}


async def test_a_contradiction_is_received_and_changes_nothing(anyone, database, released):
    payroll, (one, _) = released
    await anyone.post(RECEIPTS, json=file(payroll, word(one)), headers=BANK, auth=SIGNED)

    answer = await anyone.post(RECEIPTS, json=file(payroll, word(one, serialNo="ANOTHER")), headers=BANK, auth=SIGNED)

    assert answer.json()["disputed"] == 1
    assert (await lines_of(database, payroll))[0].transaction_no == f"T{one.id.hex[:10]}"


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b'{"batchNo": "x", "results": []}'],
)
async def test_what_is_no_receipt_file_is_refused(anyone, released, body):
    answer = await anyone.post(RECEIPTS, content=body, headers=BANK, auth=SIGNED)

    assert (answer.status_code, answer.json()["code"]) == (400, "receipts_unreadable")


@pytest.mark.parametrize("body", [b"not json", b"\xff\xfe"])
async def test_what_is_no_json_does_not_come_in(anyone, released, body):
    answer = await anyone.post(RECEIPTS, content=body, headers=BANK, auth=SIGNED)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_a_cut_off_file_changes_nothing(anyone, database, released):
    payroll, lines = released
    whole = json.dumps(file(payroll, *map(word, lines))).encode()

    answer = await anyone.post(RECEIPTS, content=whole[: len(whole) // 2], headers=BANK, auth=SIGNED)

    assert answer.status_code == 400
    assert {line.status for line in await lines_of(database, payroll)} == {"sent"}


async def test_a_batch_we_never_sent_is_not_found(anyone, released):
    _, (one, _) = released
    unknown = {"batchNo": str(new_id()), "results": [word(one)]}

    answer = await anyone.post(RECEIPTS, json=unknown, headers=BANK, auth=SIGNED)

    assert (answer.status_code, answer.json()["code"]) == (404, "batch_unknown")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({**BANK, "Authorization": "Bearer wrong"}, 401, "token_rejected"),
        ({"X-Partner": "paying_bank"}, 401, "token_rejected"),
        ({**BANK, "X-Partner": "banking"}, 403, "not_the_paying_bank"),
        ({**BANK, "X-Partner": "nobody"}, 401, "token_rejected"),
    ],
)
async def test_only_the_bank_sends_receipts(anyone, database, released, headers, status, code):
    payroll, (one, _) = released

    answer = await anyone.post(RECEIPTS, json=file(payroll, word(one)), headers=headers, auth=SIGNED)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert {line.status for line in await lines_of(database, payroll)} == {"sent"}


async def test_receipts_that_are_not_signed_change_nothing_and_are_on_record_once_an_hour(
    anyone, database, clock, released
):
    payroll, (one, _) = released
    unknown = {"batchNo": str(new_id()), "results": [word(one)]}

    for later, auth in ((0, None), (30, CallsBack("guessed")), (31, CallsBack(ago=400))):
        clock.advance(timedelta(minutes=later))
        answer = await anyone.post(RECEIPTS, json=file(payroll, word(one)), headers=BANK, auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, "callback_not_signed")
    for body in (unknown, {}):
        assert (await anyone.post(RECEIPTS, json=body, headers=BANK)).json()["code"] == "callback_not_signed"

    assert {line.status for line in await lines_of(database, payroll)} == {"sent"}
    async with database.reading() as db:
        query = select(AuditRecord).where(AuditRecord.action == "payroll.unsigned_receipts")
        records = (await db.execute(query)).scalars().all()
    assert [(record.object_id, record.county) for record in records] == [(payroll.id, payroll.county)] * 2
