"""The copy of everything held about me: whole, in clear, without what belongs to others."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from app.applications.entrustment_lifecycle import Kind
from app.audit.models import AuditRecord
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.identity.models import Session
from app.retention.catalogue import NOT_COPIED
from tests.builders.applications import TOWNSHIP
from tests.builders.awards import Grant, build_award, recipient_of
from tests.builders.entrustments import build_entrusted
from tests.builders.people import build_citizen
from tests.builders.review import build_accepted_case, build_office, build_verified, opine, verify, visit

SPOUSES_MONEY = 7_654_321
CHILDS_MONEY = 1_234_567
OWN_MONEY = 222_333


@pytest.fixture
async def decided(database, clock):
    """A household's case from draft to decision, with something found about everybody in it."""
    office = await build_office(database)
    case = await build_accepted_case(database)
    found = {
        (relation, Item.DEPOSITS): {FactKey.DEPOSIT_BALANCE: amount, FactKey.DEPOSIT_ACCOUNTS: 1}
        for relation, amount in (("self", OWN_MONEY), ("spouse", SPOUSES_MONEY), ("child", CHILDS_MONEY))
    }
    await verify(database, case, found)
    await visit(database, case, office)
    return case


async def _copy(client, **headers):
    answer = await client.get("/v1/me/data", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _items(document, category):
    (found,) = [each for each in document["categories"] if each["category"] == category]
    return [item["data"] for item in found["items"]]


async def test_everything_the_citizen_entered_comes_back_in_clear(sign_in, database):
    case = await build_accepted_case(database)

    document = await _copy(await sign_in(case.applicant))

    (account,) = _items(document, "citizens")
    assert (account["name"], account["id_number"]) == ("测试甲", case.number("self"))
    assert account["phone"].startswith("1900000")
    members = {member["relation"]: member for member in _items(document, "members")}
    assert members["spouse"]["id_number"] == case.number("spouse"), "he entered it himself"
    assert [relation for relation, member in members.items() if member["is_me"]] == ["self"]
    (application,) = _items(document, "applications")
    assert (application["address"], application["answers"]["income"]) == ("测试村一组1号", [])
    assert _items(document, "payout_accounts")[0]["account"] == "9900001234567890128"
    assert len(_items(document, "authorisations")) == 3, "also the one signed for the child"
    assert _items(document, "application_steps")


async def test_each_category_says_why_it_is_held_and_until_when(sign_in, database):
    case = await build_accepted_case(database)
    client = await sign_in(case.applicant)

    document = await _copy(client, **{"Accept-Language": "en"})

    for category in document["categories"]:
        assert category["purpose"]
        assert category["legal_basis"]
        assert category["source"]
    periods = {each["kept_as"]: each for each in document["retention"]}
    assert (periods["approval_file"]["period"], periods["approval_file"]["starts"]) == ("P3Y", "household_stopped")
    assert {each["reason"] for each in document["not_copied"]} == {words.en for words in NOT_COPIED.values()}
    rows = {each["category"]: each["items"] for each in document["categories"]}
    assert {row["kept_until"] for row in rows["members"]} == {None}, "the case goes on"
    assert rows["sessions"][0]["kept_until"] == "2027-05-23"


async def test_what_agencies_found_about_another_adult_is_not_in_it(sign_in, database, decided):
    document = await _copy(await sign_in(decided.applicant))

    text = json.dumps(document)
    assert str(SPOUSES_MONEY) not in text
    assert str(OWN_MONEY) in text
    assert str(CHILDS_MONEY) in text, "a minor's parent may know"
    checks = {(check["member_id"], check["item"]): check for check in _items(document, "checks")}
    spouse = checks[str(decided.member("spouse")), "deposits"]
    assert (spouse["facts"], spouse["outcome"]) == ("***", "***")


async def test_the_other_adult_gets_it_in_a_copy_of_his_own(sign_in, database, decided):
    async with database.unit_of_work() as db:
        spouse = await build_citizen(db, name="测试乙", id_number=decided.number("spouse"))

    document = await _copy(await sign_in(spouse))

    assert str(SPOUSES_MONEY) in json.dumps(document)
    assert str(OWN_MONEY) not in json.dumps(document)
    assert [member["relation"] for member in _items(document, "members")] == ["spouse"]
    assert _items(document, "applications") == []


async def test_the_way_to_the_decision_is_in_it_without_anybodys_name(sign_in, database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)

    document = await _copy(await sign_in(case.applicant))

    (kept,) = [each for each in document["categories"] if each["category"] == "visits"]
    assert kept["withheld"] == ["findings"]
    assert (kept["items"][0]["data"]["way"], kept["items"][0]["data"]["visited_on"]) == ("home", "2026-11-23")
    (opinion,) = _items(document, "opinions")
    assert opinion["favourable"] is True
    assert opinion["statement"]
    (assessment,) = _items(document, "assessments")
    assert {finding["rule"] for finding in assessment["findings"]}
    text = json.dumps(document)
    assert str(office.reviewer.id) not in text
    assert str(case.handler.id) not in text
    assert "土坯房" not in text


async def test_money_is_kept_longer_than_the_file(sign_in, database):
    async with database.unit_of_work() as db:
        award = await build_award(db, Grant(from_month=date(2026, 12, 1)))

    document = await _copy(await sign_in(recipient_of(award)))

    assert _items(document, "awards")[0]["monthly_amount_fen"] == 52_000
    periods = {each["kept_as"]: each["period"] for each in document["retention"]}
    assert (periods["payment_list"], periods["daily_management"]) == ("P30Y", "P5Y")


async def test_looks_of_staff_are_summed_up(sign_in, staff, database):
    case = await build_accepted_case(database)
    for _ in range(2):
        await (await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)).get(f"/v1/console/applications/{case.id}")

    document = await _copy(await sign_in(case.applicant))

    (looks,) = _items(document, "audit_records")
    assert (looks["action"], looks["purpose"], looks["actor_role"], looks["looks"]) == (
        "application.read", "casework", "township_handler", 2,
    )  # fmt: skip


