"""Nobody is asked about twice for the same need: answers that are there are used, on record, while they are fresh."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text

from app.applications.commands import discard_draft, remove_member, withdraw_application, withdraw_authorisation
from app.applications.events import ApplicationWithdrawn
from app.applications.models import Claim
from app.applications.queries import find_member, get_application
from app.audit.models import AuditRecord
from app.audit.purposes import ASKED
from app.audit.queries import list_looks_at
from app.core.ids import new_id
from app.facts import FactKey, Item, Outcome
from app.identity.actors import SYSTEM, Actor
from app.letters.contents import open_letter
from app.letters.kinds import Kind, Occasion
from app.reference.commands import LocalParameter, put_parameter
from app.verification.commands import (
    Disputed,
    ask_again,
    begin_prefill,
    claim_checks,
    open_application_checks,
    raise_dispute,
)
from app.verification.jobs import cancel_application_checks, forget_needs, pursue_checks
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.need_models import AskedNeed
from app.verification.need_queries import list_uses, take_need
from app.verification.queries import facts_found, find_current_report, open_report
from tests.builders.applications import COUNTY, Household, build_draft, build_household
from tests.builders.letters import build_letter
from tests.builders.people import build_citizen
from tests.builders.verification import (
    AS_OF,
    NEEDED,
    PATIENCE,
    Agencies,
    Case,
    answer_all,
    ask,
    build_agencies,
    build_case,
    build_opened,
    checks_of,
    find_check,
)
from tests.support.waiting import until_it_waits


def _again(household: Household) -> Household:
    """The same people in another application."""
    return Household(household.applicant, tuple((new_id(), details) for _, details in household.members))


def _asked(agencies: Agencies) -> int:
    return sum(len(agency.asked) for agency in agencies.by_code.values())


async def _answered_and_withdrawn(database, agencies: Agencies) -> Case:
    case = await build_opened(database)
    agencies.public_security.learn(Item.VEHICLES, case.number("self"), {FactKey.VEHICLE_COUNT: 2}, AS_OF)
    await answer_all(database, agencies, case)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)
    return case


async def _second(database, first: Case) -> Case:
    return await build_opened(database, household=_again(first.household))


async def test_a_second_case_of_the_same_people_takes_the_answers_there_are_and_asks_nothing(database, clock):
    agencies = build_agencies()
    first = await _answered_and_withdrawn(database, agencies)
    asked, answered_at = _asked(agencies), clock.now()
    clock.advance(timedelta(days=2))

    second = await _second(database, first)
    await answer_all(database, agencies, second)

    assert _asked(agencies) == asked
    checks = await checks_of(database, second)
    assert {(check.status, check.attempts) for check in checks.values()} == {(Status.ANSWERED, 0)}
    check, source = await find_check(database, second, Item.VEHICLES), await find_check(database, first, Item.VEHICLES)
    async with database.reading() as db:
        assert facts_found(db, check)[FactKey.VEHICLE_COUNT].value == 2
        report = await find_current_report(db, second.id)
        uses = {use.check_id: use for use in await list_uses(db, second.id)}
        records = await db.scalar(
            select(func.count()).where(AuditRecord.action == ASKED, AuditRecord.object_id == check.id)
        )
        told = (await db.scalars(select(AuditRecord).where(AuditRecord.action == "check.use"))).all()
        entry = open_report(db, report).members[0].entries[0]
    assert (report.complete, len(uses), records, len(told)) == (True, len(checks), 0, len(checks))
    use = uses[check.id]
    assert (use.source_check_id, use.authorisation_id) == (source.id, check.authorisation_id)
    assert (use.answered_at, use.used_at) == (answered_at, clock.now())
    assert entry.answered_at == answered_at, "the report says when the agency said it"


async def test_a_letter_about_an_answer_that_was_used_names_the_question_that_its_agency_was_put(database, clock):
    agencies = build_agencies()
    first = await _answered_and_withdrawn(database, agencies)
    second = await _second(database, first)
    await answer_all(database, agencies, second)
    source = await find_check(database, first, Item.VEHICLES)

    async with database.unit_of_work() as db:
        said = Disputed(second.member("self"), Item.VEHICLES, FactKey.VEHICLE_COUNT, "车已转让。（测试）")
        dispute = await raise_dispute(db, second.applicant, second.id, said)
    letter = await build_letter(database, Occasion(Kind.CORRECTION, second.id, dispute.id))

    async with database.reading() as db:
        found = open_letter(db, letter)["points"][1]
    assert found.startswith(f"贵单位提供的结果（查询编号{source.id}，2026年11月23日）")
    assert str(dispute.check_id) not in found


async def test_what_was_no_record_is_used_as_no_record_and_no_answer_is_asked_for(database):
    agencies = build_agencies()
    agencies.natural_resources.fail("error")
    first = await build_opened(database)
    await answer_all(database, agencies, first)
    async with database.unit_of_work() as db:
        await withdraw_application(db, first.applicant, first.id)
    await cancel_application_checks(
        database, ApplicationWithdrawn(subject=first.id, county=COUNTY[:6], applicant_id=first.applicant.id)
    )
    agencies.natural_resources.fail(None)
    asked = len(agencies.natural_resources.asked)

    second = await _second(database, first)
    await answer_all(database, agencies, second)

    assert (await find_check(database, second, Item.VEHICLES)).outcome == Outcome.NONE
    assert len(agencies.natural_resources.asked) == asked + 3
    async with database.reading() as db:
        assert len(await list_uses(db, second.id)) == len(await checks_of(database, second)) - 3


async def test_without_a_live_authorisation_nothing_is_used(database):
    agencies = build_agencies()
    first = await _answered_and_withdrawn(database, agencies)
    second = await _second(database, first)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, second.applicant, second.id, second.member("spouse"))

    await answer_all(database, agencies, second)

    check = await find_check(database, second, Item.VEHICLES, "spouse")
    assert (check.status, check.outcome) == (Status.CANCELLED, None)


async def test_answers_serve_for_ninety_days_and_those_on_deaths_and_benefits_for_seven(database, clock):
    agencies = build_agencies()
    first = await _answered_and_withdrawn(database, agencies)
    before = {code: len(agency.asked) for code, agency in agencies.by_code.items()}
    clock.advance(timedelta(days=8))

    second = await _second(database, first)
    await answer_all(database, agencies, second)

    async with database.reading() as db:
        used = {use.check_id for use in await list_uses(db, second.id)}
    anew = {item for (_, item), check in (await checks_of(database, second)).items() if check.id not in used}
    assert anew == {Item.DEATHS, Item.BENEFITS}
    assert len(agencies.civil_affairs.asked) == before["civil_affairs"] + 6

    async with database.unit_of_work() as db:
        await withdraw_application(db, second.applicant, second.id)
    clock.advance(timedelta(days=83))
    third = await _second(database, first)
    await answer_all(database, agencies, third)
    async with database.reading() as db:
        assert await list_uses(db, third.id) == []


async def test_a_place_says_how_long_an_answer_serves(database, clock):
    agencies = build_agencies()
    first = await _answered_and_withdrawn(database, agencies)
    async with database.unit_of_work() as db:
        for item, days in (("income", 0), ("vehicles", 1)):
            row = LocalParameter("procedure", f"fresh_days.{item}", COUNTY, days, "测试规程第九条", date(2026, 1, 1))
            await put_parameter(db, row)

    second = await _second(database, first)
    await answer_all(database, agencies, second)

    async with database.reading() as db:
        used = {use.check_id for use in await list_uses(db, second.id)}
    assert (await find_check(database, second, Item.VEHICLES)).id in used
    assert (await find_check(database, second, Item.INCOME)).id not in used


async def test_who_objects_is_asked_about_anew(database):
    agencies = build_agencies()
    first = await _answered_and_withdrawn(database, agencies)
    second = await _second(database, first)
    await answer_all(database, agencies, second)
    check, asked = await find_check(database, second, Item.VEHICLES), len(agencies.public_security.asked)

    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, second.id, lock=True)
        (again,) = await ask_again(db, SYSTEM, application, [check.id])
    await ask(database, agencies, again)

    assert len(agencies.public_security.asked) == asked + 1


async def _two_at_once(database) -> tuple[Case, Case]:
    """Two cases of the same people, which only happens where the one does not claim them: a single person's family."""
    first = await build_case(database)
    async with database.unit_of_work() as db:
        await db.execute(delete(Claim))
        household = await build_household(db)
    shared = (*household.members[:1], *_again(first.household).members[1:])
    second = await build_opened(database, household=Household(household.applicant, shared))
    async with database.unit_of_work() as db:
        await open_application_checks(db, first.id)
    return first, second


