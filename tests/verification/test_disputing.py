"""One field is disputed: a ticket to its agency, the question put anew, and what comes of both."""

import asyncio
from datetime import date, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.applications.clocks import StepKind
from app.applications.commands import terminate_application, withdraw_authorisation
from app.applications.commands.documents import StoredFile
from app.applications.errors import ApplicationNotFound, ConflictOfInterest
from app.applications.jobs import escalate_overdue
from app.applications.models import Escalation
from app.applications.queries import get_whole_application
from app.audit.models import AuditRecord
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.ids import new_id, number_is_valid
from app.events.models import EventRecord
from app.facts import Answer, Fact, FactKey, Item, Outcome
from app.identity.actors import STAFF_ROLES, SYSTEM, Actor, Role
from app.notices.jobs import end_notices
from app.reference.commands import load_calendar_year
from app.review.commands import refuse
from app.review.errors import DisputePending
from app.verification.commands import (
    Disputed,
    GivenAnswer,
    TicketAnswer,
    answer_check_manually,
    answer_dispute,
    cancel_void_checks,
    conclude,
    disputed_words_of,
    raise_dispute,
    reasons_of,
    record_answer,
    take_back_dispute,
)
from app.verification.dispute_lifecycle import Status
from app.verification.dispute_models import ReportDispute
from app.verification.errors import (
    DisputeAlreadyOpen,
    DisputeAnsweredBefore,
    DisputeNotFound,
    DisputeTakenBack,
    FieldNotInReport,
    FindingOfAnother,
    NothingToDispute,
    ReportNotIssued,
    VerificationClosed,
)
from app.verification.lifecycle import OPEN
from app.verification.queries import find_current_report, list_checks, open_report
from app.verification.report_jobs import pursue_disputes
from tests.builders.applications import COUNTY, VILLAGE
from tests.builders.people import build_citizen, build_staff
from tests.builders.relatives import declare
from tests.builders.review import (
    REASONS,
    SETTLED,
    build_accepted_case,
    build_office,
    build_verified,
    decide,
    open_kinds,
    opine,
    react,
    steps_of,
    verify,
    visit,
)
from tests.builders.verification import AS_OF, find_check, give_up

CAR = {("self", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 1}}
SAID = "车已于去年转让。（测试）"
REASON = "经核实，登记无误。（测试）"
OPEN_POINT = {"property_has_a_limit": SETTLED}
REFERENCE = "车管复〔2026〕17号"


async def _case(database, found=None, **given):
    case = await build_accepted_case(database)
    await verify(database, case, CAR if found is None else found, **given)
    return case


async def _dispute(
    database, case, *, by=None, of="self", item=Item.VEHICLES, key=FactKey.VEHICLE_COUNT, evidence=()
) -> ReportDispute:
    async with database.unit_of_work() as db:
        said = Disputed(case.member(of), item, key, SAID)
        return await raise_dispute(db, by or case.applicant, case.id, said, evidence)


async def _now(database, dispute) -> ReportDispute:
    async with database.reading() as db:
        return await db.get(ReportDispute, dispute.id)


async def _asked(database, case):
    async with database.reading() as db:
        return [check for check in await list_checks(db, case.id) if check.status in OPEN]


async def _answers(database, case, count):
    """Let whatever is asked be answered: so many cars, or no record."""
    for check in await _asked(database, case):
        fact = Fact(FactKey.VEHICLE_COUNT, count, "public_security", AS_OF)
        answer = Answer(Outcome.HIT, {fact.key: fact}) if count else Answer.none()
        async with database.unit_of_work() as db:
            await record_answer(db, SYSTEM, check.id, answer)
    await react(database, case)


async def _answer_ticket(database, actor, dispute, answer=TicketAnswer.UPHELD) -> ReportDispute:
    async with database.unit_of_work() as db:
        return await answer_dispute(db, actor, dispute.id, answer, reference=REFERENCE, reasons=REASON)


async def test_the_agency_has_ten_working_days_and_is_asked_anew_at_once(database):
    case = await _case(database)
    disputed = await find_check(database, case, Item.VEHICLES)

    dispute = await _dispute(database, case)

    (asked,) = await _asked(database, case)
    assert (asked.member_id, asked.item, asked.operator) == (case.member("self"), "vehicles", str(case.applicant.id))
    assert (dispute.check_id, dispute.recheck_id) == (disputed.id, asked.id)
    assert (dispute.status, dispute.partner, dispute.due_on) == ("open", "public_security", date(2026, 12, 7))
    assert number_is_valid(dispute.number)
    step = (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE]
    assert (step.due_on, step.responsible, step.basis) == (date(2026, 12, 7), "agencies", "政务数据共享条例 第二十六条")


