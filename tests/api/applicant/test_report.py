"""The citizen reads the report on the household."""

import pytest

from app.facts import FactKey, Item
from app.identity.actors import Role
from tests.builders.applications import TOWNSHIP
from tests.builders.people import build_citizen
from tests.builders.verification import AS_OF, Agencies, answer_all, ask_all, build_opened


@pytest.fixture
def agencies(partners) -> Agencies:
    return Agencies(partners)


@pytest.fixture
async def case(database):
    return await build_opened(database)


async def test_the_report_is_not_there_while_agencies_are_asked(sign_in, database, agencies, case):
    await ask_all(database, agencies, case)
    phone = await sign_in(case.applicant)

    answer = await phone.get(f"/v1/applications/{case.id}/report")

    assert (answer.status_code, answer.json()["code"]) == (404, "report_not_issued")


async def test_declared_beside_found_in_plain_words_and_without_identity_numbers(sign_in, database, agencies, case):
    agencies.banking.learn(
        Item.DEPOSITS, case.number("self"), {FactKey.DEPOSIT_BALANCE: 250_000, FactKey.DEPOSIT_ACCOUNTS: 2}, AS_OF
    )
    await answer_all(database, agencies, case)
    phone = await sign_in(case.applicant)

    answer = await phone.get(f"/v1/applications/{case.id}/report")

    report = answer.json()
    assert answer.status_code == 200
    assert (report["number"], report["complete"], report["rechecking"]) == (1, True, False)
    own = next(member for member in report["members"] if member["relation"] == "self")
    deposits = next(entry for entry in own["items"] if entry["item"] == "deposits")
    assert (deposits["source_label"], deposits["outcome"]) == ("银行业金融机构", "hit")
    assert deposits["fields"][0] == {
        "key": "deposit_balance",
        "label": "存款余额合计",
        "unit": "fen",
        "declared": 0,
        "found": 250_000,
        "as_of": "2026-11-20",
        "difference": "not_declared",
        "text": "存款余额合计：未申报，查到 2500.00 元，您没有申报此项。",
    }
    vehicles = next(entry for entry in own["items"] if entry["item"] == "vehicles")
    assert (vehicles["outcome"], vehicles["text"]) == ("none", "公安机关已答复：没有相关记录。")
    assert "check_id" not in deposits
    for relation in ("self", "spouse", "child"):
        assert case.number(relation) not in answer.text


async def test_somebody_elses_report_is_not_found(sign_in, database, agencies, case):
    await answer_all(database, agencies, case)
    async with database.unit_of_work() as db:
        stranger = await build_citizen(db, name="测试丁")
    phone = await sign_in(stranger)

    answer = await phone.get(f"/v1/applications/{case.id}/report")

    assert (answer.status_code, answer.json()["code"]) == (404, "application_not_found")


async def test_staff_have_their_own_address(staff, case):
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    assert (await handler.get(f"/v1/applications/{case.id}/report")).status_code == 403