async def test_two_cases_opened_at_once_ask_once(database, clock):
    agencies = build_agencies()
    first, second = await _two_at_once(database)
    checks = [await find_check(database, case, Item.INCOME, "spouse") for case in (first, second)]
    answer, let = agencies.tax.ask, asyncio.Event()

    async def slowly(query: Any) -> Any:
        await let.wait()
        return await answer(query)

    agencies.tax.ask = slowly
    asking = [asyncio.create_task(ask(database, agencies, check)) for check in checks]
    async with asyncio.timeout(60):
        while not any(task.done() for task in asking):  # noqa: ASYNC110 - the loser does not wait for the agency
            await asyncio.sleep(0.01)
    let.set()
    await asyncio.gather(*asking)

    assert len(agencies.tax.asked) == 1
    after = [await find_check(database, case, Item.INCOME, "spouse") for case in (first, second)]
    assert sorted((check.status, check.attempts) for check in after) == [
        (Status.ANSWERED, 1),
        (Status.REQUESTED, 0),
    ]
    clock.advance(timedelta(minutes=2))
    await pursue_checks(database)
    for case in (first, second):
        await ask(database, agencies, await find_check(database, case, Item.INCOME, "spouse"))

    assert len(agencies.tax.asked) == 1
    for case in (first, second):
        assert (await find_check(database, case, Item.INCOME, "spouse")).status == Status.ANSWERED


