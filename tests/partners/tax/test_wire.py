from datetime import date
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.tax.adapter import Tax
from tests.partners.recorded import answer_of
from tests.partners.suite import query_for

MONTHS = [f"2025{month:02d}" for month in range(11, 13)] + [f"2026{month:02d}" for month in range(1, 11)]


def body(**changes: Any) -> dict[str, Any]:
    declared = [
        {"month": "202511", "class": "0101", "amount": "3200.00"},
        {"month": "202601", "class": "0103", "amount": "1000.05"},
        {"month": "202601", "class": "0700", "amount": "450.00"},
        {"month": "202602", "class": "0400", "amount": "99.00"},
    ]
    return {"dataDate": "20261122", "months": MONTHS, "declared": declared, "invoiced": "12.345678"} | changes


async def ask(said: dict[str, Any] | None, *, code: str = "00", number: str | None = None) -> Answer:
    query = query_for(Item.INCOME, "539900198303140156", "测试李阿普")
    head = {"reqId": number or str(query.reference), "code": code}
    return await answer_of(Tax, query, lambda _: httpx.Response(200, json={"head": head, "body": said}))


async def test_months_in_yuan_and_invoices_in_ten_thousands_become_fen() -> None:
    answer = await ask(body())

    assert {key: fact.value for key, fact in answer.facts.items()} == {
        FactKey.TAXED_WAGES_YEAR: 420_005,
        FactKey.INVOICED_YEAR: 12_345_678,
        FactKey.TAXED_PROPERTY_YEAR: 45_000,
    }
    assert answer.facts[FactKey.INVOICED_YEAR].as_of == date(2026, 11, 22)


async def test_nothing_declared_is_their_own_code() -> None:
    assert await ask(None, code="1001") == Answer.none()


@pytest.mark.parametrize(
    "said",
    [
        None,
        body(months=MONTHS[1:]),
        body(months=[*MONTHS[1:], "202401"]),
        body(months=[*MONTHS[1:], MONTHS[1]]),
        body(months=[f"2024{month:02d}" for month in range(1, 13)], declared=[]),
        body(declared=[{"month": "202408", "class": "0101", "amount": "3200.00"}]),
        body(declared=[{"month": "202601", "class": "0101", "amount": "3200"}]),
        body(declared=[{"month": "202601", "class": "wages", "amount": "3200.00"}]),
        body(declared=None),
        body(invoiced="12.34"),
        body(invoiced=None),
        body(dataDate="2026-11-22"),
    ],
)
async def test_anything_but_a_whole_year_is_garbage(said: dict[str, Any] | None) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(said)


async def test_an_answer_about_somebody_else_is_garbage() -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(body(), number=str(new_id()))


@pytest.mark.parametrize(("said", "code"), [(None, "9000"), (body(), "1001")])
async def test_other_codes_are_errors(said: dict[str, Any] | None, code: str) -> None:
    with pytest.raises(PartnerUnavailable, match="error"):
        await ask(said, code=code)