async def test_words_are_sealed_papers_are_kept_and_it_is_told_without_them(database):
    case = await _case(database)
    file = StoredFile(new_id(), "image/jpeg", 1000, "0" * 64)

    dispute = await _dispute(database, case, evidence=[file])

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
    case = await _case(database)
    dispute = await _dispute(database, case)

    await _answers(database, case, 0)

    answered = await _now(database, dispute)
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        told = (await db.execute(select(EventRecord).where(EventRecord.type == "report.dispute_answered"))).scalars()
        assert [event.data["outcome"] for event in told] == ["corrected"]
    assert (answered.status, answered.answered_by, answered.reference) == (Status.CORRECTED, None, None)
    assert (answered.answer_report_id, report.number) == (report.id, 2)
    assert (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE].outcome == "corrected"
    await react(database, case)  # told once more, it changes nothing
    assert (await _now(database, dispute)).version == answered.version


async def test_the_same_answer_again_is_none_for_nobody_has_looked(database):
    case = await _case(database)
    dispute = await _dispute(database, case)

    await _answers(database, case, 1)

    assert (await _now(database, dispute)).status == Status.OPEN
    assert StepKind.REPORT_DISPUTE in await open_kinds(database, case)


async def test_silence_when_asked_again_answers_nothing(database):
    case = await _case(database)
    dispute = await _dispute(database, case)
    (asked,) = await _asked(database, case)
    await give_up(database, asked)
    async with database.unit_of_work() as db:
        await conclude(db, await get_whole_application(db, SYSTEM, case.id, lock=True))
    await react(database, case)

    assert (await _now(database, dispute)).status == Status.OPEN


async def test_upheld_has_reference_and_reasons_and_is_not_disputed_again(database):
    case, office = await _case(database), await build_office(database)
    dispute = await _dispute(database, case)
    await _answers(database, case, 1)

    upheld = await _answer_ticket(database, office.county_1, dispute)

    async with database.reading() as db:
        assert reasons_of(db, await db.get(ReportDispute, dispute.id)) == REASON
    assert (upheld.status, upheld.reference, upheld.answered_by) == (Status.UPHELD, REFERENCE, office.county_1.id)
    assert (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE].outcome == "upheld"
    with pytest.raises(DisputeAnsweredBefore):
        await _dispute(database, case)
    with pytest.raises(StepNotAllowed):
        await _answer_ticket(database, office.county_2, dispute, TicketAnswer.CORRECTED)


async def test_where_something_else_is_found_later_it_may_be_disputed_anew(database):
    case, office = await _case(database), await build_office(database)
    dispute = await _dispute(database, case)
    await _answer_ticket(database, office.county_1, dispute)
    await _answers(database, case, 2)

    again = await _dispute(database, case)

    assert (again.status, again.report_id != dispute.report_id) == (Status.OPEN, True)


async def test_corrected_by_letter_is_asked_anew_and_a_new_report_shows_it(database):
    case, office = await _case(database), await build_office(database)
    dispute = await _dispute(database, case)
    await _answers(database, case, 1)

    corrected = await _answer_ticket(database, office.county_1, dispute, TicketAnswer.CORRECTED)
    (asked,) = await _asked(database, case)
    await _answers(database, case, 0)

    assert (corrected.status, corrected.recheck_id) == (Status.CORRECTED, asked.id)
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        fields = {f.key: f for _, entry in open_report(db, report).entries() for f in entry.fields if f.found}
    assert (report.number, FactKey.VEHICLE_COUNT in fields) == (3, False)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.COUNTY_HANDLER}))
async def test_nobody_but_the_countys_handler_enters_an_agencys_answer(database, role):
    case = await _case(database)
    dispute = await _dispute(database, case)
    async with database.unit_of_work() as db:
        somebody = await build_staff(db, role, COUNTY)

    with pytest.raises((RoleNotAllowed, DisputeNotFound)):
        await _answer_ticket(database, somebody, dispute)


