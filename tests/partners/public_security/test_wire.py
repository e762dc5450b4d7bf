import json
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.public_security.adapter import PublicSecurity
from tests.partners.recorded import CONNECTION, replying
from tests.partners.suite import query_for

STAMP = "2026-11-22 23:59:59"


async def ask(item: Item, reply: dict[str, Any] | bytes, *, status: int = 200) -> Answer:
    query = query_for(item, "539900198303140156", "测试李阿普")

    def answer(request: httpx.Request) -> httpx.Response:
        if isinstance(reply, bytes):
            return httpx.Response(status, content=reply)
        return httpx.Response(status, json={"qqbh": str(query.reference)} | reply)

    async with replying(answer) as http:
        return await PublicSecurity(CONNECTION, http).ask(query)


def found(**data: Any) -> dict[str, Any]:
    return {"code": 1000, "message": "成功", "data": {"sjsj": STAMP} | data}


def register(**changes: Any) -> dict[str, Any]:
    entry = {"xm": "测试李阿普", "csrq": "1983-03-14", "hjqh": "532529103204", "hh": "532529H000001"}
    return found(**(entry | changes))


async def test_the_question_carries_its_lawful_grounds_and_our_reference() -> None:
    seen: list[httpx.Request] = []
    query = query_for(Item.VEHICLES, "539900198303140156", "测试李·阿普", operator="staff-7")

    def none(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"code": 1404, "qqbh": str(query.reference)})

    async with replying(none) as http:
        await PublicSecurity(CONNECTION, http).ask(query)

    assert seen[0].headers["Authorization"] == "Bearer ours"
    assert json.loads(seen[0].content) == {
        "qqbh": str(query.reference),
        "cxlx": "CLXX",
        "sfzh": "539900198303140156",
        "xm": "测试李·阿普",
        "cxmd": "living_allowance",
        "ajbh": query.case,
        "sqbh": "authorisation-1",
        "czy": "staff-7",
    }
    assert "539900" not in str(seen[0].url)


async def test_a_name_that_does_not_belong_to_the_number_is_no_record() -> None:
    assert await ask(Item.IDENTITY, found(hcjg="2")) == Answer.none()


async def test_cancelled_vehicles_are_on_file_but_not_counted() -> None:
    answer = await ask(Item.VEHICLES, found(cls=[{"zt": "A"}, {"zt": "E"}, {"zt": "M"}, {"zt": "G"}]))

    assert answer.facts[FactKey.VEHICLE_COUNT].value == 2


async def test_fields_added_later_do_no_harm() -> None:
    answer = await ask(Item.HOUSEHOLD_REGISTER, register(mz="16"))

    assert answer.facts[FactKey.HUKOU_DIVISION].value == "532529103204"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"<html>maintenance</html>",
        b"[" * 5000,
        b'\xff\xfe{"code": 1404}',
        {"code": "1404"},
        {"code": 1404, "data": {"sjsj": STAMP, "hcjg": "1"}},
        {"code": 1404, "qqbh": str(new_id())},
        {"code": 1404, "qqbh": None},
        {"code": 1000, "data": None},
        register(csrq="1983-02-30"),
        register(csrq="1983-03-14T00:00:00"),
        register(csrq=19830314),
        register(hjqh="53252910320"),
        register(hjqh="٥٣٢٥٢٩١٠٣٢٠٤"),
        register(xm=""),
        register(xm="测试\u0000"),
        register(xm=None),
        register(sjsj="yesterday"),
        register(sjsj="2026-11-22T23:59:59+08:00"),
    ],
)
async def test_an_answer_that_makes_no_sense_is_garbage(reply: dict[str, Any] | bytes) -> None:
    with pytest.raises(PartnerUnavailable) as failure:
        await ask(Item.HOUSEHOLD_REGISTER, reply)

    assert failure.value.reason == "garbage"


async def test_a_match_without_the_person_is_garbage() -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(Item.IDENTITY, found(hcjg="1"))


@pytest.mark.parametrize(
    ("reply", "status", "reason"),
    [
        ({"code": 1401}, 200, "refused"),
        ({"code": 1400}, 200, "error"),
        ({"code": 1500}, 200, "error"),
        ({"code": 1404}, 404, "error"),
        ({"code": 1404}, 503, "error"),
        ({"code": 1404}, 302, "error"),
        ({"code": 1404}, 401, "refused"),
        ({"code": 1404}, 403, "refused"),
    ],
)
async def test_refusals_and_failures_are_not_no_record(reply: dict[str, Any], status: int, reason: str) -> None:
    with pytest.raises(PartnerUnavailable) as failure:
        await ask(Item.VEHICLES, reply, status=status)

    assert failure.value.reason == reason


async def test_a_failure_says_nothing_about_the_person() -> None:
    with pytest.raises(PartnerUnavailable) as failure:
        await ask(Item.HOUSEHOLD_REGISTER, register(csrq="1983-02-30"))

    assert str(failure.value) == "public_security: garbage"
    assert failure.value.__suppress_context__
