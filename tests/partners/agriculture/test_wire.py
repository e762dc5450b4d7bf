import json
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.agriculture.adapter import Agriculture
from app.partners.base import PartnerUnavailable
from app.partners.exchange import Limits
from app.sandbox.population import people
from tests.partners.recorded import answer_of
from tests.partners.suite import about, query_for
from tests.sandbox.outside import Outside

TRACTOR = {"type": "machine", "scrappedOn": None}
SCRAPPED = {"type": "machine", "scrappedOn": "20210401"}
PAID = {"type": "subsidy", "paidOn": "20260725", "amount": "356.40"}


async def ask(*pages: list[dict[str, Any]], code: int = 200, number: str | None = None, **changes: Any) -> Answer:
    query = query_for(Item.FARMING, "539900198303140156", "测试李阿普")

    def reply(request: httpx.Request) -> httpx.Response:
        page = json.loads(request.content)["pageNum"]
        rows = pages[page - 1] if pages else []
        data = {"asOf": "20261122", "pageNum": page, "pageCount": len(pages), "total": sum(map(len, pages))}
        whole = {"reqNo": number or str(query.reference), "code": code}
        return httpx.Response(200, json=whole | ({"data": data | {"list": rows} | changes} if pages else {}))

    return await answer_of(Agriculture, query, reply)


async def test_machines_in_use_and_payments_of_a_year_count() -> None:
    last_year = PAID | {"paidOn": "20251122"}

    facts = (await ask([TRACTOR, SCRAPPED], [PAID, last_year], [PAID])).facts

    assert facts[FactKey.MACHINERY_COUNT].value == 1
    assert facts[FactKey.FARM_SUBSIDIES_YEAR].value == 71_280


async def test_no_record_is_a_code_in_the_body() -> None:
    assert await ask(code=404) == Answer.none()


@pytest.mark.parametrize(
    "changes",
    [
        {"total": 1},
        {"total": 0},
        {"pageCount": 1},
        {"pageCount": 99},
        {"pageNum": 1},
        {"list": [TRACTOR]},
        {"list": [TRACTOR | {"type": "tractor"}, TRACTOR]},
        {"list": [{"type": "machine"}, TRACTOR]},
        {"list": [PAID | {"amount": "356"}, TRACTOR]},
        {"list": [PAID | {"paidOn": "2026-07-25"}, TRACTOR]},
        {"asOf": "2026"},
        {"code": 404},
        {"number": str(new_id())},
    ],
)
async def test_half_a_list_is_garbage(changes: dict[str, Any]) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask([TRACTOR, SCRAPPED], [PAID], **changes)


async def test_another_code_is_an_error() -> None:
    with pytest.raises(PartnerUnavailable, match="error"):
        await ask(code=500)


async def test_a_question_signed_long_ago_is_refused(outside: Outside) -> None:
    late = Agriculture(outside.connections["agriculture"], outside.http, Limits(), epoch=lambda: 1_000_000_000.0)

    with pytest.raises(PartnerUnavailable, match="refused"):
        await late.ask(about(people()[0], Item.FARMING))
