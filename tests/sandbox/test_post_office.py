"""What banks owe is sent until it is acknowledged, over faults, failures and restarts."""

import asyncio
import sqlite3
import time
from pathlib import Path

import httpx

from app.core.ids import new_id
from app.facts import Item
from app.partners.banking.adapter import Banking
from app.partners.call_backs import require_signed
from app.partners.paying_bank.adapter import HttpPayingBank
from app.partners.paying_bank.base import BatchState, PaymentOrder
from app.sandbox.population import people
from tests.partners.suite import PATIENT, about
from tests.sandbox.outside import BASE, Outside, running_sandbox, settings_in

HEAD = people()[0]
LINE = PaymentOrder("line-1", HEAD.name, HEAD.accounts[0].number, 37_917)


async def ask_for_deposits(outside: Outside) -> str:
    query = about(HEAD, Item.DEPOSITS)
    await Banking(outside.connections["banking"], outside.http, PATIENT).ask(query)
    return str(query.reference)


async def pay(outside: Outside) -> str:
    batch = str(new_id())
    await HttpPayingBank(outside.connections["paying_bank"], outside.http, PATIENT).submit_batch(batch, [LINE], 37_917)
    return batch


async def received(outside: Outside, times: int) -> None:
    await outside.until(lambda: len(outside.received) >= times)


async def all_acknowledged(outside: Outside, agency: str) -> None:
    async with asyncio.timeout(10):
        while True:
            callbacks = (await outside.http.get(f"{BASE}/counters")).json()[agency]["callbacks"]
            if callbacks["acknowledged"] and not callbacks["owed"]:
                return
            await asyncio.sleep(0.02)


async def credits(outside: Outside) -> dict[str, int]:
    url = f"{BASE}/agencies/paying_bank/credits"
    answer = (await outside.http.get(url, params={"account": LINE.account})).json()
    return {key: answer[key] for key in ("count", "total_fen")}


async def test_a_call_back_is_sent_again_until_it_is_acknowledged(outside: Outside) -> None:
    answers = iter([503, 404])
    outside.answer = lambda _: httpx.Response(next(answers, 204))

    reference = await ask_for_deposits(outside)
    await all_acknowledged(outside, "banking")
    await asyncio.sleep(0.3)

    assert len(outside.received) == 3
    assert all(reference.encode() in request.content for request in outside.received)


async def test_an_unreachable_receiver_is_tried_again(outside: Outside) -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        if len(outside.received) < 2:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(204)

    outside.answer = unreachable
    await pay(outside)
    await all_acknowledged(outside, "paying_bank")

    assert len(outside.received) == 2


async def test_silence_withholds_call_backs_until_it_ends(outside: Outside) -> None:
    outside.answer = lambda _: httpx.Response(503)
    reference = await ask_for_deposits(outside)
    await received(outside, 1)
    await outside.fault("banking", "silence")
    await asyncio.sleep(0.2)
    seen = len(outside.received)
    await asyncio.sleep(0.8)
    assert len(outside.received) == seen

    outside.answer = lambda _: httpx.Response(204)
    await outside.http.delete(f"{BASE}/faults")
    await all_acknowledged(outside, "banking")
    assert reference.encode() in outside.received[-1].content


async def test_a_broken_call_back_is_followed_by_a_whole_one(outside: Outside) -> None:
    outside.answer = lambda _: httpx.Response(503)
    reference = await ask_for_deposits(outside)
    await received(outside, 1)
    await outside.fault("banking", "garbage")
    await received(outside, 2)
    outside.answer = lambda _: httpx.Response(204)
    await outside.http.delete(f"{BASE}/faults")
    await all_acknowledged(outside, "banking")

    lengths = [len(request.content) for request in outside.received]
    assert min(lengths) < max(lengths)
    assert lengths[-1] == max(lengths)
    assert reference.encode() in outside.received[-1].content


async def test_an_enquiry_put_again_after_its_answer_is_answered_again(outside: Outside) -> None:
    query = about(HEAD, Item.DEPOSITS)
    banking = Banking(outside.connections["banking"], outside.http, PATIENT)

    first = await banking.ask(query)
    await received(outside, 1)
    await all_acknowledged(outside, "banking")
    second = await banking.ask(query)
    await received(outside, 2)

    assert first == second
    assert outside.received[0].content == outside.received[1].content


async def test_what_banks_owe_survives_a_restart(tmp_path: Path) -> None:
    slow = settings_in(tmp_path, sandbox_answer_seconds=3600.0)
    async with running_sandbox(slow) as outside:
        reference = await ask_for_deposits(outside)
        batch = await pay(outside)
        bank = HttpPayingBank(outside.connections["paying_bank"], outside.http, PATIENT)
        assert (await bank.query_batch(batch)).state is BatchState.RECEIVED
        assert await credits(outside) == {"count": 0, "total_fen": 0}
        assert outside.received == []
    _hurry(tmp_path)

    async with running_sandbox(slow) as outside:
        await outside.call_back_about(reference)
        await outside.call_back_about(batch)
        bank = HttpPayingBank(outside.connections["paying_bank"], outside.http, PATIENT)
        await bank.submit_batch(batch, [LINE], 37_917)
        assert (await bank.query_batch(batch)).state is BatchState.DONE
        assert await credits(outside) == {"count": 1, "total_fen": 37_917}
        counters = (await outside.http.get(f"{BASE}/counters")).json()
        assert counters["banking"]["asked"] == 1
        assert counters["paying_bank"]["distinct"] == 2  # submitted and queried


def _hurry(folder: Path) -> None:
    """Make everything due now, as if the hour had passed."""
    with sqlite3.connect(folder / "sandbox.db") as db:
        db.execute("UPDATE callbacks SET due = 0")
        db.execute("UPDATE batches SET due = 0")
    db.close()


async def test_each_sending_is_signed_as_we_take_it(outside: Outside) -> None:
    answers = iter([503])
    outside.answer = lambda _: httpx.Response(next(answers, 204))

    await ask_for_deposits(outside)
    await all_acknowledged(outside, "banking")

    for sent in outside.received:
        said = {"sent_at": sent.headers["X-Signed-At"], "signature": sent.headers["X-Signature"], "now": time.time()}
        require_signed("signs-banking", "banking", sent.url.path, sent.content, **said)


async def test_two_batches_for_the_same_person_are_both_paid_as_a_bank_would(outside: Outside) -> None:
    for batch in (await pay(outside), await pay(outside)):
        await outside.call_back_about(batch)

    assert await credits(outside) == {"count": 2, "total_fen": 75_834}


async def test_messages_survive_a_restart(tmp_path: Path) -> None:
    message = {"phone": HEAD.phone, "text": "验证码 204981", "template": "one_time_code"}
    headers = {"Authorization": "Bearer ours-sms_gateway"}
    async with running_sandbox(settings_in(tmp_path)) as outside:
        await outside.http.post(f"{BASE}/sms-gateway/messages", json=message, headers=headers)

    async with running_sandbox(settings_in(tmp_path)) as outside:
        messages = (await outside.http.get(f"{BASE}/sms", params={"phone": HEAD.phone})).json()
        assert [message["code"] for message in messages] == ["204981"]
