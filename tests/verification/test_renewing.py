"""Answers grow old: nothing is granted on them, and agencies are asked again by themselves."""

from datetime import date, timedelta

import pytest

from app.applications.commands import withdraw_authorisation
from app.facts import Answer
from app.identity.actors import SYSTEM
from app.review.commands import confirm
from app.review.errors import AssessmentOutdated, ReportExpired
from app.verification.commands import cancel_void_checks, record_answer
from app.verification.lifecycle import OPEN
from app.verification.queries import find_current_report, list_checks
from app.verification.report_jobs import renew_expired_reports
from tests.builders.review import build_office, build_verified, decide, with_county
from tests.builders.verification import NEEDED

_LAST_DAY = date(2026, 11, 23) + timedelta(days=90)


async def _report(database, case):
    async with database.reading() as db:
        return await find_current_report(db, case.id)


async def _open(database, case):
    async with database.reading() as db:
        return [check for check in await list_checks(db, case.id) if check.status in OPEN]


async def _answer(database, case):
    for check in await _open(database, case):
        async with database.unit_of_work() as db:
            await record_answer(db, SYSTEM, check.id, Answer.none())


async def test_on_its_last_day_a_report_still_serves_and_the_day_after_nothing_is_granted_on_it(database, clock):
    office = await build_office(database)
    early, late = [await with_county(database, clock, office) for _ in range(2)]
    report = await _report(database, early)
    assert report.valid_until == _LAST_DAY
    clock.advance(timedelta(days=90 - 8 - 8))
    late_until = (await _report(database, late)).valid_until
    assert late_until > _LAST_DAY
    await decide(database, early, office)
    clock.advance(timedelta(days=(late_until - _LAST_DAY).days + 1))

    with pytest.raises(ReportExpired):
        async with database.unit_of_work() as db:
            await confirm(db, office.confirmer, late.id)


async def test_an_expired_report_is_renewed_once_and_the_township_judges_anew(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    await renew_expired_reports(database)
    assert await _open(database, case) == []
    clock.advance(timedelta(days=90))

    await renew_expired_reports(database)
    await renew_expired_reports(database)

    asked = await _open(database, case)
    assert len(asked) == 3 * NEEDED
    assert {check.operator for check in asked} == {"system"}
    await _answer(database, case)
    report = await _report(database, case)
    assert (report.number, report.valid_until > _LAST_DAY + timedelta(days=90)) == (2, True)
    await renew_expired_reports(database)
    assert await _open(database, case) == []
    with pytest.raises(AssessmentOutdated):
        async with database.unit_of_work() as db:
            await confirm(db, office.confirmer, case.id)


async def test_nothing_is_asked_about_who_withdrew(database, clock):
    case = await build_verified(database)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))
    async with database.unit_of_work() as db:
        await cancel_void_checks(db, case.id)
    clock.advance(timedelta(days=91))

    await renew_expired_reports(database)

    asked = await _open(database, case)
    assert {check.member_id for check in asked} == {case.member("self"), case.member("child")}


async def test_after_the_decision_nothing_is_asked_again(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    await decide(database, case, office)
    clock.advance(timedelta(days=100))

    await renew_expired_reports(database)

    assert await _open(database, case) == []
