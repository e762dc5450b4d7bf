"""Agencies are asked about a supporter outside the household on his own authorisation, and on nothing else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.applications.commands import (
    authorise_support_check,
    decline_support_check,
    withdraw_application,
    withdraw_support_check,
)
from app.applications.events import ApplicationWithdrawn
from app.applications.models import Authorisation
from app.applications.queries import get_whole_application
from app.applications.supporter_queries import list_live_consents
from app.audit.models import AuditRecord
from app.audit.purposes import ASKED
from app.core.ids import new_id
from app.facts import Fact, FactKey, Item
from app.identity.actors import SYSTEM
from app.programs.declaration import Supporter
from app.reference.commands import LocalParameter, put_parameter
from app.reference.procedure import SUPPORTERS_ITEMS
from app.verification.commands import open_application_checks, retry_check
from app.verification.errors import CheckNotFound
from app.verification.jobs import ask_checks, cancel_application_checks, pursue_checks, see_to_supporters
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.putting import new_turn
from app.verification.queries import (
    collect_facts,
    find_current_report,
    get_check,
    has_open_checks,
    list_supporters_checks,
    list_visible_checks,
    open_report,
)
from app.verification.support import Agreement, compare_support, earned_in_a_year
from app.verification.supporter_findings import read_supporters
from tests.builders.applications import COUNTY
from tests.builders.supporters import LINE, Supported, build_supported
from tests.builders.verification import AS_OF, PATIENCE, Agencies, answer_all, build_agencies, checks_of

ITEMS = {Item(item) for item in SUPPORTERS_ITEMS}


async def _follow(database, supported: Supported) -> None:
    await see_to_supporters(database, {"application": str(supported.id)})


async def _say(database, act, supported: Supported) -> None:
    async with database.unit_of_work() as db:
        await act(db, supported.supporter, supported.person)


async def _checks(database, supported: Supported) -> list[Check]:
    async with database.reading() as db:
        return list(await list_supporters_checks(db, supported.id))


async def _ask(database, agencies: Agencies, supported: Supported) -> None:
    for check in await _checks(database, supported):
        payload = {"application": str(supported.id), "attempts": f"{check.id}:{check.attempts}"}
        await ask_checks(database, payload, partners=agencies.by_code, patience=PATIENCE, turn=new_turn())


def _asked_about(agencies: Agencies, number: str) -> list[Item]:
    return sorted(
        query.item for agency in agencies.by_code.values() for query in agency.asked if query.id_number == number
    )


async def _findings(database, supported: Supported):
    async with database.reading() as db:
        [found] = await read_supporters(db, await get_whole_application(db, SYSTEM, supported.id))
        return found


async def test_without_his_authorisation_nobody_is_asked_about_him(database):
    agencies = build_agencies()
    supported = await build_supported(database)
    await _follow(database, supported)
    await answer_all(database, agencies, supported.case)
    assert await _checks(database, supported) == []
    await _say(database, decline_support_check, supported)
    await _follow(database, supported)
    assert await _checks(database, supported) == []
    assert _asked_about(agencies, supported.number) == []
    async with database.reading() as db:
        report = await find_current_report(db, supported.id)
        assert report is not None
        assert report.complete, "the case goes on as it does without him"


@pytest.mark.parametrize("before", [True, False], ids=["before acceptance", "after acceptance"])
async def test_on_his_authorisation_each_item_is_asked_once_about_him_alone(database, before):
    agencies = build_agencies()
    supported = await build_supported(database, authorised=before)
    if not before:
        await _say(database, authorise_support_check, supported)
    for _ in range(2):
        await _follow(database, supported)
        await _ask(database, agencies, supported)
    checks = await _checks(database, supported)
    assert {(check.member_id, Item(check.item)) for check in checks} == {(supported.person, item) for item in ITEMS}
    assert {check.status for check in checks} == {Status.ANSWERED}
    assert _asked_about(agencies, supported.number) == sorted(ITEMS)
    async with database.reading() as db:
        [consent] = await list_live_consents(db, supported.id)
        record = await db.scalar(
            select(func.count()).where(
                AuditRecord.action == ASKED, AuditRecord.citizens.contains([supported.supporter.id])
            )
        )
    assert {check.authorisation_id for check in checks} == {consent.id}
    assert record == len(ITEMS), "he reads in records of his own what was asked about him"


async def test_before_the_household_is_asked_about_nothing_is_put_down_for_a_supporter(database):
    supported = await build_supported(database, authorised=True, opened=False)
    await _follow(database, supported)
    assert await _checks(database, supported) == []
    async with database.unit_of_work() as db:
        await open_application_checks(db, supported.id)
    assert len(await _checks(database, supported)) == len(ITEMS)


async def test_no_report_waits_for_a_supporter_and_no_rule_sees_what_was_found(database):
    agencies = build_agencies()
    supported = await build_supported(database, authorised=True)
    agencies.tax.learn(Item.INCOME, supported.number, {FactKey.TAXED_WAGES_YEAR: 7_500_000}, AS_OF)
    await answer_all(database, agencies, supported.case)
    async with database.reading() as db:
        first = await find_current_report(db, supported.id)
        assert first is not None
        assert not await has_open_checks(db, supported.id)
        known = await collect_facts(db, supported.id)
    await _ask(database, agencies, supported)
    async with database.reading() as db:
        report = await find_current_report(db, supported.id)
        assert report.id == first.id, "it is not superseded by what is no part of it"
        assert supported.person not in {person.member for person in open_report(db, report).members}
        assert await collect_facts(db, supported.id) == known
        assert str(supported.person) not in {ref for ref, _ in known.asked}


async def test_withdrawn_nothing_more_is_asked_from_that_moment_on(database):
    agencies = build_agencies()
    supported = await build_supported(database, authorised=True)
    await _say(database, withdraw_support_check, supported)
    await _ask(database, agencies, supported)  # the worker has not heard of it yet
    assert _asked_about(agencies, supported.number) == []
    await _follow(database, supported)
    await pursue_checks(database)
    assert {check.status for check in await _checks(database, supported)} == {Status.CANCELLED}

    await _say(database, authorise_support_check, supported)
    await _follow(database, supported)
    await _ask(database, agencies, supported)
    assert _asked_about(agencies, supported.number) == sorted(ITEMS)
    later = [check for check in await _checks(database, supported) if check.status == Status.ANSWERED]
    assert {check.round for check in later} == {2}


async def test_an_answer_that_comes_after_he_withdrew_is_not_kept(database):
    agencies = build_agencies()
    supported = await build_supported(database, authorised=True)
    agencies.tax.learn(Item.INCOME, supported.number, {FactKey.TAXED_WAGES_YEAR: 7_500_000}, AS_OF)
    ask = agencies.tax.ask

    async def ask_meanwhile(query):
        await _say(database, withdraw_support_check, supported)
        return await ask(query)

    agencies.tax.ask = ask_meanwhile
    await _ask(database, agencies, supported)
    income = next(check for check in await _checks(database, supported) if check.item == Item.INCOME)
    assert (income.status, income.facts_sealed) == (Status.CANCELLED, None)


async def test_when_the_matter_ends_nothing_more_is_asked(database):
    agencies = build_agencies()
    supported = await build_supported(database, authorised=True)
    async with database.unit_of_work() as db:
        await withdraw_application(db, supported.applicant, supported.id)
    event = ApplicationWithdrawn(subject=supported.id, county=COUNTY[:6], applicant_id=supported.applicant.id)
    await cancel_application_checks(database, event)
    await _ask(database, agencies, supported)
    assert {check.status for check in await _checks(database, supported)} == {Status.CANCELLED}
    assert _asked_about(agencies, supported.number) == []


async def test_two_cases_that_name_the_same_supporter_ask_about_him_once_while_it_is_fresh(database, clock):
    agencies = build_agencies()
    first = await build_supported(database, authorised=True)
    await _ask(database, agencies, first)
    clock.advance(timedelta(days=2))
    second = await build_supported(database, number=first.number, supporter=first.supporter, authorised=True)
    await _ask(database, agencies, second)
    assert _asked_about(agencies, first.number) == sorted(ITEMS)
    checks = await _checks(database, second)
    assert {(check.status, check.attempts) for check in checks} == {(Status.ANSWERED, 0)}


async def test_a_place_says_what_supporters_are_asked_about(database):
    async with database.unit_of_work() as db:
        row = LocalParameter(
            "procedure", "supporters_items", COUNTY, ["income", "deaths"], "测试规程第十条", date(2026, 1, 1)
        )
        await put_parameter(db, row)
        paper = LocalParameter("procedure", "check_mode.deaths", COUNTY, "manual", "测试规程第十条", date(2026, 1, 1))
        await put_parameter(db, paper)
    supported = await build_supported(database, authorised=True)
    assert {check.item for check in await _checks(database, supported)} == {Item.INCOME}, "nobody finds out on paper"


async def test_the_database_takes_no_check_about_a_supporter_without_his_own_word(database):
    supported = await build_supported(database, authorised=True)
    [one, *_] = await _checks(database, supported)
    household = await checks_of(database, supported.case)
    another = next(iter(household.values()))

    async def insert(source: Check, **changes) -> None:
        columns = [column.name for column in Check.__table__.columns]
        values = {**{name: getattr(source, name) for name in columns}, "id": new_id(), "round": 9, **changes}
        async with database.unit_of_work() as db:
            await db.execute(Check.__table__.insert().values(**values))

    await insert(one)
    refused: list[tuple[Check, dict]] = [
        (one, {"of_supporter": False, "round": 10}),
        (another, {"of_supporter": True}),
        (one, {"authorisation_id": another.authorisation_id, "round": 10}),
        (one, {"member_id": another.member_id, "round": 10}),
    ]
    for source, changes in refused:
        with pytest.raises(IntegrityError):
            await insert(source, **changes)
    await _say(database, withdraw_support_check, supported)
    with pytest.raises(IntegrityError, match="the supporter gave"):
        await insert(one, round=11)

    async def count_attempt() -> None:
        async with database.unit_of_work() as db:
            await db.execute(update(Check).where(Check.id == one.id).values(attempts=Check.attempts + 1))

    with pytest.raises(IntegrityError, match="the supporter gave"):
        await count_attempt()


async def test_a_signature_that_is_not_his_account_s_authorises_nothing(database):
    supported = await build_supported(database, authorised=True, opened=False)
    async with database.unit_of_work() as db:
        await db.execute(
            update(Authorisation).where(Authorisation.member_id == supported.person).values(signed_by_citizen_id=None)
        )
        await open_application_checks(db, supported.id)
    assert await _checks(database, supported) == []


async def test_staff_see_to_no_question_about_a_supporter_by_hand(database):
    supported = await build_supported(database, authorised=True)
    [one, *_] = await _checks(database, supported)
    async with database.unit_of_work() as db:
        seen = await list_visible_checks(db, supported.case.handler, supported.id)
        assert seen
        assert one.id not in {check.id for check in seen}
        with pytest.raises(CheckNotFound):
            await get_check(db, supported.case.handler, one.id)
        with pytest.raises(CheckNotFound):
            await retry_check(db, supported.case.handler, one.id)


async def test_what_was_found_is_set_beside_the_form_and_silence_is_no_agreement(database):
    agencies = build_agencies()
    supported = await build_supported(database, authorised=True)
    assert (await _findings(database, supported)).agreement is None
    agencies.tax.learn(Item.INCOME, supported.number, {FactKey.TAXED_WAGES_YEAR: 7_500_000}, AS_OF)
    await _ask(database, agencies, supported)
    found = await _findings(database, supported)
    assert (found.agreement, found.earned_year_fen) == (Agreement.DIFFERS, 7_500_000)
    assert {entry.item for entry in found.entries} == ITEMS


def _fact(key: FactKey, value: int | date) -> Fact:
    return Fact(key, value, "tax", AS_OF)


def _facts(**values: int | date) -> dict[FactKey, Fact]:
    return {FactKey(name): _fact(FactKey(name), value) for name, value in values.items()}


DECLARED = Supporter.model_validate({**LINE, "relation": "child"})  # 3,000 yuan a month: 36,000 a year
UNKNOWN = DECLARED.model_copy(update={"household_income_fen": None})
EVERY = frozenset(ITEMS)


@pytest.mark.parametrize(
    ("declared", "facts", "answered", "expected"),
    [
        (DECLARED, {}, EVERY, Agreement.AGREES),
        (DECLARED, _facts(taxed_wages_year=3_600_000), EVERY, Agreement.AGREES),
        (DECLARED, _facts(taxed_wages_year=3_600_001), EVERY, Agreement.DIFFERS),
        (DECLARED, _facts(taxed_wages_year=3_600_000, insured_wage_monthly=300_000), EVERY, Agreement.AGREES),
        (DECLARED, _facts(taxed_wages_year=3_600_000, pension_monthly=1), EVERY, Agreement.DIFFERS),
        (DECLARED, _facts(invoiced_year=90_000_000), EVERY, Agreement.AGREES),
        (DECLARED, _facts(taxed_wages_year=3_600_001), {Item.INCOME}, Agreement.DIFFERS),
        (DECLARED, {}, {Item.INCOME}, None),
        (DECLARED, {}, frozenset(), None),
        (UNKNOWN, _facts(taxed_wages_year=9_000_000), EVERY, None),
        (None, _facts(taxed_wages_year=9_000_000), EVERY, None),
        (UNKNOWN, _facts(deceased_on=date(2026, 9, 4)), EVERY, Agreement.DIFFERS),
    ],
)
def test_only_more_than_the_form_says_or_a_death_is_a_difference(declared, facts, answered, expected):
    assert compare_support(declared, facts, answered) is expected


def test_a_wage_that_two_agencies_tell_of_counts_once():
    assert earned_in_a_year(_facts(taxed_wages_year=100, insured_wage_monthly=10, pension_monthly=1)) == 132
