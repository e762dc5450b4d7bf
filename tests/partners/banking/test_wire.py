import json
from datetime import date
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.banking.adapter import Banking
from app.partners.banking.fake import FakeBanking
from app.partners.base import Acknowledged, PartnerUnavailable
from app.sandbox.population import people
from tests.partners.recorded import CONNECTION, replying
from tests.partners.suite import IMPATIENT, PATIENT, about, query_for
from tests.sandbox.outside import PUBLIC, Outside


def late_reply(**changes: Any) -> bytes:
    values: dict[str, Any] = {
        "requestNo": "018f0000-0000-7000-8000-000000000000",
        "ticket": "YH1",
        "rspCode": "00",
        "balanceDate": "2026-11-21",
        "accounts": [{"acctTail": "0042", "ccy": "156", "balance": 186035}],
    }
    return json.dumps(values | changes).encode()


def account(**changes: Any) -> dict[str, Any]:
    return {"acctTail": "0042", "ccy": "156", "balance": 1} | changes


def read(body: bytes) -> Answer:
    return Banking(CONNECTION, httpx.AsyncClient()).read_callback(body).answer


async def ask(reply: httpx.Response | dict[str, Any]) -> Acknowledged:
    query = query_for(Item.DEPOSITS, "539900198303140156", "测试李阿普")

    def answer(request: httpx.Request) -> httpx.Response:
        if isinstance(reply, httpx.Response):
            return reply
        return httpx.Response(202, json={"requestNo": str(query.reference)} | reply)

    async with replying(answer) as http:
        return await Banking(CONNECTION, http).ask(query)


async def test_a_ticket_acknowledges() -> None:
    assert await ask({"ticket": "YH7"}) == Acknowledged("YH7")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"ticket": ""}, "garbage"),
        ({"ticket": 7}, "garbage"),
        ({"ticket": "YH7", "requestNo": str(new_id())}, "garbage"),
        (httpx.Response(200, json={"ticket": "YH7"}), "error"),
        (httpx.Response(409, json={}), "error"),
        (httpx.Response(403, json={}), "refused"),
    ],
)
async def test_anything_but_a_ticket_to_our_question_is_a_failure(reply: Any, reason: str) -> None:
    with pytest.raises(PartnerUnavailable, match=reason):
        await ask(reply)


def test_balances_are_added_up() -> None:
    answer = read(late_reply(accounts=[account(balance=150), account(balance=0)]))

    assert answer.facts[FactKey.DEPOSIT_BALANCE].value == 150
    assert answer.facts[FactKey.DEPOSIT_ACCOUNTS].value == 2
    assert answer.facts[FactKey.DEPOSIT_BALANCE].as_of == date(2026, 11, 21)


def test_no_account_is_no_record() -> None:
    assert read(late_reply(rspCode="14", accounts=[])) == Answer.none()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        late_reply()[:-20],
        late_reply(rspCode="99"),
        late_reply(rspCode="14"),
        late_reply(accounts=[]),
        late_reply(accounts=[account(ccy="840")]),
        late_reply(accounts=[account(balance=-1)]),
        late_reply(accounts=[account(balance=1.0)]),
        late_reply(accounts=[account(balance="1")]),
        late_reply(accounts=[account(balance=10**15)]),
        late_reply(requestNo="7"),
        late_reply(balanceDate="20261121"),
    ],
)
def test_a_call_back_that_makes_no_sense_is_garbage(body: bytes) -> None:
    for partner in (Banking(CONNECTION, httpx.AsyncClient()), FakeBanking()):
        with pytest.raises(PartnerUnavailable, match="garbage"):
            partner.read_callback(body)


async def test_call_backs_come_to_the_agreed_address_and_show_the_agreed_secret(outside: Outside) -> None:
    query = about(people()[0], Item.DEPOSITS)

    await Banking(outside.connections["banking"], outside.http, PATIENT).ask(query)

    callback = await outside.call_back_about(str(query.reference))
    assert str(callback.url) == f"{PUBLIC}/v1/partner/check-answers"
    assert callback.headers["Authorization"] == "Bearer theirs-banking"
    assert callback.headers["X-Partner"] == "banking"


async def test_a_question_whose_acknowledgement_got_lost_was_taken_all_the_same(outside: Outside) -> None:
    query = about(people()[0], Item.DEPOSITS)
    await outside.fault("banking", "garbage", rate=0.5)
    banking = Banking(outside.connections["banking"], outside.http, IMPATIENT)
    await outside.http.get("http://sandbox.test/agencies/banking/spent")  # the half that passes

    with pytest.raises(PartnerUnavailable):
        await banking.ask(query)

    await outside.http.delete("http://sandbox.test/faults")
    callback = await outside.call_back_about(str(query.reference))
    assert banking.read_callback(callback.content).reference == query.reference


async def test_one_number_cannot_stand_for_two_persons(outside: Outside) -> None:
    first, second = people()[:2]
    query = about(first, Item.DEPOSITS)
    banking = Banking(outside.connections["banking"], outside.http, PATIENT)
    await banking.ask(query)

    with pytest.raises(PartnerUnavailable, match="error"):
        await banking.ask(query_for(Item.DEPOSITS, second.id_number, second.name, reference=query.reference))
