"""The application goes on without the paper, and somebody sees whether the promise is true."""

from datetime import date

import pytest
from sqlalchemy import select

from app.applications.clocks import StepKind
from app.applications.commands import (
    accept_application,
    return_application,
    submit_application,
    withdraw_application,
    withdraw_promise,
)
from app.applications.errors import (
    PaperPromised,
)
from app.applications.events import ApplicationSubmitted
from app.applications.promise_lifecycle import Status
from app.applications.promise_terms import PROVES, VERSION
from app.core.errors import StepNotAllowed
from app.letters.contents import open_letter
from app.letters.jobs import write_letters_of_promises
from app.letters.models import Letter
from tests.applications.promises.cases import FACT, accepted_with, draft_of, find_out, promise_for
from tests.builders.applications import build_submitted
from tests.builders.review import (
    Case,
    build_office,
    open_kinds,
    steps_of,
)


async def test_the_acceptance_goes_on_without_the_paper(database, opened):
    office = await build_office(database)
    household, application = await draft_of(database)
    await promise_for(database, household, application)
    async with database.unit_of_work() as db:
        await submit_application(db, household.applicant, application, truth_promised=True)
    with pytest.raises(PaperPromised):
        async with database.unit_of_work() as db:
            await return_application(db, office.handler, application, missing=["诊断证明"], papers=["diagnosis"])

    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, application, relative_of_staff=False)

    step = (await steps_of(database, application))[StepKind.PROMISE_CHECK]
    assert step.due_on == date(2026, 12, 21)  # twenty working days from 23 November


async def test_a_paper_nobody_promised_for_may_be_asked_for(database, opened):
    office = await build_office(database)
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    async with database.unit_of_work() as db:
        returned = await return_application(
            db, office.handler, application.id, missing=["诊断证明"], papers=["diagnosis"]
        )

    assert returned.status == "supplement_requested"
    assert StepKind.PROMISE_CHECK not in await steps_of(database, application.id)


async def test_the_household_is_given_in_writing_what_it_was_told_and_promised(database, opened):
    office = await build_office(database)
    case, promise = await accepted_with(database, office)
    event = ApplicationSubmitted(subject=case.id, county="532529", applicant_id=case.applicant.id)

    await write_letters_of_promises(database, event)
    await write_letters_of_promises(database, event)

    async with database.reading() as db:
        (letter,) = (await db.execute(select(Letter))).scalars()
        body = open_letter(db, letter)
    assert (letter.cause_id, body["points"]) == (promise.id, [FACT])
    assert PROVES["diagnosis"].zh in "".join(body["before"])
    assert "二倍以下的罚款" in "".join(body["before"])
    assert VERSION in "".join(body["before"])


async def test_of_a_promise_that_was_taken_back_nothing_is_given_in_writing(database, opened):
    household, application = await draft_of(database)
    made = await promise_for(database, household, application)
    async with database.unit_of_work() as db:
        await withdraw_promise(db, household.applicant, application, made.id)
    event = ApplicationSubmitted(subject=application, county="532529", applicant_id=household.applicant.id)

    await write_letters_of_promises(database, event)

    async with database.reading() as db:
        assert (await db.execute(select(Letter))).scalars().all() == []


async def test_a_kept_promise_ends_the_task(database, opened):
    office = await build_office(database)
    case, promise = await accepted_with(database, office)

    found = await find_out(database, office, case, promise, kept=True)

    assert (found.status, found.way, found.verified_by) == (Status.KEPT, "letter", office.handler.id)
    assert StepKind.PROMISE_CHECK not in await open_kinds(database, case)
    with pytest.raises(StepNotAllowed):
        await find_out(database, office, case, promise, kept=False)


async def test_the_task_stays_until_all_promises_were_seen_to(database, opened):
    office = await build_office(database)
    household, application = await draft_of(database)
    first = await promise_for(database, household, application)
    second = await promise_for(database, household, application, kind="receipt")
    async with database.unit_of_work() as db:
        await submit_application(db, household.applicant, application, truth_promised=True)
    case = Case(application, household, office.handler)
    with pytest.raises(StepNotAllowed):  # what is not accepted yet may still be taken back
        await find_out(database, office, case, first, kept=True)
    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, application, relative_of_staff=False)

    await find_out(database, office, case, first, kept=True)
    assert StepKind.PROMISE_CHECK in await open_kinds(database, case)
    await find_out(database, office, case, second, kept=True)
    assert StepKind.PROMISE_CHECK not in await open_kinds(database, case)


async def test_of_an_application_that_ended_no_promise_is_seen_to(database, opened):
    office = await build_office(database)
    case, promise = await accepted_with(database, office)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)

    with pytest.raises(StepNotAllowed):
        await find_out(database, office, case, promise, kept=False)
    assert await open_kinds(database, case) == set()
