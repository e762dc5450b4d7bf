"""What a report says, and what the review is given."""

import json
from contextlib import suppress
from datetime import date, timedelta

import pytest

from app.applications.commands import withdraw_authorisation
from app.applications.errors import ApplicationNotFound
from app.facts import FactKey, Item
from app.identity.actors import STAFF_ROLES, SYSTEM, Role
from app.reference.commands import LocalParameter, put_parameter
from app.verification import words
from app.verification.commands import cancel_void_checks
from app.verification.comparison import Difference
from app.verification.errors import ReportNotIssued
from app.verification.lifecycle import Status
from app.verification.queries import collect_facts, find_current_report, get_current_report, open_report
from app.verification.report import Content, Entry, Field
from tests.builders.applications import COUNTY, build_household
from tests.builders.people import build_staff
from tests.builders.verification import (
    AS_OF,
    NEEDED,
    Agencies,
    Case,
    answer_all,
    ask,
    ask_all,
    build_agencies,
    build_opened,
    checks_of,
    find_check,
)


async def _known_case(database) -> tuple[Case, Agencies]:
    """Make a household that declared some of what it has, and agencies that know all of it."""
    async with database.unit_of_work() as db:
        household = await build_household(db)
    own, spouse = (str(member_id) for member_id, _ in household.members[:2])
    answers = {
        "property": [
            {"kind": "deposit", "owner": own, "value_fen": 186_035},
            {"kind": "deposit", "owner": spouse, "value_fen": 100_000},
            {"kind": "dwelling", "owner": own},
        ]
    }
    agencies = build_agencies()
    agencies.know(household)
    numbers = [details.id_number for _, details in household.members]
    balance, accounts = FactKey.DEPOSIT_BALANCE, FactKey.DEPOSIT_ACCOUNTS
    agencies.banking.learn(Item.DEPOSITS, numbers[0], {balance: 186_035, accounts: 1}, AS_OF)
    agencies.banking.learn(Item.DEPOSITS, numbers[1], {balance: 250_000, accounts: 3}, AS_OF)
    agencies.public_security.learn(Item.VEHICLES, numbers[0], {FactKey.VEHICLE_COUNT: 1}, AS_OF)
    agencies.civil_affairs.learn(Item.MARRIAGE, numbers[0], {FactKey.MARITAL_STATUS: "married"}, AS_OF)
    agencies.civil_affairs.learn(
        Item.BENEFITS, numbers[1], {FactKey.BENEFITS_IN_FORCE: ("disability_subsidies",)}, AS_OF
    )
    return await build_opened(database, household=household, answers=answers), agencies


async def _content(database, case: Case) -> Content:
    async with database.reading() as db:
        return open_report(db, await find_current_report(db, case.id))


def _entry(content: Content, case: Case, item: Item, relation: str = "self") -> Entry:
    (person,) = [person for person in content.members if person.member == case.member(relation)]
    return next(entry for entry in person.entries if entry.item is item)


def _field(content: Content, case: Case, item: Item, key: FactKey, relation: str = "self") -> Field:
    return next(field for field in _entry(content, case, item, relation).fields if field.key is key)


async def test_declared_stands_beside_found_with_source_and_times(database, clock):
    case, agencies = await _known_case(database)
    clock.advance(timedelta(minutes=5))
    await answer_all(database, agencies, case)

    entry = _entry(await _content(database, case), case, Item.DEPOSITS)

    assert (entry.source, entry.outcome) == ("banking", "hit")
    assert entry.asked_at == entry.answered_at == clock.now()
    balance, accounts = entry.fields
    assert (balance.declared, balance.found, balance.as_of) == (186_035, 186_035, AS_OF)
    assert balance.difference is Difference.MATCH
    assert (accounts.asked, accounts.found, accounts.difference) == (False, 1, None)


DIFFERENCES = {
    (Item.DEPOSITS, FactKey.DEPOSIT_BALANCE, "spouse"): Difference.MORE,
    (Item.DEPOSITS, FactKey.DEPOSIT_BALANCE, "child"): Difference.MATCH,
    (Item.VEHICLES, FactKey.VEHICLE_COUNT, "self"): Difference.NOT_DECLARED,
    (Item.VEHICLES, FactKey.VEHICLE_COUNT, "spouse"): Difference.MATCH,
    (Item.REAL_ESTATE, FactKey.DWELLING_COUNT, "self"): Difference.MISSING,
    (Item.REAL_ESTATE, FactKey.DWELLING_AREA, "self"): None,
    (Item.MARRIAGE, FactKey.MARITAL_STATUS, "self"): Difference.MATCH,
    (Item.MARRIAGE, FactKey.MARITAL_STATUS, "spouse"): Difference.MISSING,
    (Item.DEATHS, FactKey.DECEASED_ON, "self"): Difference.MATCH,
    (Item.BENEFITS, FactKey.BENEFITS_IN_FORCE, "spouse"): None,
    (Item.HOUSEHOLD_REGISTER, FactKey.REGISTERED_NAME, "child"): Difference.MATCH,
    (Item.HOUSEHOLD_REGISTER, FactKey.HUKOU_DIVISION, "self"): Difference.MATCH,
}