async def test_of_two_at_the_same_moment_the_second_sees_the_first(database):
    first, second = await _two_at_once(database)
    checks = [await find_check(database, case, Item.INCOME, "spouse") for case in (first, second)]
    async with database.reading() as db:
        member = await find_member(db, checks[0].member_id)

    async def take(check: Check) -> bool:
        async with database.unit_of_work() as db:
            return await take_need(db, check, member.id_number_index)

    async with database.unit_of_work() as db:
        assert await take_need(db, checks[0], member.id_number_index)
        other = asyncio.create_task(take(checks[1]))
        await until_it_waits(database, other)

    assert await other is False
    assert await take(checks[0])


async def test_where_the_first_gets_no_answer_the_second_asks_itself(database):
    agencies = build_agencies()
    first, second = await _two_at_once(database)
    agencies.tax.fail("error")
    await ask(database, agencies, await find_check(database, first, Item.INCOME, "spouse"))
    waiting = await find_check(database, second, Item.INCOME, "spouse")
    await ask(database, agencies, waiting)
    assert len(agencies.tax.asked) == 1
    agencies.tax.fail(None)
    async with database.unit_of_work() as db:
        await withdraw_application(db, first.applicant, first.id)
    await ask(database, agencies, await find_check(database, first, Item.INCOME, "spouse"))

    await ask(database, agencies, waiting)

    assert (await find_check(database, second, Item.INCOME, "spouse")).status == Status.ANSWERED
    assert len(agencies.tax.asked) == 2


