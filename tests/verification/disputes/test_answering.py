"""A finding is said to be wrong: its agency has ten working days, is asked anew at once, and says what holds."""

from datetime import date

import pytest
from sqlalchemy import select

from app.applications.clocks import StepKind
from app.applications.commands.documents import StoredFile
from app.applications.queries import get_application, get_whole_application
from app.audit.models import AuditRecord
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.ids import new_id, number_is_valid
from app.events.models import EventRecord
from app.facts import FactKey, Item, Outcome
from app.identity.actors import STAFF_ROLES, SYSTEM, Actor, Role
from app.review.commands import refuse
from app.verification.commands import (
    GivenAnswer,
    TicketAnswer,
    ask_again,
    conclude,
    disputed_words_of,
    reasons_of,
    take_back_dispute,
)
from app.verification.dispute_lifecycle import Status
from app.verification.dispute_models import ReportDispute
from app.verification.errors import (
    DisputeAnsweredBefore,
    DisputeNotFound,
)
from app.verification.queries import find_current_report, open_report
from tests.builders.applications import COUNTY
from tests.builders.disputes import REASON, REFERENCE
from tests.builders.people import build_staff
from tests.builders.review import (
    REASONS,
    build_office,
    open_kinds,
    opine,
    react,
    steps_of,
    visit,
)
from tests.builders.verification import AS_OF, enter, find_check, give_up
from tests.verification.disputes.cases import (
    OPEN_POINT,
    SAID,
    answer_all,
    answer_ticket,
    as_it_stands,
    case_with,
    dispute_it,
    questions,
)


async def test_the_agency_has_ten_working_days_and_is_asked_anew_at_once(database):
    case = await case_with(database)
    disputed = await find_check(database, case, Item.VEHICLES)

    dispute = await dispute_it(database, case)

    (asked,) = await questions(database, case)
    assert (asked.member_id, asked.item, asked.operator) == (case.member("self"), "vehicles", str(case.applicant.id))
    assert (dispute.check_id, dispute.recheck_id) == (disputed.id, asked.id)
    assert (dispute.status, dispute.partner, dispute.due_on) == ("open", "public_security", date(2026, 12, 7))
    assert number_is_valid(dispute.number)
    step = (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE]
    assert (step.due_on, step.responsible, step.basis) == (date(2026, 12, 7), "agencies", "政务数据共享条例 第二十六条")


async def test_words_are_sealed_papers_are_kept_and_it_is_told_without_them(database):
    case = await case_with(database)
    file = StoredFile(new_id(), "image/jpeg", 1000, "0" * 64)

    dispute = await dispute_it(database, case, evidence=[file])

    async with database.reading() as db:
        row = await db.get(ReportDispute, dispute.id)
        assert disputed_words_of(db, row) == SAID
        (paper,) = (await get_whole_application(db, SYSTEM, case.id)).documents
        (event,) = (await db.execute(select(EventRecord).where(EventRecord.type == "report.disputed"))).scalars()
        record = (await db.execute(select(AuditRecord).where(AuditRecord.action == "report.dispute"))).scalar_one()
    assert SAID.encode() not in row.statement_sealed
    assert paper.upload_id == file.upload_id
    assert event.data == {"applicant_id": str(case.applicant.id), "dispute_id": str(dispute.id)}
    assert (record.actor_id, record.detail["item"]) == (case.applicant.id, "vehicles")


async def test_what_the_agency_says_otherwise_when_asked_again_answers_it(database):
    case = await case_with(database)
    dispute = await dispute_it(database, case)

    await answer_all(database, case, 0)

    answered = await as_it_stands(database, dispute)
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        told = (await db.execute(select(EventRecord).where(EventRecord.type == "report.dispute_answered"))).scalars()
        assert [event.data["outcome"] for event in told] == ["corrected"]
    assert (answered.status, answered.answered_by, answered.reference) == (Status.CORRECTED, None, None)
    assert (answered.answer_report_id, report.number) == (report.id, 2)
    assert (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE].outcome == "corrected"
    await react(database, case)  # told once more, it changes nothing
    assert (await as_it_stands(database, dispute)).version == answered.version


async def test_another_finding_that_still_differs_is_no_correction_and_the_letter_may_still_be_answered(database):
    case, office = await case_with(database), await build_office(database)
    dispute = await dispute_it(database, case)

    await answer_all(database, case, 2)

    waiting = await as_it_stands(database, dispute)
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        told = await db.execute(select(EventRecord).where(EventRecord.type == "report.dispute_answered"))
        assert list(told.scalars()) == []
    assert (waiting.status, waiting.answered_at, waiting.answer_report_id) == (Status.OPEN, None, report.id)
    assert StepKind.REPORT_DISPUTE in await open_kinds(database, case)
    upheld = await answer_ticket(database, office.county_1, dispute)
    assert (upheld.status, upheld.reference) == (Status.UPHELD, REFERENCE)


async def test_the_same_answer_again_is_none_for_nobody_has_looked(database):
    case = await case_with(database)
    dispute = await dispute_it(database, case)

    await answer_all(database, case, 1)

    assert (await as_it_stands(database, dispute)).status == Status.OPEN
    assert StepKind.REPORT_DISPUTE in await open_kinds(database, case)


