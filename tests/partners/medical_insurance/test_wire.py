import json
from datetime import date
from typing import Any

import httpx
import pytest

from app.core.ids import new_id
from app.facts import Answer, FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.medical_insurance.adapter import MedicalInsurance
from tests.partners.recorded import answer_of
from tests.partners.suite import query_for

MONTHS = ["202511", "202512", *(f"2026{month:02d}" for month in range(1, 11))]
STILL = {"dise_type": "M", "begndate": "2020-01-01", "enddate": None}


def output(**changes: Any) -> dict[str, Any]:
    paid = {"202512": "120.50", "202610": "3000.00"}
    return {
        "data_date": "2026-11-22",
        "insu": {"insutype": "390", "psn_insu_stas": "1"},
        "setl": [{"ym": month, "selfpay": paid.get(month, "0.00")} for month in MONTHS],
        "selfpay_sum": "3120.50",
        "opsp": [],
    } | changes


async def ask(said: dict[str, Any] | None, **changes: Any) -> Answer:
    query = query_for(Item.MEDICAL_INSURANCE, "539900198303140156", "测试李阿普")
    reply = {"infcode": 0, "inf_refmsgid": str(query.reference), "infver": "V1.2", "output": said} | changes
    return await answer_of(MedicalInsurance, query, lambda _: httpx.Response(200, json=reply))


def values_of(answer: Answer) -> dict[FactKey, Any]:
    return {key: fact.value for key, fact in answer.facts.items()}


async def test_what_was_left_to_pay_is_added_up_and_a_disease_is_told_without_its_name() -> None:
    ended = {"dise_type": "B", "begndate": "2020-01-01", "enddate": "2026-11-21"}

    answer = await ask(output(opsp=[STILL, ended]))

    assert values_of(answer) == {
        FactKey.MEDICAL_INSURANCE_STATUS: "residents",
        FactKey.MEDICAL_OUT_OF_POCKET_YEAR: 312_050,
        FactKey.CHRONIC_DISEASE: 1,
        FactKey.SERIOUS_DISEASE: 0,
    }
    assert answer.facts[FactKey.CHRONIC_DISEASE].as_of == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("insutype", "state", "said"),
    [("310", "1", "employees"), ("390", "1", "residents"), ("310", "2", "lapsed"), ("390", "2", "lapsed")],
)
async def test_whether_somebody_is_insured(insutype: str, state: str, said: str) -> None:
    answer = await ask(output(insu={"insutype": insutype, "psn_insu_stas": state}))

    assert values_of(answer)[FactKey.MEDICAL_INSURANCE_STATUS] == said


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        ("2026-11-22", None, 1),
        ("2026-11-23", None, 0),
        ("2026-01-01", "2026-11-22", 1),
        ("2026-01-01", "2026-11-21", 0),
    ],
)
async def test_a_disease_counts_from_its_first_day_to_its_last(begins: str, ends: str | None, said: int) -> None:
    answer = await ask(output(opsp=[{"dise_type": "B", "begndate": begins, "enddate": ends}]))

    assert values_of(answer)[FactKey.SERIOUS_DISEASE] == said


async def test_who_was_never_insured_is_their_own_code() -> None:
    assert await ask(None, infcode=1404) == Answer.none()


@pytest.mark.parametrize(
    "said",
    [
        None,
        output(selfpay_sum="3120.51"),
        output(selfpay_sum="3120.5"),
        output(setl=output()["setl"][1:], selfpay_sum="3120.50"),
        output(setl=[*output()["setl"][1:], {"ym": "202512", "selfpay": "0.00"}]),
        output(setl=[{"ym": f"2025{month:02d}", "selfpay": "0.00"} for month in range(1, 13)], selfpay_sum="0.00"),
        output(data_date="2026-09-30"),
        output(data_date="20261122"),
        output(insu={"insutype": "999", "psn_insu_stas": "1"}),
        output(insu=None),
        output(opsp=[STILL | {"dise_type": "Z"}]),
        output(opsp=None),
    ],
)
async def test_anything_but_a_whole_year_that_adds_up_is_garbage(said: dict[str, Any] | None) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(said)


@pytest.mark.parametrize("changes", [{"inf_refmsgid": str(new_id())}, {"infver": "V9.9"}, {"infcode": "0"}])
async def test_an_answer_to_another_question_or_in_another_version_is_garbage(changes: dict[str, Any]) -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await ask(output(), **changes)


@pytest.mark.parametrize("code", [1402, 1500, -1])
async def test_other_codes_are_errors_and_no_answer(code: int) -> None:
    with pytest.raises(PartnerUnavailable, match="error"):
        await ask(None, infcode=code)


async def test_a_question_carries_its_grounds_and_nobody_stands_in_the_address() -> None:
    query, seen = query_for(Item.MEDICAL_INSURANCE, "539900198303140156", "测试李阿普"), []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(500)

    with pytest.raises(PartnerUnavailable):
        await answer_of(MedicalInsurance, query, take)

    (request,) = seen
    assert query.id_number not in str(request.url)
    said = json.loads(request.content)
    assert (said["infver"], said["msgid"]) == ("V1.2", str(query.reference))
    assert said["input"] == {
        "psn_cert_type": "01",
        "certno": query.id_number,
        "psn_name": query.name,
        "purp": query.purpose,
        "case_no": query.case,
        "auth_no": query.authorisation,
        "opter": query.operator,
    }
