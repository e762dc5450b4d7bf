"""Answers entered by hand: not before the agency was given its time, and only until the agency answers itself."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.applications.commands import withdraw_authorisation
from app.audit.models import AuditRecord
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.facts import Answer, Fact, FactKey, Item, Outcome
from app.identity.actors import SYSTEM, Actor, Role
from app.partners.base import LateAnswer
from app.review.queries import took_part
from app.verification import words
from app.verification.commands import GivenAnswer, record_answer, take_late_answer
from app.verification.errors import AgencyStillAwaited
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.queries import collect_facts, facts_entered, find_current_report, open_report
from app.verification.report import Content, Entry
from tests.builders.applications import COUNTY
from tests.builders.people import build_staff
from tests.builders.verification import (
    AS_OF,
    Case,
    ask,
    ask_all,
    build_agencies,
    build_opened,
    call_back,
    checks_of,
    enter,
    find_check,
    give_up,
)

BANK = Actor(SYSTEM.id, Role.PARTNER)
NO_RECORD = GivenAnswer(Outcome.NONE, {}, date(2026, 11, 23), "电话答复没有记录")


async def _county(database) -> Actor:
    async with database.unit_of_work() as db:
        return await build_staff(db, Role.COUNTY_HANDLER, COUNTY)


async def _enter(database, actor: Actor, check: Check, given: GivenAnswer = NO_RECORD) -> None:
    async with database.unit_of_work() as db:
        await enter(db, actor, check.id, given)


def _balance(fen: int, accounts: int = 1) -> Answer:
    values = {FactKey.DEPOSIT_BALANCE: fen, FactKey.DEPOSIT_ACCOUNTS: accounts}
    return Answer(Outcome.HIT, {key: Fact(key, value, "banking", AS_OF) for key, value in values.items()})


async def _bank_says(database, check: Check, answer: Answer) -> bool:
    async with database.unit_of_work() as db:
        return await take_late_answer(db, BANK, "banking", LateAnswer(check.id, answer))


async def _everything_but_one_bank(database) -> tuple[Case, Check]:
    """Make a case whose report lacks only what one bank gave no answer about."""
    agencies = build_agencies()
    case = await build_opened(database)
    await ask_all(database, agencies, case)
    silent = await find_check(database, case, Item.DEPOSITS)
    await give_up(database, silent)
    for check in (await checks_of(database, case)).values():
        if check.status == Status.DISPATCHED:
            await call_back(database, agencies, check)
    return case, silent


async def _report(database, case: Case) -> tuple[int, Content]:
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        return report.number, open_report(db, report)


def _entry(content: Content, check: Check) -> Entry:
    return next(entry for person in content.members for entry in person.entries if entry.check == check.id)


async def test_right_after_acceptance_nobody_answers_for_an_agency(database):
    case, county = await build_opened(database), await _county(database)
    check = await find_check(database, case, Item.DEPOSITS)

    with pytest.raises(StepNotAllowed):
        await _enter(database, county, check)

    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.REQUESTED


async def test_a_bank_that_took_the_question_has_its_ten_days(database, clock):
    case, county = await build_opened(database), await _county(database)
    await ask(database, build_agencies(), await find_check(database, case, Item.DEPOSITS))
    check = await find_check(database, case, Item.DEPOSITS)
    clock.advance(timedelta(days=10))
    with pytest.raises(AgencyStillAwaited):
        await _enter(database, county, check)

    clock.advance(timedelta(days=1))
    await _enter(database, county, check)

    entered = await find_check(database, case, Item.DEPOSITS)
    assert (entered.status, entered.outcome, entered.entered_by) == (Status.ANSWERED, Outcome.NONE, county.id)


async def test_the_township_does_not_enter_answers(database):
    case = await build_opened(database)
    check = await find_check(database, case, Item.DEPOSITS)
    await give_up(database, check)

    with pytest.raises(RoleNotAllowed):
        await _enter(database, case.handler, check)


async def test_the_agencys_own_answer_counts_instead_of_the_entered_one_and_the_report_shows_both(database):
    (case, check), county = await _everything_but_one_bank(database), await _county(database)
    await _enter(database, county, check)
    before, _ = await _report(database, case)

    assert await _bank_says(database, check, _balance(9_000_000))

    after, content = await _report(database, case)
    entry = _entry(content, check)
    assert after == before + 1
    assert (entry.outcome, entry.answered_by, entry.fields[0].found) == ("hit", None, 9_000_000)
    assert (entry.entered.outcome, entry.entered.by, entry.entered.differs) == ("none", county.id, True)
    assert words.describe_entry(entry) == (
        "银行业金融机构已答复。此前人工录入的结果与该答复不一致，以该部门的答复为准。"
    )
    assert "有 1 项人工录入的结果与部门答复不一致" in words.summarise(content)
    async with database.reading() as db:
        collected = await collect_facts(db, case.id)
        told = (await db.execute(select(AuditRecord).where(AuditRecord.action == "check.supersede_entry"))).scalar_one()
    assert collected.facts[str(case.member("self")), FactKey.DEPOSIT_BALANCE].value == 9_000_000
    assert (told.detail["differs"], told.detail["entered_by"]) == (True, str(county.id))


async def test_what_was_entered_is_kept_word_for_word(database):
    (case, check), county = await _everything_but_one_bank(database), await _county(database)
    facts = {"deposit_balance": 5_000, "deposit_accounts": 1}
    await _enter(database, county, check, GivenAnswer(Outcome.HIT, facts, date(2026, 11, 23), "柜台出具余额证明"))
    await _bank_says(database, check, Answer.none())

    kept = await find_check(database, case, Item.DEPOSITS)
    entry = _entry((await _report(database, case))[1], check)

    assert (kept.outcome, kept.facts_sealed, kept.entered_by) == (Outcome.NONE, None, county.id)
    assert [(each.key, each.value) for each in entry.entered.values] == [
        (FactKey.DEPOSIT_ACCOUNTS, 1),
        (FactKey.DEPOSIT_BALANCE, 5_000),
    ]
    async with database.reading() as db:
        assert facts_entered(db, kept)[FactKey.DEPOSIT_BALANCE].value == 5_000
        assert db.vault.open("checks.note", kept.id, kept.note_sealed) == "柜台出具余额证明"


async def test_an_agency_that_says_the_same_shows_no_conflict(database):
    (case, check), county = await _everything_but_one_bank(database), await _county(database)
    facts = {"deposit_balance": 5_000, "deposit_accounts": 1}
    await _enter(database, county, check, GivenAnswer(Outcome.HIT, facts, date(2026, 11, 23), "柜台出具余额证明"))

    await _bank_says(database, check, _balance(5_000))

    entry = _entry((await _report(database, case))[1], check)
    assert (entry.answered_by, entry.entered.differs) == (None, False)


async def test_a_job_that_was_under_way_brings_the_agencys_answer_too(database):
    (case, check), county = await _everything_but_one_bank(database), await _county(database)
    await _enter(database, county, check)

    async with database.unit_of_work() as db:
        assert await record_answer(db, SYSTEM, check.id, _balance(1))

    assert (await find_check(database, case, Item.DEPOSITS)).outcome == Outcome.HIT


async def test_the_agency_answers_once(database):
    (case, check), county = await _everything_but_one_bank(database), await _county(database)
    await _enter(database, county, check)
    await _bank_says(database, check, _balance(1))

    assert not await _bank_says(database, check, _balance(2))
    with pytest.raises(StepNotAllowed):
        await _enter(database, county, check)

    assert (await _report(database, case))[0] == 3


async def test_an_answer_that_nothing_authorises_any_more_leaves_the_entered_one(database):
    (case, check), county = await _everything_but_one_bank(database), await _county(database)
    await _enter(database, county, check)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("self"))

    assert not await _bank_says(database, check, _balance(9_000_000))

    kept = await find_check(database, case, Item.DEPOSITS)
    assert (kept.status, kept.outcome, kept.answered_by) == (Status.ANSWERED, Outcome.NONE, county.id)


async def test_who_entered_an_answer_took_part_also_when_the_agency_has_answered_since(database):
    (case, check), county = await _everything_but_one_bank(database), await _county(database)
    async with database.reading() as db:
        assert not await took_part(db, case.id, county.id)

    await _enter(database, county, check)
    async with database.reading() as db:
        assert await took_part(db, case.id, county.id)
    await _bank_says(database, check, _balance(1))

    async with database.reading() as db:
        assert await took_part(db, case.id, county.id)
