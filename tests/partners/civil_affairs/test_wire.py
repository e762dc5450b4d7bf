from datetime import date
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.civil_affairs.adapter import CivilAffairs
from tests.partners.recorded import CONNECTION, replying
from tests.partners.suite import query_for


async def ask(item: Item, reply: Any, *, status: int = 200) -> Answer:
    query = query_for(item, "539900198303140156", "测试李阿普")

    def answer(request: httpx.Request) -> httpx.Response:
        if isinstance(reply, bytes):
            return httpx.Response(status, content=reply)
        return httpx.Response(status, json={"requestId": str(query.reference)} | reply)

    async with replying(answer) as http:
        return await CivilAffairs(CONNECTION, http).ask(query)


def grant(scheme: str, since: str, until: str | None) -> dict[str, Any]:
    return {"scheme": scheme, "from": since, "to": until}


async def test_addresses_never_carry_the_identity_number() -> None:
    seen: list[httpx.Request] = []
    query = query_for(Item.DEATHS, "539900198303140156", "测试李阿普", case="收件号 1")

    def none(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(404, json={"code": "NO_RECORD", "requestId": str(query.reference)})

    async with replying(none) as http:
        await CivilAffairs(CONNECTION, http).ask(query)

    assert "539900" not in str(seen[0].url)
    assert seen[0].headers["X-Api-Key"] == "ours"
    assert seen[0].headers["X-Request-Id"] == str(query.reference)
    assert seen[0].headers["X-Case"] == "%E6%94%B6%E4%BB%B6%E5%8F%B7 1"


async def test_a_404_without_their_own_words_is_not_no_record() -> None:
    for reply in (b"<h1>Not Found</h1>", {"code": "NO_SUCH_REGISTER"}, {"detail": "Not Found"}):
        with pytest.raises(PartnerUnavailable, match="garbage"):
            await ask(Item.MARRIAGE, reply, status=404)


async def test_their_own_404_is_no_record() -> None:
    assert await ask(Item.MARRIAGE, {"code": "NO_RECORD"}, status=404) == Answer.none()


async def test_only_grants_in_force_on_the_day_of_the_answer_count() -> None:
    grants = [
        grant("DB", "20240301", None),
        grant("LS", "20260101", "20261122"),
        grant("TK", "20200101", "20261121"),
        grant("CJ", "20261201", None),
    ]

    answer = await ask(Item.BENEFITS, {"benefits": grants, "asOf": "20261122"})

    fact = answer.facts[FactKey.BENEFITS_IN_FORCE]
    assert (fact.value, fact.as_of) == (("living_allowance", "temporary_aid"), date(2026, 11, 22))


async def test_only_past_grants_are_no_record() -> None:
    past = {"benefits": [grant("TK", "20200101", "20201231")], "asOf": "20261122"}

    assert await ask(Item.BENEFITS, past) == Answer.none()


async def test_a_scheme_we_do_not_know_is_reported_and_not_dropped() -> None:
    answer = await ask(Item.BENEFITS, {"benefits": [grant("ZZ", "20200101", None)], "asOf": "20261122"})

    assert answer.facts[FactKey.BENEFITS_IN_FORCE].value == ("unlisted:ZZ",)


@pytest.mark.parametrize(
    "reply",
    [
        b"null",
        b'{"requestId": "018f0000-0000-7000-8000-000000000000"',
        {"status": "M"},
        {"status": "X", "asOf": "20261122"},
        {"status": "M", "asOf": "2026-11-22"},
        {"status": "M", "asOf": "20260230"},
        {"status": "M", "asOf": 20261122},
        {"status": "M", "asOf": "２０２６１１２２"},
        {"status": "M", "asOf": "20261122", "requestId": str(new_id())},
        {"status": "M", "asOf": "20261122", "requestId": "1"},
    ],
)
async def test_an_answer_that_makes_no_sense_is_garbage(reply: Any) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(Item.MARRIAGE, reply)


@pytest.mark.parametrize(("status", "reason"), [(401, "refused"), (403, "refused"), (500, "error"), (429, "error")])
async def test_refusals_and_failures_are_not_no_record(status: int, reason: str) -> None:
    with pytest.raises(PartnerUnavailable, match=reason):
        await ask(Item.MARRIAGE, {"code": "NO_RECORD"}, status=status)
