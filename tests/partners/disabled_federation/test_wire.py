from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.disabled_federation.adapter import DisabledFederation
from tests.partners.recorded import answer_of
from tests.partners.suite import query_for

CERTIFICATE = {"残疾类别": "精神", "残疾等级": "二级", "有效期至": "2026-11-22", "状态": "有效"}


async def ask(certificate: Any = CERTIFICATE, **changes: Any) -> Answer:
    query = query_for(Item.DISABILITY, "539900198303140156", "测试李阿普")
    values = {"请求编号": str(query.reference), "结果": "查询成功", "数据日期": "2026-11-22", "证件": certificate}
    return await answer_of(DisabledFederation, query, lambda _: httpx.Response(200, json=values | changes))


async def test_kind_and_grade_are_told_in_our_words() -> None:
    facts = (await ask()).facts

    assert facts[FactKey.DISABILITY_KIND].value == "mental"
    assert facts[FactKey.DISABILITY_GRADE].value == 2


async def test_what_is_not_in_force_is_no_record() -> None:
    for certificate in (
        CERTIFICATE | {"有效期至": "2026-11-21"},
        CERTIFICATE | {"状态": "注销"},
        CERTIFICATE | {"状态": "冻结"},
    ):
        assert await ask(certificate) == Answer.none()
    assert await ask(None, 结果="无持证记录") == Answer.none()


@pytest.mark.parametrize(
    "changes",
    [
        {"certificate": None},
        {"certificate": CERTIFICATE | {"残疾类别": "其他"}},
        {"certificate": CERTIFICATE | {"残疾等级": "五级"}},
        {"certificate": CERTIFICATE | {"残疾等级": 2}},
        {"certificate": CERTIFICATE | {"有效期至": "长期"}},
        {"certificate": {"残疾类别": "精神"}},
        {"结果": "无持证记录"},
        {"数据日期": None},
        {"请求编号": str(new_id())},
    ],
)
async def test_what_makes_no_sense_is_garbage(changes: dict[str, Any]) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(**changes)


@pytest.mark.parametrize(("result", "reason"), [("鉴权失败", "refused"), ("系统维护", "error")])
async def test_a_refusal_in_their_words_is_told_as_such(result: str, reason: str) -> None:
    with pytest.raises(PartnerUnavailable, match=reason):
        await ask(结果=result)