async def test_who_entered_what_is_disputed_does_not_say_that_it_was_right(database):
    case, office = await _case(database, {}, silent={("self", Item.VEHICLES)}), await build_office(database)
    check = await find_check(database, case, Item.VEHICLES)
    given = GivenAnswer(Outcome.HIT, {"vehicle_count": 1}, AS_OF, "窗口查询（测试）")
    async with database.unit_of_work() as db:
        await answer_check_manually(db, office.county_1, check.id, given)
    dispute = await _dispute(database, case)

    with pytest.raises(SamePersonNotAllowed):
        await _answer_ticket(database, office.county_1, dispute)
    await _answer_ticket(database, office.county_2, dispute)


async def test_who_entered_the_answer_does_not_decide(database):
    case, office = await _case(database), await build_office(database)
    dispute = await _dispute(database, case)
    await _answer_ticket(database, office.county_1, dispute)
    await _answers(database, case, 1)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False, reasons=OPEN_POINT)
    promoted = Actor(office.county_1.id, Role.COUNTY_CONFIRMER, COUNTY)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await refuse(db, promoted, case.id, reasons=REASONS)


async def test_nobody_is_refused_while_an_agency_owes_an_answer_and_a_grant_does_not_wait(database, clock):
    office = await build_office(database)
    refused, granted = await _case(database), await build_verified(database)
    dispute = await _dispute(database, refused)
    await _answers(database, refused, 1)
    await visit(database, refused, office)
    await opine(database, refused, office, favourable=False, reasons=OPEN_POINT)

    with pytest.raises(DisputePending):
        async with database.unit_of_work() as db:
            await refuse(db, office.confirmer, refused.id, reasons=REASONS)
    await _answer_ticket(database, office.county_1, dispute)
    async with database.unit_of_work() as db:
        await refuse(db, office.confirmer, refused.id, reasons=REASONS)

    pending = await _dispute(database, granted, item=Item.HOUSEHOLD_REGISTER, key=FactKey.HUKOU_DIVISION)
    await _register_again(database, granted)
    await visit(database, granted, office)
    await opine(database, granted, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    await decide(database, granted, office)
    assert (await _now(database, pending)).status == Status.OPEN
    assert StepKind.REPORT_DISPUTE in await open_kinds(database, granted)
    answered = await _answer_ticket(database, office.county_1, pending, TicketAnswer.CORRECTED)
    assert answered.status == Status.CORRECTED
    assert await _asked(database, granted) == []
    assert StepKind.REPORT_DISPUTE not in await open_kinds(database, granted)


async def _register_again(database, case):
    for check in await _asked(database, case):
        fact = Fact(FactKey.HUKOU_DIVISION, VILLAGE, "public_security", AS_OF)
        async with database.unit_of_work() as db:
            await record_answer(db, SYSTEM, check.id, Answer(Outcome.HIT, {fact.key: fact}))
    await react(database, case)


async def test_past_its_day_a_ticket_is_overdue_then_escalated_and_still_open_to_an_answer(database, clock):
    case, office = await _case(database), await build_office(database)
    dispute = await _dispute(database, case)
    await _answers(database, case, 1)
    clock.advance(timedelta(days=14))  # 7 December is its last day
    await pursue_disputes(database)
    assert (await _now(database, dispute)).status == Status.OPEN
    clock.advance(timedelta(days=1))

    await pursue_disputes(database)
    await pursue_disputes(database)
    assert (await _now(database, dispute)).status == Status.OVERDUE
    await escalate_overdue(database)
    await pursue_disputes(database)
    await pursue_disputes(database)

    escalated = await _now(database, dispute)
    assert (escalated.status, escalated.version) == (Status.ESCALATED, 4)
    step = (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE]
    async with database.reading() as db:
        escalations = (await db.execute(select(Escalation).where(Escalation.step_id == step.id))).scalars().all()
    assert [each.level for each in escalations] == ["county"]
    assert (await _answer_ticket(database, office.county_1, dispute)).status == Status.UPHELD


@pytest_asyncio.fixture
async def announce(database, owner_connection):
    """Let the operator load the notice of 2027; forgotten afterwards."""

    async def load() -> None:
        off = [date(2027, 1, 1), *(date(2027, 2, 5) + timedelta(days=n) for n in range(7))]
        off += [date(2027, 10, 1) + timedelta(days=n) for n in range(7)]
        async with database.unit_of_work("operator") as db:
            await load_calendar_year(db, 2027, dict.fromkeys(off, False), "测试通知")

    yield load
    await owner_connection.execute("DELETE FROM calendar_days")
    await owner_connection.execute("DELETE FROM calendar_years WHERE year = 2027")


async def test_a_day_in_a_year_that_was_not_announced_is_counted_again_once_it_is(database, clock, announce):
    clock.advance(timedelta(days=30))  # 23 December: ten working days lead into the next year
    case = await _case(database)
    dispute = await _dispute(database, case)
    assert (dispute.due_provisional, dispute.due_on.year) == (True, 2027)
    await announce()
    clock.advance(timedelta(days=22))

    await pursue_disputes(database)

    moved = await _now(database, dispute)
    assert (moved.due_provisional, moved.status) == (False, Status.OVERDUE)


async def test_one_field_is_disputed_once_at_a_time_whoever_is_faster(database):
    case = await _case(database)

    answers = await asyncio.gather(_dispute(database, case), _dispute(database, case), return_exceptions=True)

    assert [type(each) for each in answers if isinstance(each, Exception)] == [DisputeAlreadyOpen]
    assert len(await _asked(database, case)) == 1


async def test_the_database_itself_has_one_pending_dispute_a_field(database):
    case = await _case(database)
    dispute = await _dispute(database, case)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(
                text(
                    "INSERT INTO report_disputes SELECT (jsonb_populate_record(d, jsonb_build_object("
                    "'id', gen_random_uuid(), 'number', 'JY2'))).* FROM report_disputes d WHERE id = :id"
                ),
                {"id": dispute.id},
            )


async def test_two_fields_of_one_item_are_two_tickets_and_one_question(database):
    area = {FactKey.DWELLING_COUNT: 1, FactKey.DWELLING_AREA: 600_000}
    case = await _case(database, {("self", Item.REAL_ESTATE): area})

    first = await _dispute(database, case, item=Item.REAL_ESTATE, key=FactKey.DWELLING_COUNT)
    second = await _dispute(database, case, item=Item.REAL_ESTATE, key=FactKey.DWELLING_AREA)

    (asked,) = await _asked(database, case)
    assert {first.recheck_id, second.recheck_id} == {asked.id}
    assert first.number != second.number


async def test_the_timeline_waits_until_the_last_ticket_has_its_answer(database):
    area = {FactKey.DWELLING_COUNT: 1, FactKey.DWELLING_AREA: 600_000}
    case, office = await _case(database, {("self", Item.REAL_ESTATE): area}), await build_office(database)
    tickets = [
        await _dispute(database, case, item=Item.REAL_ESTATE, key=key)
        for key in (FactKey.DWELLING_COUNT, FactKey.DWELLING_AREA)
    ]

    await _answer_ticket(database, office.county_1, tickets[0])
    assert StepKind.REPORT_DISPUTE in await open_kinds(database, case)
    await _answer_ticket(database, office.county_1, tickets[1])
    assert StepKind.REPORT_DISPUTE not in await open_kinds(database, case)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"key": FactKey.DEPOSIT_BALANCE}, FieldNotInReport),
        ({"item": Item.RELOCATION, "key": FactKey.VEHICLE_COUNT}, FieldNotInReport),
        ({"item": Item.DEATHS, "key": FactKey.DECEASED_ON}, NothingToDispute),
        ({"item": Item.MARRIAGE, "key": FactKey.MARITAL_STATUS}, None),  # declared, and not on the register
        ({"of": "spouse"}, FindingOfAnother),
        ({"of": "child"}, NothingToDispute),
    ],
)
async def test_what_can_be_disputed(database, given, refusal):
    case = await _case(database)

    if refusal is None:
        assert (await _dispute(database, case, **given)).status == Status.OPEN
        return
    with pytest.raises(refusal):
        await _dispute(database, case, **given)
    assert await _asked(database, case) == []


