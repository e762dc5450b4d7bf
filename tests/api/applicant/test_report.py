"""The citizen reads the report on the household."""

import pytest

from app.facts import FactKey, Item
from app.identity.actors import Role
from tests.builders.applications import TOWNSHIP
from tests.builders.people import build_citizen
from tests.builders.review import build_accepted_case, verify
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


async def _spouse_signed_in(sign_in, database, case):
    details = next(each for _, each in case.household.members if each.relation == "spouse")
    async with database.unit_of_work() as db:
        spouse = await build_citizen(db, name=details.name, id_number=details.id_number)
    return await sign_in(spouse)


async def _with_spouses_account(database, agencies, case):
    found = {FactKey.DEPOSIT_BALANCE: 250_000, FactKey.DEPOSIT_ACCOUNTS: 2}
    for relation in ("spouse", "child"):
        agencies.banking.learn(Item.DEPOSITS, case.number(relation), found, AS_OF)
    await answer_all(database, agencies, case)


def _deposits(report, relation):
    person = next(member for member in report["members"] if member["relation"] == relation)
    item = next(entry for entry in person["items"] if entry["item"] == "deposits")
    return person["withheld"], item["outcome"], item["fields"][0]


async def test_of_another_adult_the_applicant_reads_whether_it_differs_and_not_what_was_found(
    sign_in, database, agencies, case
):
    await _with_spouses_account(database, agencies, case)
    phone = await sign_in(case.applicant)

    answer = await phone.get(f"/v1/applications/{case.id}/report")

    withheld, outcome, balance = _deposits(answer.json(), "spouse")
    assert (withheld, outcome) == (True, None)
    assert (balance["found"], balance["as_of"], balance["difference"]) == (None, None, "not_declared")
    assert balance["text"] == "存款余额合计：与申报不一致，具体内容由该成员本人查看。"
    assert _deposits(answer.json(), "child")[2]["found"] == 250_000
    assert answer.text.count("250000") == 1


async def test_whether_there_is_a_record_of_another_adult_the_applicant_does_not_read(
    sign_in, database, agencies, case
):
    await _with_spouses_account(database, agencies, case)
    phone = await sign_in(case.applicant)

    report = (await phone.get(f"/v1/applications/{case.id}/report")).json()

    spouse = next(member for member in report["members"] if member["relation"] == "spouse")
    assert {entry["outcome"] for entry in spouse["items"]} == {None}
    assert {entry["text"].partition("已答复")[2] for entry in spouse["items"]} == {"，具体内容由该成员本人查看。"}
    own = next(member for member in report["members"] if member["relation"] == "self")
    assert {entry["outcome"] for entry in own["items"]} >= {"none"}


async def test_silence_about_another_adult_is_told_as_silence(sign_in, database):
    silent = await build_accepted_case(database)
    await verify(database, silent, silent={("spouse", Item.INCOME)})
    phone = await sign_in(silent.applicant)

    report = (await phone.get(f"/v1/applications/{silent.id}/report")).json()

    spouse = next(member for member in report["members"] if member["relation"] == "spouse")
    assert {entry["outcome"] for entry in spouse["items"] if entry["item"] == "income"} == {"unavailable"}
    assert {entry["outcome"] for entry in spouse["items"] if entry["item"] != "income"} == {None}


async def test_another_adult_reads_what_was_found_about_him_and_nothing_else(sign_in, database, agencies, case):
    await _with_spouses_account(database, agencies, case)
    phone = await _spouse_signed_in(sign_in, database, case)

    report = (await phone.get(f"/v1/applications/{case.id}/report")).json()

    assert [member["relation"] for member in report["members"]] == ["spouse"]
    withheld, _, balance = _deposits(report, "spouse")
    assert (withheld, balance["found"]) == (False, 250_000)
    assert {reason["member_id"] for reason in report["contradictions"]["reasons"]} == {str(case.member("spouse"))}
    assert report["conclusion"] is None


async def test_another_adult_reads_nothing_else_of_the_case(sign_in, database, agencies, case):
    await _with_spouses_account(database, agencies, case)
    phone = await _spouse_signed_in(sign_in, database, case)

    for path in ("", "/timeline", "/check-results", "/assessment"):
        assert (await phone.get(f"/v1/applications/{case.id}{path}")).status_code == 404
