import json
from datetime import date
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.human_resources.adapter import HumanResources
from tests.partners.recorded import answer_of
from tests.partners.suite import query_for

PENSION = {"insurance": "城乡居民基本养老保险", "state": "待遇领取", "payBase": None, "benefit": "115.50"}
WORK = {"insurance": "企业职工基本养老保险", "state": "正常缴费", "payBase": "4520.00", "benefit": None}
IDLE = {"insurance": "失业保险", "state": "暂停缴费", "payBase": None, "benefit": None}


async def ask(*pages: list[dict[str, Any]], **changes: Any) -> Answer:
    """Ask an agency that has these pages; `changes` befall every page."""
    query = query_for(Item.SOCIAL_INSURANCE, "539900198303140156", "测试李阿普")

    def reply(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        values = {
            "serialNo": str(query.reference),
            "result": "成功",
            "dataDate": "20260701",
            "page": asked["page"],
            "pages": len(pages),
            "total": sum(map(len, pages)),
            "rows": pages[asked["page"] - 1] if asked["page"] <= len(pages) else [],
        }
        return httpx.Response(200, json=values | changes)

    return await answer_of(HumanResources, query, reply)


async def test_all_pages_make_one_answer() -> None:
    answer = await ask([PENSION, WORK], [IDLE, PENSION])

    assert {key: fact.value for key, fact in answer.facts.items()} == {
        FactKey.PENSION_MONTHLY: 23_100,
        FactKey.INSURED_WAGE_MONTHLY: 452_000,
        FactKey.UNEMPLOYMENT_MONTHLY: 0,
    }
    assert answer.facts[FactKey.PENSION_MONTHLY].as_of == date(2026, 7, 1)


async def test_an_empty_list_is_no_record() -> None:
    assert await ask() == Answer.none()


async def test_what_residents_pay_for_themselves_is_no_wage() -> None:
    own = {"insurance": "城乡居民基本养老保险", "state": "正常缴费", "payBase": "200.00", "benefit": None}

    assert (await ask([own])).facts[FactKey.INSURED_WAGE_MONTHLY].value == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"total": 3},
        {"total": 1},
        {"pages": 3},
        {"pages": 0},
        {"pages": 10**9},
        {"pages": -1},
        {"page": 1},
        {"rows": []},
        {"rows": None},
        {"dataDate": None},
        {"dataDate": "2026-07-01"},
        {"dataDate": "20260231"},
        {"serialNo": str(new_id())},
    ],
)
async def test_pages_that_make_no_whole_are_garbage_and_never_a_smaller_pension(changes: dict[str, Any]) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask([PENSION], [WORK], **changes)


@pytest.mark.parametrize(
    "row",
    [
        PENSION | {"benefit": None},
        PENSION | {"benefit": "115.5"},
        PENSION | {"benefit": 115.5},
        PENSION | {"benefit": "-115.50"},
        PENSION | {"insurance": "长期护理保险"},
        PENSION | {"state": "待遇恢复"},
        WORK | {"payBase": None},
        {"insurance": "失业保险"},
    ],
)
async def test_a_row_that_nobody_can_read_is_garbage(row: dict[str, Any]) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask([WORK, row])


@pytest.mark.parametrize(("result", "reason"), [("未授权", "refused"), ("系统繁忙", "error")])
async def test_a_refusal_in_their_words_is_told_as_such(result: str, reason: str) -> None:
    with pytest.raises(PartnerUnavailable, match=reason):
        await ask([PENSION], result=result)