async def test_silence_is_not_disputed(database):
    case = await _case(database, {}, silent={("self", Item.VEHICLES)})

    with pytest.raises(NothingToDispute):
        await _dispute(database, case)


async def test_before_the_report_and_after_the_decision_nothing_is_disputed(database, clock):
    early, office = await build_accepted_case(database), await build_office(database)
    with pytest.raises(ReportNotIssued):
        await _dispute(database, early)
    case = await _case(database)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False, reasons=OPEN_POINT)
    async with database.unit_of_work() as db:
        await refuse(db, office.confirmer, case.id, reasons=REASONS)

    with pytest.raises(VerificationClosed):
        await _dispute(database, case)


async def test_another_adult_disputes_what_was_found_about_him_and_the_applicant_does_not_see_it(database):
    case = await _case(database, {("spouse", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 2}})
    details = next(each for _, each in case.household.members if each.relation == "spouse")
    async with database.unit_of_work() as db:
        spouse = await build_citizen(db, name=details.name, id_number=details.id_number)

    dispute = await _dispute(database, case, by=spouse, of="spouse")

    assert dispute.citizen_id == spouse.id
    with pytest.raises(FindingOfAnother):
        await _dispute(database, case, by=spouse, of="self")
    with pytest.raises(DisputeNotFound):
        async with database.unit_of_work() as db:
            await take_back_dispute(db, case.applicant, case.id, dispute.id)
    async with database.unit_of_work() as db:
        assert (await take_back_dispute(db, spouse, case.id, dispute.id)).status == Status.TAKEN_BACK


