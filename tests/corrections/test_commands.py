"""Asking for a correction, and deciding on it: clocks, timeline, trail."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import select, update

from app.applications.errors import ApplicationNotFound
from app.audit.models import AuditRecord
from app.core.errors import SamePersonNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.corrections.commands import accept_correction, refuse_correction
from app.corrections.errors import (
    CorrectionAlreadyRequested,
    CorrectionNotFound,
    CorrectionObjectNotFound,
    StillEditable,
)
from app.corrections.lifecycle import ObjectType
from app.corrections.models import CorrectionRequest
from app.corrections.queries import list_corrections
from app.events.models import EventRecord
from app.identity.actors import Role
from app.verification.models import Check
from app.verification.queries import list_checks
from tests.builders.applications import COUNTY, TOWNSHIP, build_draft, build_household
from tests.builders.corrections import build_correction
from tests.builders.people import build_citizen, build_staff
from tests.builders.relatives import declare
from tests.builders.review import build_accepted_case, build_verified, steps_of
from tests.builders.verification import Case


async def _ask(database, case, **given) -> CorrectionRequest:
    async with database.unit_of_work() as db:
        return await build_correction(db, case, **given)


async def _handler(database, division: str = TOWNSHIP):
    async with database.unit_of_work() as db:
        return await build_staff(db, Role.TOWNSHIP_HANDLER, division)


async def test_what_the_authorities_have_wrong_is_due_in_fifteen_working_days(database):
    case = await build_accepted_case(database)

    request = await _ask(database, case)

    assert (request.due_on, request.due_provisional) == (date(2026, 12, 14), False)
    assert request.due_basis.startswith("个人信息保护法 第四十六条")
    step = (await steps_of(database, case.id))["correction"]
    assert (step.due_on, step.responsible, step.closed_at) == (date(2026, 12, 14), "township", None)


async def test_what_an_agency_has_wrong_is_due_in_ten(database):
    case = await build_verified(database)
    async with database.reading() as db:
        check = (await list_checks(db, case.id))[0]

    request = await _ask(database, case, object_type=ObjectType.CHECK, object_id=check.id, field="vehicle_count")

    assert (request.due_on, request.due_basis) == (date(2026, 12, 7), "政务数据共享条例 第二十六条")


async def test_a_refusal_has_its_reason_and_remedies_and_ends_the_step(database):
    case = await build_accepted_case(database)
    request, handler = await _ask(database, case), await _handler(database)

    async with database.unit_of_work() as db:
        refused = await refuse_correction(db, handler, request.id, reason="经复核，登记无误。")

    assert refused.status == "refused"
    assert [remedy["kind"] for remedy in refused.remedies] == ["administrative_reconsideration", "administrative_suit"]
    step = (await steps_of(database, case.id))["correction"]
    assert (step.outcome, step.closed_at is None) == ("refused", False)


async def test_the_step_stays_open_while_another_request_is(database):
    case, handler = await build_accepted_case(database), await _handler(database)
    first, _ = await _ask(database, case), await _ask(database, case, field="disability")

    async with database.unit_of_work() as db:
        await accept_correction(db, handler, first.id)

    assert (await steps_of(database, case.id))["correction"].closed_at is None


async def test_one_field_is_looked_into_once_and_may_be_asked_about_again_afterwards(database):
    case, handler = await build_accepted_case(database), await _handler(database)
    request = await _ask(database, case)

    with pytest.raises(CorrectionAlreadyRequested):
        await _ask(database, case)
    async with database.unit_of_work() as db:
        await accept_correction(db, handler, request.id)
    assert (await _ask(database, case)).status == "requested"


async def test_of_two_requests_at_once_one_is_taken(database):
    case = await build_accepted_case(database)

    answers = await asyncio.gather(_ask(database, case), _ask(database, case), return_exceptions=True)

    assert sorted(type(answer) for answer in answers if isinstance(answer, Exception)) == [CorrectionAlreadyRequested]


async def test_it_is_decided_once(database):
    case, handler = await build_accepted_case(database), await _handler(database)
    request = await _ask(database, case)
    async with database.unit_of_work() as db:
        await accept_correction(db, handler, request.id)

    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await refuse_correction(db, handler, request.id, reason="登记无误。")


async def test_a_draft_is_changed_and_not_corrected(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
    case = Case(draft.id, household, household.applicant)

    with pytest.raises(StillEditable):
        await _ask(database, case)


async def test_what_is_not_in_the_case_is_not_corrected(database):
    case, other = await build_accepted_case(database), await build_accepted_case(database)

    for object_id in (new_id(), other.member("spouse")):
        with pytest.raises(CorrectionObjectNotFound):
            await _ask(database, case, object_id=object_id)


async def test_nobody_corrects_anothers_case(database):
    case = await build_accepted_case(database)
    async with database.unit_of_work() as db:
        stranger = await build_citizen(db, name="测试辛")

    with pytest.raises(ApplicationNotFound):
        await _ask(database, Case(case.id, case.household.__class__(stranger, case.household.members), case.handler))


async def test_a_handler_elsewhere_finds_nothing(database):
    case = await build_accepted_case(database)
    request, elsewhere = await _ask(database, case), await _handler(database, "532529104000")

    with pytest.raises(CorrectionNotFound):
        async with database.unit_of_work() as db:
            await accept_correction(db, elsewhere, request.id)


async def test_words_are_sealed_and_each_step_is_told_and_on_record(database):
    case, handler = await build_accepted_case(database), await _handler(database)
    request = await _ask(database, case)
    async with database.unit_of_work() as db:
        await refuse_correction(db, handler, request.id, reason="经复核，登记无误。")

    async with database.reading() as db:
        row = await db.get(CorrectionRequest, request.id)
        events = select(EventRecord).where(EventRecord.subject == request.id).order_by(EventRecord.sequence)
        told = (await db.execute(events)).scalars().all()
        about = select(AuditRecord).where(AuditRecord.object_id == request.id).order_by(AuditRecord.id)
        records = (await db.execute(about)).scalars().all()
    assert "重度残疾".encode() not in row.right_sealed
    assert [event.type for event in told] == ["correction.requested", "correction.decided"]
    assert "残疾" not in str([event.data for event in told])
    assert [record.action for record in records] == ["correction.request", "correction.refuse"]


async def test_whoever_entered_an_answer_by_hand_leaves_a_request_about_it_to_another(database):
    case = await build_verified(database)
    async with database.unit_of_work() as db:
        check = (await list_checks(db, case.id))[0]
        wrote = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        other = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        entered = update(Check).where(Check.id == check.id).values(entered_by=wrote.id, entered_outcome=check.outcome)
        await db.execute(entered)
    request = await _ask(database, case, object_type=ObjectType.CHECK, object_id=check.id, field="vehicle_count")

    for decide in (lambda db: accept_correction(db, wrote, request.id), lambda db: _refuse(db, wrote, request)):
        with pytest.raises(SamePersonNotAllowed):
            async with database.unit_of_work() as db:
                await decide(db)
    async with database.unit_of_work() as db:
        assert (await _refuse(db, other, request)).status == "refused"


async def _refuse(db, handler, request: CorrectionRequest) -> CorrectionRequest:
    return await refuse_correction(db, handler, request.id, reason="经复核，登记无误。")


async def test_the_requests_of_close_relatives_are_in_nobodys_list(database):
    household = await _household(database)
    case = await build_accepted_case(database, household=household)
    await _ask(database, case)
    handler, relative = await _handler(database), await _handler(database)
    await declare(database, relative, household)

    async with database.reading() as db:
        seen = [len(await list_corrections(db, each, status=None, after=None, limit=5)) for each in (handler, relative)]

    assert seen == [1, 0]


async def _household(database):
    async with database.unit_of_work() as db:
        return await build_household(db)
