"""Another province is asked about who is registered in one; its answer comes days later, and nobody else waits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.applications.commands import (
    accept_application,
    put_member,
    submit_application,
    withdraw_authorisation,
)
from app.applications.queries import get_application
from app.facts import FactKey, Item
from app.identity.actors import SYSTEM, Actor, Role
from app.partners.base import LateAnswer, PartnerUnavailable
from app.reference.commands import LocalParameter, put_parameter
from app.verification.commands import ask_again, open_application_checks, take_late_answer
from app.verification.comparison import Difference
from app.verification.errors import CheckNotFound
from app.verification.jobs import pursue_checks
from app.verification.lifecycle import Status
from app.verification.queries import collect_facts, find_current_report, open_report
from app.verification.words import describe_field
from tests.builders.applications import COUNTY, VILLAGE, build_draft, build_household
from tests.builders.people import build_staff
from tests.builders.verification import (
    AS_OF,
    Agencies,
    Case,
    answer_all,
    ask,
    ask_all,
    build_agencies,
    checks_of,
    find_check,
)

GUIZHOU = "520102001001"  # of a province that is not on the register
HELD = {
    FactKey.ELSEWHERE_BENEFITS: ("living_allowance",),
    FactKey.ELSEWHERE_DWELLING_COUNT: 1,
    FactKey.ELSEWHERE_VEHICLE_COUNT: 0,
    FactKey.ELSEWHERE_BUSINESS_COUNT: 0,
}
PARTNER = Actor(SYSTEM.id, Role.PARTNER)


@pytest.fixture
def agencies() -> Agencies:
    return build_agencies()


async def _case(database, *elsewhere: str, asked: bool = True, division: str = GUIZHOU) -> Case:
    """An accepted case, some of whose members are registered elsewhere; its checks are open."""
    async with database.unit_of_work() as db:
        if asked:
            row = LocalParameter(
                "procedure", "also_asked", COUNTY, ["other_province"], "测试规程第九条", date(2026, 1, 1)
            )
            await put_parameter(db, row)
        household = await build_household(db)
        draft = await build_draft(db, household)
        for member_id, details in household.members:
            if details.relation in elsewhere:
                said = replace(details, profile={**details.profile, "hukou_division": division})
                await put_member(db, household.applicant, draft.id, member_id, said, seen=draft.version)
        await submit_application(db, household.applicant, draft.id, truth_promised=True)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, VILLAGE[:9] + "000")
        await accept_application(db, handler, draft.id, relative_of_staff=False)
        await open_application_checks(db, draft.id)
    return Case(draft.id, household, handler)


async def _call_back(database, agencies: Agencies, check) -> bool:
    late = agencies.other_provinces.read_callback(agencies.other_provinces.late_reply(check.id))
    async with database.unit_of_work() as db:
        return await take_late_answer(db, PARTNER, "other_provinces", late)


async def _answer_the_rest(database, agencies: Agencies, case: Case) -> None:
    """Everybody but the other province answers."""
    await ask_all(database, agencies, case)
    for check in (await checks_of(database, case)).values():
        if check.status == Status.DISPATCHED and check.partner == "banking":
            late = agencies.banking.read_callback(agencies.banking.late_reply(check.id))
            async with database.unit_of_work() as db:
                await take_late_answer(db, PARTNER, "banking", late)


async def _report(database, case: Case):
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        return report, open_report(db, report) if report else None


async def _items(database, case: Case) -> dict[str, set[Item]]:
    names = {member_id: details.relation for member_id, details in case.household.members}
    items: dict[str, set[Item]] = {}
    for member_id, item in await checks_of(database, case):
        items.setdefault(names[member_id], set()).add(item)
    return items


async def test_only_who_is_registered_in_another_province_is_asked_about(database, agencies):
    case = await _case(database, "spouse")

    await ask_all(database, agencies, case)

    items = await _items(database, case)
    assert {relation for relation, each in items.items() if Item.OTHER_PROVINCE in each} == {"spouse"}
    (query,) = agencies.other_provinces.asked
    assert (query.id_number, query.registered_in) == (case.number("spouse"), GUIZHOU)
    others = [each for code, agency in agencies.by_code.items() if code != "other_provinces" for each in agency.asked]
    assert {each.registered_in for each in others} == {None}, "where somebody is registered is told to nobody else"


@pytest.mark.parametrize(
    ("elsewhere", "asked", "division"),
    [((), True, GUIZHOU), (("spouse",), False, GUIZHOU), (("spouse",), True, "530102001001")],
    ids=["nobody is", "the place has not said so", "in another county of this province"],
)
async def test_nobody_else_is_and_that_is_no_silence(database, agencies, elsewhere, asked, division):
    case = await _case(database, *elsewhere, asked=asked, division=division)

    await answer_all(database, agencies, case)

    report, content = await _report(database, case)
    assert agencies.other_provinces.asked == []
    assert Item.OTHER_PROVINCE not in {entry.item for _, entry in content.entries()}
    assert report.complete


async def test_the_report_waits_for_the_answer_and_shows_it_beside_the_declaration(database, clock, agencies):
    case = await _case(database, "spouse")
    agencies.other_provinces.learn(Item.OTHER_PROVINCE, case.number("spouse"), HELD, AS_OF)
    await _answer_the_rest(database, agencies, case)
    check = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
    assert (check.status, (await _report(database, case))[0]) == (Status.DISPATCHED, None)

    clock.advance(timedelta(days=6))
    assert await _call_back(database, agencies, check)

    report, content = await _report(database, case)
    entries = [(person, entry) for person, entry in content.entries() if entry.item is Item.OTHER_PROVINCE]
    [(person, entry)] = entries
    assert report.complete
    assert (person.relation, entry.source) == ("spouse", "other_provinces")
    assert {field.key: field.difference for field in entry.fields} == {
        FactKey.ELSEWHERE_BENEFITS: None,
        FactKey.ELSEWHERE_DWELLING_COUNT: Difference.NOT_DECLARED,
        FactKey.ELSEWHERE_VEHICLE_COUNT: Difference.MATCH,
        FactKey.ELSEWHERE_BUSINESS_COUNT: Difference.MATCH,
    }
    assert [describe_field(field, entry) for field in entry.fields][:2] == [
        "在外省享受的救助：查到 最低生活保障。",
        "外省房屋套数：未申报，查到 1 套，您没有申报此项。",
    ]
    assert "elsewhere_dwelling_count" in {reason.key for reason in content.score.reasons}


async def test_no_rule_looks_into_it(database, agencies):
    case = await _case(database, "spouse")
    agencies.other_provinces.learn(Item.OTHER_PROVINCE, case.number("spouse"), HELD, AS_OF)
    await _answer_the_rest(database, agencies, case)
    await _call_back(database, agencies, await find_check(database, case, Item.OTHER_PROVINCE, "spouse"))

    async with database.reading() as db:
        collected = await collect_facts(db, case.id)

    assert Item.OTHER_PROVINCE not in {item for _, item in collected.asked | collected.unavailable}
    assert not {key for _, key in collected.facts} & HELD.keys()


async def test_the_same_answer_again_or_another_after_it_changes_nothing(database, agencies):
    case = await _case(database, "spouse", "child")
    agencies.other_provinces.learn(Item.OTHER_PROVINCE, case.number("spouse"), HELD, AS_OF)
    await _answer_the_rest(database, agencies, case)
    spouse = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
    child = await find_check(database, case, Item.OTHER_PROVINCE, "child")

    # The one that was asked last comes first, and each comes twice.
    told = [await _call_back(database, agencies, check) for check in (child, spouse, child, spouse)]
    report, _ = await _report(database, case)
    agencies.other_provinces.learn(Item.OTHER_PROVINCE, case.number("child"), HELD, AS_OF)
    later = await _call_back(database, agencies, child)

    assert (told, later) == ([True, True, False, False], False)
    assert report.complete
    assert (await _report(database, case))[0].id == report.id


async def test_an_answer_that_overtakes_its_acknowledgement_is_taken(database, agencies, monkeypatch):
    case = await _case(database, "spouse")
    take = agencies.other_provinces.ask

    async def lose_the_receipt(query):
        await take(query)
        raise PartnerUnavailable("other_provinces", "timeout")

    monkeypatch.setattr(agencies.other_provinces, "ask", lose_the_receipt)
    await ask_all(database, agencies, case)
    check = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
    assert check.status == Status.REQUESTED

    assert await _call_back(database, agencies, check)

    assert (await find_check(database, case, Item.OTHER_PROVINCE, "spouse")).status == Status.ANSWERED


async def test_what_never_comes_is_no_answer_and_one_that_comes_after_all_counts(database, clock, agencies):
    case = await _case(database, "spouse")
    await _answer_the_rest(database, agencies, case)
    check = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
    for _ in range(20):
        clock.advance(timedelta(days=1))
        await pursue_checks(database)
        await ask_all(database, agencies, case)
        current = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
        if current.status == Status.DISPATCHED and current.next_attempt_at <= clock.now() + timedelta(minutes=2):
            await ask(database, agencies, current)
    report, content = await _report(database, case)
    entry = next(entry for _, entry in content.entries() if entry.item is Item.OTHER_PROVINCE)
    assert (report.complete, entry.outcome) == (False, "unavailable")

    assert await _call_back(database, agencies, check)

    assert (await _report(database, case))[0].complete


async def test_who_withdraws_is_asked_about_no_more_and_the_answer_on_its_way_is_not_kept(database, agencies):
    case = await _case(database, "spouse")
    await _answer_the_rest(database, agencies, case)
    check = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    assert not await _call_back(database, agencies, check)

    after = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
    assert (after.status, after.facts_sealed) == (Status.CANCELLED, None)


async def test_an_answer_to_what_we_never_asked_or_another_agencys_is_refused(database, agencies):
    case = await _case(database, "spouse")
    await ask_all(database, agencies, case)
    bank = await find_check(database, case, Item.DEPOSITS, "spouse")
    late = agencies.other_provinces.read_callback(
        agencies.other_provinces.late_reply((await find_check(database, case, Item.OTHER_PROVINCE, "spouse")).id)
    )

    async with database.unit_of_work() as db:
        with pytest.raises(CheckNotFound):
            await take_late_answer(db, PARTNER, "other_provinces", LateAnswer(bank.id, late.answer))


async def test_asked_again_after_an_objection_it_is_told_the_place_again(database, agencies):
    case = await _case(database, "spouse")
    await _answer_the_rest(database, agencies, case)
    first = await find_check(database, case, Item.OTHER_PROVINCE, "spouse")
    await _call_back(database, agencies, first)
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, case.id, lock=True)
        await ask_again(db, SYSTEM, application, [first.id])

    await ask_all(database, agencies, case)

    assert [query.registered_in for query in agencies.other_provinces.asked] == [GUIZHOU, GUIZHOU]
