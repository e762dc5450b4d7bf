"""What is disputed and asked anew on paper is the county's task, before a grant and after it, until it is entered."""

from datetime import date, timedelta

import pytest
import pytest_asyncio

from app.applications.clocks import StepKind
from app.applications.queries import get_application
from app.applications.steps import open_step
from app.facts import FactKey, Item, Outcome
from app.identity.actors import SYSTEM, Role
from app.notices.jobs import end_notices
from app.partners.batch import BatchRefused
from app.reference.commands import LocalParameter, put_parameter
from app.reference.procedure import Mode
from app.review.commands import confirm
from app.review.errors import VerificationIncomplete
from app.verification.commands import Disputed, GivenAnswer, raise_dispute, take_back_dispute
from app.verification.dispute_queries import list_own_disputes
from app.verification.jobs import give_away_unasked
from app.verification.lifecycle import Status
from app.verification.models import Check
from tests.builders.applications import COUNTY
from tests.builders.disputes import SAID, build_dispute
from tests.builders.people import build_staff
from tests.builders.review import (
    build_accepted_case,
    build_office,
    open_kinds,
    opine,
    steps_of,
    verify,
    visit,
    with_county,
)
from tests.builders.verification import AS_OF, Case, ask, build_agencies, enter
from tests.verification.batches.cases import HOUR, set_for_place, work_round
from tests.verification.disputes.cases import questions

REGISTER = (Item.HOUSEHOLD_REGISTER, FactKey.HUKOU_DIVISION)
NONE = GivenAnswer(Outcome.NONE, {}, AS_OF, "户籍窗口查询没有记录（测试）")


@pytest_asyncio.fixture
async def before_the_county(database, clock):
    """A case that could be granted, and whose county asks about registrations on paper from now on."""
    office = await build_office(database)
    case = await with_county(database, clock, office)
    ruled = LocalParameter(
        "procedure", "check_mode.household_register", COUNTY, "manual", "测试规程第九条", date(2026, 1, 1)
    )
    async with database.unit_of_work() as db:
        await put_parameter(db, ruled)
    return case, office


async def test_while_it_waits_nothing_is_granted_and_the_task_stays(database, before_the_county):
    case, office = before_the_county
    async with database.unit_of_work() as db:
        await build_dispute(db, case)

    with pytest.raises(VerificationIncomplete):
        async with database.unit_of_work() as db:
            await confirm(db, office.confirmer, case.id)

    assert [check.status for check in await questions(database, case)] == [Status.AWAITING_ENTRY]
    assert StepKind.MANUAL_ENTRY in await open_kinds(database, case)


async def test_a_grant_ends_the_task_of_what_agencies_were_given_up_about(database, before_the_county):
    case, office = before_the_county
    async with database.unit_of_work() as db:
        await open_step(db, await get_application(db, SYSTEM, case.id, lock=True), StepKind.MANUAL_ENTRY)

    async with database.unit_of_work() as db:
        await confirm(db, office.confirmer, case.id)

    assert (await steps_of(database, case.id))[StepKind.MANUAL_ENTRY].outcome == "approved"


async def test_after_the_grant_it_is_a_task_again_until_it_is_entered(database, before_the_county):
    case, office = before_the_county
    async with database.unit_of_work() as db:
        await confirm(db, office.confirmer, case.id)
        said = Disputed(case.member("self"), Item.HOUSEHOLD_REGISTER, FactKey.HUKOU_DIVISION, SAID)
        await raise_dispute(db, case.applicant, case.id, said, in_force=True)
    assert StepKind.MANUAL_ENTRY in await open_kinds(database, case)

    (waiting,) = await questions(database, case)
    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        await enter(db, county, waiting.id, NONE)

    assert (await steps_of(database, case.id))[StepKind.MANUAL_ENTRY].outcome == "entered"


async def granted_and_disputed(database, clock, item, key) -> Case:
    """A case that was granted, and of which one field is disputed since."""
    office, stocks = await build_office(database), {FactKey.SECURITIES_VALUE: 5_000}
    case = await build_accepted_case(database)
    await verify(database, case, {("self", Item.SECURITIES): stocks} if item is Item.SECURITIES else None)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    async with database.unit_of_work() as db:
        await confirm(db, office.confirmer, case.id)
        await raise_dispute(db, case.applicant, case.id, Disputed(case.member("self"), item, key, SAID), in_force=True)
    return case


async def test_after_the_grant_what_an_agency_without_a_connection_would_be_asked_is_the_countys(database, clock):
    case = await granted_and_disputed(database, clock, *REGISTER)

    await give_away_unasked(database, unconnected={Mode.INTERFACE: {"public_security"}})

    (waiting,) = await questions(database, case)
    assert (waiting.status, waiting.mode) == (Status.AWAITING_ENTRY, Mode.MANUAL)
    assert StepKind.MANUAL_ENTRY in await open_kinds(database, case)


async def test_after_the_grant_a_line_that_is_set_aside_is_the_countys_where_it_is_disputed(
    database, clock, monkeypatch
):
    await set_for_place(database, "also_asked", ["securities"])
    agencies = build_agencies()

    async def refuse(order):
        raise BatchRefused("securities", order.serial, "malformed")

    monkeypatch.setattr(agencies.securities, "send_batch", refuse)
    case = await granted_and_disputed(database, clock, Item.SECURITIES, FactKey.SECURITIES_VALUE)

    clock.advance(HOUR)
    await work_round(database, agencies)

    (waiting,) = await questions(database, case)
    assert (waiting.status, waiting.last_failure) == (Status.AWAITING_ENTRY, "malformed")
    assert StepKind.MANUAL_ENTRY in await open_kinds(database, case)


@pytest_asyncio.fixture
async def silent(database, clock):
    """What was disputed after the grant, asked anew in vain: the agency is connected, and nothing comes of it."""
    case, agencies = await granted_and_disputed(database, clock, *REGISTER), build_agencies()
    agencies.public_security.fail("timeout")
    clock.advance(timedelta(days=10))
    while asked := await questions(database, case):
        (last,) = asked
        await ask(database, agencies, last)
    return case, last.id


async def test_after_the_grant_what_a_silent_agency_was_asked_anew_is_the_countys_until_it_is_entered(database, silent):
    case, asked = silent
    async with database.reading() as db:
        assert (await db.get_one(Check, asked)).status == Status.UNAVAILABLE
    assert StepKind.MANUAL_ENTRY in await open_kinds(database, case)

    async with database.unit_of_work() as db:
        await enter(db, await build_staff(db, Role.COUNTY_HANDLER, COUNTY), asked, NONE)

    assert (await steps_of(database, case.id))[StepKind.MANUAL_ENTRY].outcome == "entered"


async def test_the_countys_task_ends_with_the_dispute_that_made_it_one(database, silent):
    case, _ = silent
    async with database.reading() as db:
        (dispute,) = await list_own_disputes(db, case.applicant, case.id)

    async with database.unit_of_work() as db:
        await take_back_dispute(db, case.applicant, case.id, dispute.id)

    assert (await steps_of(database, case.id))[StepKind.MANUAL_ENTRY].outcome == "taken_back"
