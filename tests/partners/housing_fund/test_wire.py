import json
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, hmac

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.exchange import Limits
from app.partners.housing_fund.adapter import HousingFund
from app.sandbox.population import people
from tests.partners.recorded import answer_of
from tests.partners.suite import PATIENT, about, query_for
from tests.sandbox.outside import Outside

ACCOUNT = {"grzt": "01", "yjce": "864.05", "grzhye": "41200.56"}


def sm3(secret: str, *parts: bytes) -> str:
    mac = hmac.HMAC(secret.encode(), hashes.SM3())
    mac.update(b"\n".join(parts))
    return mac.finalize().hex()


async def ask(account: Any = ACCOUNT, *, secret: str = "ours", nonce: str | None = None, **changes: Any) -> Answer:
    query = query_for(Item.PROVIDENT_FUND, "539900198303140156", "测试李阿普")

    def reply(request: httpx.Request) -> httpx.Response:
        values = {"ywlsh": str(query.reference), "rtn": "0000", "sjrq": "2026-11-22", "zh": account} | changes
        body = json.dumps(values).encode()
        shown = (nonce or request.headers["X-Nonce"]).encode()
        return httpx.Response(200, content=body, headers={"X-Sign-SM3": sm3(secret, shown, body)})

    return await answer_of(HousingFund, query, reply)


async def test_money_becomes_fen() -> None:
    facts = (await ask()).facts

    assert facts[FactKey.PROVIDENT_FUND_MONTHLY].value == 86_405
    assert facts[FactKey.PROVIDENT_FUND_BALANCE].value == 4_120_056


async def test_nobody_pays_into_a_sealed_account() -> None:
    facts = (await ask(ACCOUNT | {"grzt": "02"})).facts

    assert facts[FactKey.PROVIDENT_FUND_MONTHLY].value == 0
    assert facts[FactKey.PROVIDENT_FUND_BALANCE].value == 4_120_056


async def test_a_closed_account_and_their_code_are_no_record() -> None:
    assert await ask(ACCOUNT | {"grzt": "03"}) == await ask(None, rtn="0001") == Answer.none()


@pytest.mark.parametrize(
    "changes",
    [
        {"account": None},
        {"account": ACCOUNT | {"grzt": "09"}},
        {"account": ACCOUNT | {"yjce": "864.5"}},
        {"account": ACCOUNT | {"yjce": "1,864.50"}},
        {"account": {"grzt": "01", "yjce": "864.05"}},
        {"rtn": "0001"},
        {"sjrq": None},
        {"sjrq": "20261122"},
        {"ywlsh": str(new_id())},
        {"secret": "somebody else's"},
        {"nonce": "0" * 32},
    ],
)
async def test_what_is_no_answer_to_this_question_is_garbage(changes: dict[str, Any]) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(**changes)


async def test_another_code_of_theirs_is_an_error() -> None:
    with pytest.raises(PartnerUnavailable, match="error"):
        await ask(None, rtn="0009")


async def test_a_question_signed_long_ago_is_refused(outside: Outside) -> None:
    late = HousingFund(outside.connections["housing_fund"], outside.http, Limits(), epoch=lambda: 1_000_000_000.0)

    with pytest.raises(PartnerUnavailable, match="refused"):
        await late.ask(about(people()[0], Item.PROVIDENT_FUND))


async def test_a_question_that_somebody_recorded_is_answered_once(outside: Outside) -> None:
    sent: list[httpx.Request] = []
    outside.http.event_hooks = {"request": [_keep(sent)]}
    connection = outside.connections["housing_fund"]
    await HousingFund(connection, outside.http, PATIENT).ask(about(people()[0], Item.PROVIDENT_FUND))
    outside.http.event_hooks = {"request": []}
    [first] = sent

    again = await outside.http.post(str(first.url), content=first.content, headers=first.headers)

    assert again.status_code == 403


def _keep(sent: list[httpx.Request]) -> Any:
    async def keep(request: httpx.Request) -> None:
        sent.append(request)

    return keep
