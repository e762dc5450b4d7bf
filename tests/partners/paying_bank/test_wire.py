import hashlib
import json
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.partners.base import PartnerUnavailable
from app.partners.paying_bank.adapter import HttpPayingBank, read_receipt_file
from app.partners.paying_bank.base import BatchRefused, BatchState, FailureKind, PaymentOrder
from app.partners.paying_bank.wire import sign, write_batch
from app.sandbox.population import people
from tests.partners.recorded import CONNECTION, replying
from tests.sandbox.outside import PUBLIC, Outside

HEAD = people()[0]
LINE = PaymentOrder("line-1", HEAD.name, HEAD.accounts[0].number, 37_917)


def result(**changes: Any) -> dict[str, Any]:
    paid = {"lineNo": "1", "amt": 37917, "status": "S", "serialNo": "20261221AB", "valueDate": "20261221"}
    return paid | changes


def failed(code: Any) -> dict[str, Any]:
    return {"lineNo": "1", "amt": 37917, "status": "F", "serialNo": None, "valueDate": None, "errCode": code}


def receipts(*results: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps({"batchNo": "b-1", "results": list(results)} | changes).encode()


def test_the_file_has_header_details_and_trailer() -> None:
    file = write_batch("b-1", [LINE, PaymentOrder("line-2", "测试𬱖", "9900", 5)], 37_922)

    details = f"D|1|line-1|{LINE.account}|测试李阿普|379.17\r\nD|2|line-2|9900|测试𬱖|0.05\r\n".encode("gb18030")
    digest = hashlib.sha256(details).hexdigest()
    assert file == f"H|DB20|b-1|2|379.22|{digest}\r\n".encode() + details + b"T|2\r\n"
    assert file == write_batch("b-1", [LINE, PaymentOrder("line-2", "测试𬱖", "9900", 5)], 37_922)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("A01", FailureKind.NEED_CITIZEN_FIX),
        ("A04", FailureKind.NEED_CITIZEN_FIX),
        ("B01", FailureKind.NEED_OFFICE_FIX),
        ("R01", FailureKind.RETRYABLE),
        ("T01", FailureKind.UNKNOWN),
        ("Z99", FailureKind.UNKNOWN),
    ],
)
def test_bank_codes_become_our_few_kinds_and_new_ones_are_unknown(code: str, kind: FailureKind) -> None:
    line = read_receipt_file(receipts(failed(code))).lines[0]

    assert (line.paid, line.failure, line.bank_code) == (False, kind, code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"batchNo": "b-1"',
        receipts(),
        receipts(result(), batchNo=7),
        receipts(result(status="OK")),
        receipts(result(serialNo=None)),
        receipts(result(valueDate=None)),
        receipts(result(valueDate="2026-12-21")),
        receipts(result(amt="37917")),
        receipts(result(amt=379.17)),
        receipts(result(amt=0)),
        receipts(result(lineNo="")),
        receipts(result(lineNo="1\u0000")),
        receipts(failed(None)),
        receipts(failed("not a code")),
    ],
)
def test_receipts_that_make_no_sense_are_garbage(body: bytes) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        read_receipt_file(body)


async def submit(status: int, content: bytes) -> None:
    async with replying(lambda _: httpx.Response(status, content=content)) as http:
        await HttpPayingBank(CONNECTION, http).submit_batch("b-1", [LINE], LINE.amount_fen)


def verdict(code: str, batch: str = "b-1") -> bytes:
    return json.dumps({"retCode": code, "batchNo": batch}).encode()


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (202, b""),
        (202, b"<html>login</html>"),
        (202, verdict("0000", "b-2")),
        (202, verdict("E999")),
        (409, b"Conflict"),
        (422, verdict("E777")),
        (422, b'{"detail": []}'),
        (404, verdict("E404")),
        (401, verdict("E401")),
        (500, verdict("E101")),
        (302, b""),
    ],
)
async def test_whatever_is_not_understood_leaves_the_outcome_unknown(status: int, content: bytes) -> None:
    with pytest.raises(PartnerUnavailable):
        await submit(status, content)


async def test_only_the_banks_own_words_refuse_a_batch() -> None:
    with pytest.raises(BatchRefused, match="wrong_totals"):
        await submit(422, verdict("E102"))