async def test_silence_when_asked_again_answers_nothing(database):
    case = await case_with(database)
    dispute = await dispute_it(database, case)
    (asked,) = await questions(database, case)
    await give_up(database, asked)
    async with database.unit_of_work() as db:
        await conclude(db, await get_whole_application(db, SYSTEM, case.id, lock=True))
    await react(database, case)

    assert (await as_it_stands(database, dispute)).status == Status.OPEN


async def test_upheld_has_reference_and_reasons_and_is_not_disputed_again(database):
    case, office = await case_with(database), await build_office(database)
    dispute = await dispute_it(database, case)
    await answer_all(database, case, 1)

    upheld = await answer_ticket(database, office.county_1, dispute)

    async with database.reading() as db:
        assert reasons_of(db, await db.get(ReportDispute, dispute.id)) == REASON
    assert (upheld.status, upheld.reference, upheld.answered_by) == (Status.UPHELD, REFERENCE, office.county_1.id)
    assert (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE].outcome == "upheld"
    with pytest.raises(DisputeAnsweredBefore):
        await dispute_it(database, case)
    with pytest.raises(StepNotAllowed):
        await answer_ticket(database, office.county_2, dispute, TicketAnswer.CORRECTED)


async def test_where_something_else_is_found_later_it_may_be_disputed_anew(database):
    case, office = await case_with(database), await build_office(database)
    dispute = await dispute_it(database, case)
    await answer_ticket(database, office.county_1, dispute)
    await answer_all(database, case, 2)

    again = await dispute_it(database, case)

    assert (again.status, again.report_id != dispute.report_id) == (Status.OPEN, True)


async def test_corrected_by_letter_is_asked_anew_and_a_new_report_shows_it(database):
    case, office = await case_with(database), await build_office(database)
    dispute = await dispute_it(database, case)
    await answer_all(database, case, 1)

    corrected = await answer_ticket(database, office.county_1, dispute, TicketAnswer.CORRECTED)
    (asked,) = await questions(database, case)
    await answer_all(database, case, 0)

    assert (corrected.status, corrected.recheck_id) == (Status.CORRECTED, asked.id)
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        fields = {f.key: f for _, entry in open_report(db, report).entries() for f in entry.fields if f.found}
    assert (report.number, FactKey.VEHICLE_COUNT in fields) == (3, False)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.COUNTY_HANDLER}))
async def test_nobody_but_the_countys_handler_enters_an_agencys_answer(database, role):
    case = await case_with(database)
    dispute = await dispute_it(database, case)
    async with database.unit_of_work() as db:
        somebody = await build_staff(db, role, COUNTY)

    with pytest.raises((RoleNotAllowed, DisputeNotFound)):
        await answer_ticket(database, somebody, dispute)


async def test_who_entered_what_is_disputed_does_not_say_that_it_was_right(database):
    case, office = await case_with(database, {}, silent={("self", Item.VEHICLES)}), await build_office(database)
    check = await find_check(database, case, Item.VEHICLES)
    given = GivenAnswer(Outcome.HIT, {"vehicle_count": 1}, AS_OF, "窗口查询（测试）")
    async with database.unit_of_work() as db:
        await enter(db, office.county_1, check.id, given)
    dispute = await dispute_it(database, case)

    with pytest.raises(SamePersonNotAllowed):
        await answer_ticket(database, office.county_1, dispute)
    await answer_ticket(database, office.county_2, dispute)


@pytest.mark.parametrize("taken_back", [False, True])
async def test_who_entered_what_is_disputed_does_not_enter_what_is_said_to_it_anew(database, taken_back):
    case, office = await case_with(database, {}, silent={("self", Item.VEHICLES)}), await build_office(database)
    check = await find_check(database, case, Item.VEHICLES)
    given = GivenAnswer(Outcome.HIT, {"vehicle_count": 1}, AS_OF, "窗口查询（测试）")
    async with database.unit_of_work() as db:
        await enter(db, office.county_1, check.id, given)
    dispute = await dispute_it(database, case)
    (asked,) = await questions(database, case)
    await give_up(database, asked)
    none = GivenAnswer(Outcome.NONE, {}, AS_OF, "窗口查询（测试）")
    if taken_back:
        async with database.unit_of_work() as db:
            await take_back_dispute(db, case.applicant, case.id, dispute.id)
    else:
        with pytest.raises(SamePersonNotAllowed):
            async with database.unit_of_work() as db:
                await enter(db, office.county_1, asked.id, none)

    # Put once more, for another reason: that would settle the ticket just the same.
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, case.id, lock=True)
        (again,) = await ask_again(db, SYSTEM, application, [asked.id])
    await give_up(database, again)
    if taken_back:
        async with database.unit_of_work() as db:
            assert (await enter(db, office.county_1, again.id, none)).entered_by == office.county_1.id
        return
    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await enter(db, office.county_1, again.id, none)
    async with database.unit_of_work() as db:
        await enter(db, office.county_2, again.id, none)
    await react(database, case)
    assert (await as_it_stands(database, dispute)).status == Status.CORRECTED


async def test_who_entered_the_answer_does_not_decide(database):
    case, office = await case_with(database), await build_office(database)
    dispute = await dispute_it(database, case)
    await answer_ticket(database, office.county_1, dispute)
    await answer_all(database, case, 1)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False, reasons=OPEN_POINT)
    promoted = Actor(office.county_1.id, Role.COUNTY_CONFIRMER, COUNTY)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await refuse(db, promoted, case.id, reasons=REASONS)