async def test_a_supporter_outside_the_household_is_not_asked_about(database):
    supporter = {"ref": "s1", "relation": "parent", "household_size": 3, "support_fen": 0}
    case = await build_opened(database, answers={"supporters": [supporter]})
    members = {member_id for member_id, _ in case.household.members}

    checks = (await checks_of(database, case)).values()

    assert {check.member_id for check in checks} == members
    async with database.reading() as db:
        without = await db.scalar(select(func.count()).select_from(Check).where(Check.authorisation_id.is_(None)))
    assert without == 0


async def _asking_for_a_draft(database) -> tuple[Household, UUID]:
    """A draft for which registers are being asked about the applicant."""
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
        checks = await begin_prefill(db, household.applicant, draft.id, None)
        await claim_checks(db, draft.id, dict.fromkeys((check.id for check in checks), 0), PATIENCE)
    return household, draft.id


async def _needs(database) -> int:
    async with database.reading() as db:
        return await db.scalar(select(func.count()).select_from(AskedNeed)) or 0


async def test_a_draft_that_is_thrown_away_takes_with_it_who_was_asked_about(database):
    household, draft = await _asking_for_a_draft(database)
    others, another = await _asking_for_a_draft(database)
    assert (before := await _needs(database)) > 0

    async with database.unit_of_work() as db:
        await discard_draft(db, household.applicant, draft)
    await forget_needs(database, {"application": str(draft)})
    await forget_needs(database, {"application": str(another)})

    assert await _needs(database) == before / 2
    async with database.reading() as db:
        assert set(await db.scalars(select(AskedNeed.application_id))) == {another}
        queued = await db.execute(text("SELECT payload FROM pgqueuer WHERE entrypoint = 'forget_needs'"))
        assert [json.loads(payload) for payload in queued.scalars()] == [{"application": str(draft)}]
    assert others


async def test_a_member_taken_out_of_a_draft_is_not_asked_about_any_more(database):
    household, draft = await _asking_for_a_draft(database)
    async with database.unit_of_work() as db:
        seen = (await get_application(db, household.applicant, draft)).version
        await remove_member(db, household.applicant, draft, household.members[0][0], seen=seen)

    await forget_needs(database, {"application": str(draft)})

    assert await _needs(database) == 0


async def _spouse_with_an_account(database, case: Case) -> Actor:
    async with database.unit_of_work() as db:
        return await build_citizen(db, name="测试乙", id_number=case.number("spouse"))


async def test_who_was_typed_into_anothers_household_reads_what_agencies_were_asked_about_her(database):
    agencies = build_agencies()
    case = await build_opened(database)
    spouse = await _spouse_with_an_account(database, case)
    await answer_all(database, agencies, case)

    async with database.reading() as db:
        hers = [row for row, _ in await list_looks_at(db, spouse, after=None, limit=99)]
        applicants = [row for row, _ in await list_looks_at(db, case.applicant, after=None, limit=99)]
    about_her = [row.detail["item"] for row in hers]
    assert {row.action for row in hers} == {ASKED}
    assert {row.detail["member"] for row in hers} == {str(case.member("spouse"))}
    assert (sorted(about_her), {tuple(row.applications) for row in hers}) == (sorted(set(about_her)), {()})
    assert len(about_her) == NEEDED
    assert len(applicants) == len(await checks_of(database, case)), "the applicant's own are as they were"


async def test_who_was_typed_in_reads_that_an_earlier_answer_about_her_was_used(database):
    agencies = build_agencies()
    first = await _answered_and_withdrawn(database, agencies)
    spouse = await _spouse_with_an_account(database, first)
    second = await _second(database, first)

    await answer_all(database, agencies, second)

    async with database.reading() as db:
        hers = [row for row, _ in await list_looks_at(db, spouse, after=None, limit=99)]
    assert ({row.action for row in hers}, {row.purpose for row in hers}) == ({"check.use"}, {"verification"})
    assert len(hers) == NEEDED