async def query(*replies: tuple[int, Any]) -> BatchState:
    waiting = list(replies)

    def answer(_: httpx.Request) -> httpx.Response:
        status, content = waiting.pop(0)
        return httpx.Response(status, json=content)

    async with replying(answer) as http:
        return (await HttpPayingBank(CONNECTION, http).query_batch("b-1")).state


def progress(**changes: Any) -> dict[str, Any]:
    return {"retCode": "0000", "batchNo": "b-1", "status": "DONE", "part": 1, "parts": 1, "results": []} | changes


async def test_a_stray_404_does_not_mean_that_the_bank_never_took_the_batch() -> None:
    for content in ({"detail": "Not Found"}, {"retCode": "E404", "batchNo": "b-2"}):
        with pytest.raises(PartnerUnavailable, match="garbage"):
            await query((404, content))


@pytest.mark.parametrize(
    "second", [progress(part=1, parts=2), progress(part=2, parts=3), progress(part=2, parts=2, status="RECEIVED")]
)
async def test_parts_that_do_not_fit_together_are_garbage(second: dict[str, Any]) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await query((200, progress(parts=2)), (200, second))


async def test_a_batch_number_that_does_not_fit_an_address_is_never_sent() -> None:
    async with replying(lambda _: httpx.Response(500)) as http:
        with pytest.raises(BatchRefused, match="unwritable"):
            await HttpPayingBank(CONNECTION, http).submit_batch("../b", [LINE], 1)


async def test_large_batches_come_back_in_parts(outside: Outside) -> None:
    bank = HttpPayingBank(outside.connections["paying_bank"], outside.http)
    batch = str(new_id())
    lines = [PaymentOrder(f"line-{n}", LINE.payee_name, LINE.account, 1) for n in range(450)]

    await bank.submit_batch(batch, lines, 450)
    for last_of_part in ("line-199", "line-399", "line-449"):
        callback = await outside.call_back_about(f'"{last_of_part}"')
        assert bank.read_receipts(callback.content).batch_id == batch

    status = await bank.query_batch(batch)
    assert [line.line_id for line in status.lines] == [line.line_id for line in lines]


async def test_receipts_come_to_the_agreed_address_and_show_the_agreed_secret(outside: Outside) -> None:
    bank = HttpPayingBank(outside.connections["paying_bank"], outside.http)
    batch = str(new_id())

    await bank.submit_batch(batch, [LINE], LINE.amount_fen)

    callback = await outside.call_back_about(batch)
    assert str(callback.url) == f"{PUBLIC}/v1/partner/receipts"
    assert callback.headers["Authorization"] == "Bearer theirs-paying_bank"
    assert callback.headers["X-Partner"] == "paying_bank"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda file: file.replace(b"T|1", b"T|2"), "E104"),
        (lambda file: file.replace(b"|1|379.17|", b"|2|379.17|").replace(b"T|1", b"T|2"), "E101"),
        (lambda file: file.replace(b"|379.17|", b"|379.18|", 1), "E102"),
        (lambda file: file.replace(b"line-1", b"line-9"), "E103"),
        (lambda file: file[:-1], "E104"),
        (lambda file: b"", "E104"),
        (lambda file: b"\xff" + file, "E104"),
        (lambda file: file.replace(b"DB20", b"DB19"), "E104"),
    ],
)
async def test_the_bank_checks_the_file_itself(outside: Outside, change: Any, code: str) -> None:
    batch = str(new_id())
    file = change(write_batch(batch, [LINE], LINE.amount_fen))
    connection = outside.connections["paying_bank"]

    answer = await outside.http.put(
        f"{connection.base_url}/batches/{batch}",
        content=file,
        headers={"X-Mac": sign(connection.secret, "PUT", f"/batches/{batch}", file)},
    )

    assert answer.status_code == 422
    assert answer.json()["retCode"] == code


async def test_the_bank_takes_no_file_that_we_did_not_sign(outside: Outside) -> None:
    batch = str(new_id())
    file = write_batch(batch, [LINE], LINE.amount_fen)

    answer = await outside.http.put(
        f"{outside.connections['paying_bank'].base_url}/batches/{batch}",
        content=file,
        headers={"X-Mac": sign("somebody else's", "PUT", f"/batches/{batch}", file)},
    )

    assert answer.status_code == 401