async def test_nobody_elses_rows_are_in_it(sign_in, database):
    mine, other = await build_accepted_case(database), await build_accepted_case(database)

    document = await _copy(await sign_in(mine.applicant))

    text = json.dumps(document)
    assert str(other.id) not in text
    assert other.number("self") not in text


async def test_a_whole_copy_stays_small(sign_in, database, decided):
    answer = await (await sign_in(decided.applicant)).get("/v1/me/data")

    assert len(answer.content) < 200_000


async def test_an_old_sign_in_is_not_enough(phone, database, clock):
    async with database.unit_of_work() as db:
        await db.execute(update(Session).values(authenticated_at=clock.now() - timedelta(minutes=15, seconds=1)))

    answer = await phone.get("/v1/me/data")

    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["step_up"]) == (403, "step_up_required", "/v1/auth/otp")


async def test_five_copies_a_day(phone):
    codes = [(await phone.get("/v1/me/data")).status_code for _ in range(6)]

    assert codes == [200] * 5 + [429]


async def test_that_a_copy_was_made_is_on_record(phone, applicant, database):
    await phone.get("/v1/me/data")

    async with database.reading() as db:
        (record,) = (await db.execute(select(AuditRecord).where(AuditRecord.action == "identity.copy_data"))).scalars()
    assert record.citizens == [applicant.id]


@pytest.mark.parametrize("kind", ["person", "committee"])
async def test_who_signed_for_the_household_is_not_told_by_his_account_and_has_it_in_a_copy_of_his_own(
    sign_in, database, kind
):
    office, case = await build_office(database), await build_accepted_case(database)
    agent = await build_entrusted(database, case, Kind(kind), staff=office.helper if kind == "committee" else None)
    await visit(database, case, office, agent_present=True)

    document = await _copy(await sign_in(case.applicant))

    signed = {row["signer_kind"]: row for row in _items(document, "visit_signatures")}
    assert signed.keys() == {"member", "agent"}
    assert signed["member"]["signer_id"] == str(case.member("self"))
    assert "signer_id" not in signed["agent"]
    assert str(agent.id) not in json.dumps(document)
    if kind == "person":
        (own,) = _items(await _copy(await sign_in(agent)), "visit_signatures")
        assert (own["signer_kind"], own["signer_id"], own["method"]) == ("agent", str(agent.id), "on_form")