async def test_what_was_found_about_a_minor_is_the_applicants_to_dispute_and_his_own_once_between_them(database):
    balance = {FactKey.DEPOSIT_BALANCE: 900_000, FactKey.DEPOSIT_ACCOUNTS: 1}
    case = await _case(database, {("child", Item.DEPOSITS): balance})
    details = next(each for _, each in case.household.members if each.relation == "child")
    async with database.unit_of_work() as db:
        child = await build_citizen(db, name=details.name, id_number=details.id_number)
    field = {"of": "child", "item": Item.DEPOSITS, "key": FactKey.DEPOSIT_BALANCE}

    assert (await _dispute(database, case, by=child, **field)).citizen_id == child.id
    with pytest.raises(DisputeAlreadyOpen):
        await _dispute(database, case, **field)


async def test_a_stranger_finds_no_case_to_dispute_anything_in(database):
    case = await _case(database)
    async with database.unit_of_work() as db:
        stranger = await build_citizen(db, name="测试丁")

    with pytest.raises(ApplicationNotFound):
        await _dispute(database, case, by=stranger)


async def test_a_finding_that_was_taken_back_twice_is_not_disputed_again_unless_another_is_found(database):
    case = await _case(database)
    for _ in range(2):
        dispute = await _dispute(database, case)
        async with database.unit_of_work() as db:
            await take_back_dispute(db, case.applicant, case.id, dispute.id)

    with pytest.raises(DisputeTakenBack):
        await _dispute(database, case)
    await _answers(database, case, 2)

    assert (await _dispute(database, case)).status == Status.OPEN


async def test_taken_back_nobody_waits_and_it_may_be_disputed_again(database):
    case = await _case(database)
    dispute = await _dispute(database, case)

    async with database.unit_of_work() as db:
        await take_back_dispute(db, case.applicant, case.id, dispute.id)

    assert (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE].outcome == "taken_back"
    await _answers(database, case, 1)
    assert (await _dispute(database, case)).status == Status.OPEN


async def test_with_the_matters_end_it_lapses(database):
    case = await _case(database)
    dispute = await _dispute(database, case)
    async with database.unit_of_work() as db:
        await terminate_application(db, case.handler, case.id, reason="拒绝配合（测试）")

    await react(database, case)

    assert (await _now(database, dispute)).status == Status.LAPSED


async def test_nothing_is_asked_anew_about_who_withdrew_and_the_agency_is_asked_for_a_correction_all_the_same(database):
    case = await _case(database)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("self"))
    async with database.unit_of_work() as db:
        await cancel_void_checks(db, case.id)

    dispute = await _dispute(database, case)

    assert (dispute.recheck_id, dispute.status) == (None, Status.OPEN)
    assert await _asked(database, case) == []


async def test_a_close_relative_and_another_county_answer_nothing(database):
    case, office = await _case(database), await build_office(database)
    dispute = await _dispute(database, case)
    await declare(database, office.county_1, case.household)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.COUNTY_HANDLER, "530627000000")

    with pytest.raises(ConflictOfInterest):
        await _answer_ticket(database, office.county_1, dispute)
    with pytest.raises(DisputeNotFound):
        await _answer_ticket(database, stranger, dispute)