async def test_each_field_says_how_found_stands_to_declared(database):
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)

    content = await _content(database, case)

    assert {place: _field(content, case, *place).difference for place in DIFFERENCES} == DIFFERENCES


async def test_what_contradicts_is_weighed_with_its_reasons_and_kept_as_it_was_issued(database):
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)

    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        written = db.vault.open("household_reports.fields", report.id, report.fields_sealed)
        content = open_report(db, report)

    assert content.score is not None
    assert [(r.member, r.key, r.difference, r.points) for r in content.score.reasons] == [
        (case.member("self"), FactKey.VEHICLE_COUNT, Difference.NOT_DECLARED, 20),
        (case.member("spouse"), FactKey.DEPOSIT_BALANCE, Difference.MORE, 10),
        (case.member("spouse"), FactKey.MARITAL_STATUS, Difference.MISSING, 6),
        (case.member("self"), FactKey.DWELLING_COUNT, Difference.MISSING, 1),
    ]
    assert (content.score.points, content.score.close_look, report.points) == (37, True, 37)
    assert content.model_dump_json() == written


async def test_a_place_sets_from_how_many_points_to_look_closely_and_how_long_answers_hold(database):
    async with database.unit_of_work() as db:
        for name, value in (("close_look_from", 100), ("report_valid_days", 30)):
            row = LocalParameter("procedure", name, "532500000000", value, "测试", date(2026, 1, 1))
            await put_parameter(db, row)
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)

    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        content = open_report(db, report)

    assert (content.score.points, content.score.close_look) == (37, False)
    assert report.valid_until == date(2026, 12, 23)


async def test_each_answer_says_until_when_it_holds_and_the_report_until_the_first_of_them(database, clock):
    case, agencies = await _known_case(database)
    await ask_all(database, agencies, case)
    clock.advance(timedelta(days=2))
    await answer_all(database, agencies, case)

    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        content = open_report(db, report)

    own = {entry.item: entry.valid_until for person, entry in content.entries() if person.member == case.member("self")}
    assert own[Item.VEHICLES] == date(2026, 11, 23) + timedelta(days=90)
    assert own[Item.DEPOSITS] == date(2026, 11, 25) + timedelta(days=90)
    assert report.valid_until == own[Item.VEHICLES]


async def test_a_report_of_before_anything_was_weighed_is_read_as_ever(database):
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)
    async with database.unit_of_work() as db:
        report = await find_current_report(db, case.id)
        old = json.loads(open_report(db, report).model_dump_json())
        del old["score"]
        for entry in (entry for person in old["members"] for entry in person["entries"]):
            del entry["valid_until"]
        report.fields_sealed = db.vault.seal(
            "household_reports.fields", report.id, json.dumps(old), division=report.county
        )
        report.points = report.valid_until = None

    content = await _content(database, case)

    assert (content.score, content.valid_until(), content.complete) == (None, None, True)
    assert words.summarise(content).startswith("共核对 3 人")


async def test_no_identity_number_is_ever_part_of_it(database):
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)

    written = (await _content(database, case)).model_dump_json()

    for relation in ("self", "spouse", "child"):
        assert case.number(relation) not in written


async def test_silence_is_unavailable_in_the_report_and_for_the_review(database):
    case, agencies = await _known_case(database)
    agencies.natural_resources.fail("garbage")
    await answer_all(database, agencies, case)
    for _ in range(6):
        for check in (await checks_of(database, case)).values():
            if check.status == Status.REQUESTED:
                await ask(database, agencies, check)

    content = await _content(database, case)
    entry = _entry(content, case, Item.REAL_ESTATE)
    async with database.reading() as db:
        collected = await collect_facts(db, case.id)
    facts, unavailable = collected.facts, collected.unavailable

    assert not content.complete
    assert (entry.outcome, entry.status) == ("unavailable", Status.UNAVAILABLE)
    assert entry.fields[0].difference is Difference.UNKNOWN
    members = [str(member_id) for member_id, _ in case.household.members]
    assert unavailable == {(ref, Item.REAL_ESTATE) for ref in members}
    assert not any(key is FactKey.DWELLING_COUNT for _, key in facts)


