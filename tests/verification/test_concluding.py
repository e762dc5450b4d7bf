"""What a county's checker concludes from a report: by whom, once at a time, and until the next report."""

import asyncio

import pytest
from sqlalchemy import select

from app.applications.errors import ConflictOfInterest
from app.applications.queries import get_application
from app.audit.models import AuditRecord
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.core.ids import new_id
from app.facts import Answer, Item, Outcome
from app.identity.actors import STAFF_ROLES, SYSTEM, Role
from app.review.commands import confirm
from app.verification.commands import (
    GivenAnswer,
    ask_again,
    conclude_from_report,
    record_answer,
    statement_of,
)
from app.verification.conclusion_models import ReportConclusion, Verdict
from app.verification.errors import ConclusionStands, ReportNotIssued, ReportSuperseded, VerificationClosed
from app.verification.queries import find_current_report, list_checks
from app.verification.report_queries import find_conclusion
from tests.builders.applications import COUNTY
from tests.builders.people import build_staff
from tests.builders.relatives import declare
from tests.builders.review import build_accepted_case, build_office, build_verified, decide, verify, with_county
from tests.builders.verification import AS_OF, enter, find_check

WORDS = "核对结果与申报一致。（测试）"


async def _report(database, case):
    async with database.reading() as db:
        return await find_current_report(db, case.id)


async def _conclude(database, actor, report, verdict=Verdict.CONSISTENT, **given):
    async with database.unit_of_work() as db:
        return await conclude_from_report(db, actor, report.id, verdict=verdict, statement=WORDS, **given)


async def _new_report(database, case):
    """Let one agency be asked anew, and answer."""
    async with database.unit_of_work() as db:
        check = next(each for each in await list_checks(db, case.id) if each.item == Item.VEHICLES)
        application = await get_application(db, SYSTEM, case.id, lock=True)
        (again,) = await ask_again(db, SYSTEM, application, [check.id])
    async with database.unit_of_work() as db:
        await record_answer(db, SYSTEM, again.id, Answer.none())


async def test_the_countys_handler_concludes_in_words_that_are_sealed_and_on_record(database):
    case, office = await build_verified(database), await build_office(database)
    report = await _report(database, case)

    conclusion = await _conclude(database, office.county_1, report, Verdict.CANNOT_BE_TOLD)

    async with database.reading() as db:
        kept = await find_conclusion(db, report.id)
        record = (await db.execute(select(AuditRecord).where(AuditRecord.action == "report.conclude_on"))).scalar_one()
        assert statement_of(db, kept) == WORDS
    assert (kept.id, kept.verdict, kept.concluded_by) == (conclusion.id, "cannot_be_told", office.county_1.id)
    assert WORDS.encode() not in kept.statement_sealed
    assert (record.detail["verdict"], record.applications) == ("cannot_be_told", [case.id])


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.COUNTY_HANDLER}))
async def test_nobody_else_does(database, role):
    case = await build_verified(database)
    report = await _report(database, case)
    async with database.unit_of_work() as db:
        somebody = await build_staff(db, role, COUNTY)

    with pytest.raises((RoleNotAllowed, ReportNotIssued)):
        await _conclude(database, somebody, report)


async def test_who_concluded_does_not_decide(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    await _conclude(database, office.county_1, await _report(database, case))
    promoted = type(office.county_1)(office.county_1.id, Role.COUNTY_CONFIRMER, COUNTY)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await confirm(db, promoted, case.id)
    await decide(database, case, office)


async def test_who_entered_an_answer_by_hand_does_not_conclude(database):
    case, office = await build_accepted_case(database), await build_office(database)
    await verify(database, case, silent={("self", Item.REAL_ESTATE)})
    check = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        await enter(db, office.county_1, check.id, GivenAnswer(Outcome.NONE, {}, AS_OF, "窗口查询没有记录（测试）"))
    report = await _report(database, case)

    with pytest.raises(SamePersonNotAllowed):
        await _conclude(database, office.county_1, report)
    await _conclude(database, office.county_2, report)


async def test_none_is_overwritten_unseen_and_one_that_is_replaced_stays_on_record(database):
    case, office = await build_verified(database), await build_office(database)
    report = await _report(database, case)
    first = await _conclude(database, office.county_1, report)

    for seen in (None, new_id()):
        with pytest.raises(ConclusionStands):
            await _conclude(database, office.county_2, report, Verdict.INCONSISTENT, replaces=seen)
    second = await _conclude(database, office.county_2, report, Verdict.INCONSISTENT, replaces=first.id)

    async with database.reading() as db:
        rows = {row.id: row for row in (await db.execute(select(ReportConclusion))).scalars()}
    assert (rows[first.id].superseded_at is not None, rows[first.id].verdict) == (True, "consistent")
    assert rows[second.id].superseded_at is None


async def test_of_two_at_once_one_holds(database):
    case, office = await build_verified(database), await build_office(database)
    report = await _report(database, case)

    answers = await asyncio.gather(
        _conclude(database, office.county_1, report),
        _conclude(database, office.county_2, report, Verdict.INCONSISTENT),
        return_exceptions=True,
    )

    assert [type(each) for each in answers if isinstance(each, Exception)] == [ConclusionStands]


async def test_it_ends_with_the_report_and_the_next_one_is_concluded_from_anew(database):
    case, office = await build_verified(database), await build_office(database)
    first = await _report(database, case)
    conclusion = await _conclude(database, office.county_1, first)

    await _new_report(database, case)

    second = await _report(database, case)
    async with database.reading() as db:
        kept = await db.get(ReportConclusion, conclusion.id)
        assert await find_conclusion(db, second.id) is None
    assert (second.number, kept.superseded_at is not None, kept.report_id) == (2, True, first.id)
    with pytest.raises(ReportSuperseded):
        await _conclude(database, office.county_1, first)
    await _conclude(database, office.county_1, second)


async def test_once_decided_nothing_is_concluded(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    report = await _report(database, case)
    await decide(database, case, office)

    with pytest.raises(VerificationClosed):
        await _conclude(database, office.county_1, report)


async def test_a_close_relative_and_another_county_conclude_nothing(database):
    case, office = await build_verified(database), await build_office(database)
    report = await _report(database, case)
    await declare(database, office.county_1, case.household)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.COUNTY_HANDLER, "530627000000")

    with pytest.raises(ConflictOfInterest):
        await _conclude(database, office.county_1, report)
    with pytest.raises(ReportNotIssued):
        await _conclude(database, stranger, report)