async def test_the_review_is_given_facts_by_member_and_field(database):
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)

    async with database.reading() as db:
        collected = await collect_facts(db, case.id)
    facts, unavailable = collected.facts, collected.unavailable

    assert unavailable == set()
    spouse = str(case.member("spouse"))
    assert facts[spouse, FactKey.DEPOSIT_BALANCE].value == 250_000
    assert facts[spouse, FactKey.BENEFITS_IN_FORCE].value == ("disability_subsidies",)
    assert facts[str(case.member("child")), FactKey.BIRTH_DATE].value == date(2019, 9, 1)


async def test_what_is_still_open_counts_as_unanswered(database):
    case, agencies = await _known_case(database)
    await ask(database, agencies, await find_check(database, case, Item.VEHICLES))

    async with database.reading() as db:
        unavailable = (await collect_facts(db, case.id)).unavailable

    assert (str(case.member("self")), Item.VEHICLES) not in unavailable
    assert len(unavailable) == 3 * NEEDED - 1


async def test_who_withdrew_is_unavailable_too(database):
    case, agencies = await _known_case(database)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))
    async with database.unit_of_work() as db:
        await cancel_void_checks(db, case.id)
    await answer_all(database, agencies, case)

    content = await _content(database, case)
    async with database.reading() as db:
        unavailable = (await collect_facts(db, case.id)).unavailable

    assert not content.complete
    entry = _entry(content, case, Item.DEPOSITS, "spouse")
    assert (entry.outcome, words.describe_entry(entry)) == ("unavailable", "授权已撤回，未向该部门查询。")
    assert unavailable == {(str(case.member("spouse")), item) for _, item in unavailable}
    assert len(unavailable) == NEEDED


async def test_plain_words(database):
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)
    content = await _content(database, case)

    def said(item: Item, key: FactKey, relation: str = "self") -> str:
        entry = _entry(content, case, item, relation)
        return words.describe_field(_field(content, case, item, key, relation), entry)

    assert said(Item.DEPOSITS, FactKey.DEPOSIT_BALANCE) == (
        "存款余额合计：申报 1860.35 元，查到 1860.35 元，与您的申报一致。"
    )
    assert said(Item.DEPOSITS, FactKey.DEPOSIT_BALANCE, "spouse") == (
        "存款余额合计：申报 1000.00 元，查到 2500.00 元，多于您的申报。"
    )
    assert said(Item.VEHICLES, FactKey.VEHICLE_COUNT) == "机动车数量：未申报，查到 1 辆，您没有申报此项。"
    assert said(Item.DEATHS, FactKey.DECEASED_ON) == "死亡日期：没有查到记录，与您的申报一致。"
    assert said(Item.BENEFITS, FactKey.BENEFITS_IN_FORCE, "spouse") == "正在享受的救助：查到 残疾人两项补贴。"
    assert words.describe_entry(_entry(content, case, Item.VEHICLES, "spouse")) == "公安机关已答复：没有相关记录。"
    assert words.summarise(content) == f"共核对 3 人 {3 * NEEDED} 项，有 4 处与申报不一致，将由经办人员与您核实。"


async def test_economic_data_are_for_who_decides_or_supervises(database):
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)
    readers = set()

    for role in STAFF_ROLES:
        async with database.unit_of_work() as db:
            member = await build_staff(db, role, COUNTY)
            with suppress(ReportNotIssued, ApplicationNotFound):
                await get_current_report(db, member, case.id)
                readers.add(role)

    assert readers == {
        Role.TOWNSHIP_HANDLER,
        Role.TOWNSHIP_REVIEWER,
        Role.TOWNSHIP_CONFIRMER,
        Role.COUNTY_HANDLER,
        Role.COUNTY_CONFIRMER,
        Role.SUPERVISOR,
    }


async def test_staff_of_another_county_find_no_application(database):
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)

    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.COUNTY_HANDLER, "530627000000")
        with pytest.raises(ApplicationNotFound):
            await get_current_report(db, stranger, case.id)


async def test_the_applicant_and_the_system_see_the_report(database):
    case, agencies = await _known_case(database)
    await answer_all(database, agencies, case)

    async with database.reading() as db:
        for actor in (case.applicant, SYSTEM):
            assert (await get_current_report(db, actor, case.id)).number == 1
