"""Handing out and answering: who may, who may not, what the reporter hears."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.applications.models import Application
from app.audit.commands import open_reason, record_act
from app.audit.models import AuditRecord
from app.complaints.commands import (
    answer_complaint,
    assign_complaint,
    dismiss_complaint,
    uphold_complaint,
    view_reporter,
)
from app.complaints.contents import answer_of
from app.complaints.errors import (
    AssigneeNotSuitable,
    ComplaintNotFound,
    NotAssignedToYou,
    OutcomeDoesNotFit,
    ReporterNotFound,
)
from app.complaints.events import ComplaintAnswered
from app.complaints.jobs import tell_reporter
from app.complaints.lifecycle import Category, Status
from app.complaints.queries import get_complaint, list_complaints
from app.core.clock import today
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.events.queries import list_subject_events
from app.facts import Item, Outcome
from app.identity.actors import Role
from app.identity.commands import disable_staff
from app.identity.errors import StaffNotFound
from app.notices.jobs import end_notices
from app.notifications.models import Message
from app.verification.commands import GivenAnswer
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE
from tests.builders.complaints import build_assigned, build_filed, reporter
from tests.builders.evidence import write_letter
from tests.builders.people import build_staff
from tests.builders.review import build_accepted_case, build_office, build_verified, county_visit, opine, verify, visit
from tests.builders.verification import enter, find_check

OTHER_TOWNSHIP = "532529100000"


async def test_a_complaint_is_given_to_a_handler_who_upholds_it(database):
    async with database.unit_of_work() as db:
        complaint, handler, _ = await build_assigned(db)
        await uphold_complaint(db, handler, complaint.id, text="经核实，情况属实，已责令改正。")

    async with database.reading() as db:
        ended = await get_complaint(db, handler, complaint.id)
        told = [event.type for event in await list_subject_events(db, complaint.id)]
        acts = (await db.execute(select(AuditRecord.action).where(AuditRecord.object_id == complaint.id))).scalars()
        assert (ended.status, answer_of(db.vault, ended)) == ("upheld", "经核实，情况属实，已责令改正。")
        assert told == ["complaint.received", "complaint.answered"]
        assert list(acts) == ["complaint.file", "complaint.assign", "complaint.uphold"]


@pytest.mark.parametrize("category", [Category.INQUIRY, Category.SUGGESTION])
async def test_questions_and_suggestions_are_answered_not_judged(db, category):
    complaint, handler, _ = await build_assigned(db, category=category)

    with pytest.raises(OutcomeDoesNotFit):
        await uphold_complaint(db, handler, complaint.id, text="是")
    answered = await answer_complaint(db, handler, complaint.id, text="已采纳。")

    assert answered.status is Status.ANSWERED


async def test_complaints_are_judged_not_answered(db):
    complaint, handler, _ = await build_assigned(db)

    with pytest.raises(OutcomeDoesNotFit):
        await answer_complaint(db, handler, complaint.id, text="已阅。")
    dismissed = await dismiss_complaint(db, handler, complaint.id, text="经核实不属实。")

    assert dismissed.status is Status.DISMISSED


async def test_what_was_answered_stays_answered(db):
    complaint, handler, county = await build_assigned(db)
    await uphold_complaint(db, handler, complaint.id, text="属实。")

    with pytest.raises(StepNotAllowed):
        await dismiss_complaint(db, handler, complaint.id, text="不属实。")
    with pytest.raises(StepNotAllowed):
        await assign_complaint(db, county, complaint.id, staff_id=handler.id)


async def test_only_who_it_was_given_to_may_end_it(db):
    complaint, _, county = await build_assigned(db)

    with pytest.raises(NotAssignedToYou):
        await uphold_complaint(db, county, complaint.id, text="属实。")


async def test_a_township_handler_sees_only_what_was_given_to_him(db):
    complaint, handler, county = await build_assigned(db)
    colleague = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    await build_filed(db)

    assert [row.id for row in await list_complaints(db, handler, status=None, after=None, limit=9)] == [complaint.id]
    assert len(await list_complaints(db, county, status=None, after=None, limit=9)) == 2
    with pytest.raises(ComplaintNotFound):
        await get_complaint(db, colleague, complaint.id)


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.COUNTY_HANDLER, "530627000000"),
        (Role.SUPERVISOR, "530627000000"),
        (Role.VILLAGE_HELPER, VILLAGE),
        (Role.TOWNSHIP_REVIEWER, TOWNSHIP),
        (Role.FINANCE, COUNTY),
        (Role.ADMINISTRATOR, COUNTY),
    ],
)
async def test_other_places_and_other_roles_see_nothing(db, role, division):
    filed = await build_filed(db)
    stranger = await build_staff(db, role, division)

    with pytest.raises(ComplaintNotFound):
        await get_complaint(db, stranger, filed.complaint.id)


async def test_a_supervisor_sees_and_hands_out_and_answers_nothing(db):
    complaint, handler, _ = await build_assigned(db, by=reporter())
    supervisor = await build_staff(db, Role.SUPERVISOR, COUNTY)

    assert (await get_complaint(db, supervisor, complaint.id)).id == complaint.id
    assert (await assign_complaint(db, supervisor, complaint.id, staff_id=handler.id)).assigned_to == handler.id
    with pytest.raises(RoleNotAllowed):
        await uphold_complaint(db, supervisor, complaint.id, text="经核实，情况属实。")
    with pytest.raises(RoleNotAllowed):
        await view_reporter(db, supervisor, complaint.id, purpose="检查")


async def test_a_complaint_goes_only_to_a_handler_of_the_place(db):
    filed = await build_filed(db)
    county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    gone = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    await disable_staff(db, gone.id)
    unsuitable = [
        gone,
        await build_staff(db, Role.TOWNSHIP_HANDLER, OTHER_TOWNSHIP),
        await build_staff(db, Role.TOWNSHIP_REVIEWER, TOWNSHIP),
    ]

    for person in unsuitable:
        with pytest.raises(AssigneeNotSuitable):
            await assign_complaint(db, county, filed.complaint.id, staff_id=person.id)
    stranger = await build_staff(db, Role.COUNTY_HANDLER, "530627000000")
    for nobody in (stranger.id, new_id()):
        with pytest.raises(StaffNotFound):
            await assign_complaint(db, county, filed.complaint.id, staff_id=nobody)


async def test_whoever_worked_on_the_application_does_not_judge_the_complaint(database):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    complaint = await _about(database, case)

    for person in (office.handler, office.second):
        with pytest.raises(SamePersonNotAllowed):
            async with database.unit_of_work() as db:
                await assign_complaint(db, office.county_1, complaint.id, staff_id=person.id)
    async with database.unit_of_work() as db:
        unconcerned = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        await assign_complaint(db, office.county_1, complaint.id, staff_id=unconcerned.id)


async def _answered_by_hand(database):
    """Make a case in which one handler of the county has answered for a silent bank."""
    office = await build_office(database)
    case = await build_accepted_case(database)
    await verify(database, case, silent={("self", Item.DEPOSITS)})
    check = await find_check(database, case, Item.DEPOSITS)
    async with database.unit_of_work() as db:
        given = GivenAnswer(Outcome.NONE, {}, today(database.clock), "银行书面答复没有记录")
        await enter(db, office.county_2, check.id, given)
    return office, case


async def test_who_answered_for_an_agency_does_not_judge_the_complaint(database):
    office, case = await _answered_by_hand(database)
    complaint = await _about(database, case)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await assign_complaint(db, office.county_1, complaint.id, staff_id=office.county_2.id)


async def test_who_had_a_hand_in_a_letter_for_evidence_after_the_complaint_came_does_not_judge_it(database):
    office = await build_office(database)
    case = await build_verified(database)
    complaint = await _about(database, case)
    await write_letter(database, case, office)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await assign_complaint(db, office.county_1, complaint.id, staff_id=office.handler.id)


async def test_where_all_handlers_of_a_county_acted_its_supervisor_hands_the_complaint_out(database):
    office, case = await _answered_by_hand(database)
    database.clock.advance(timedelta(minutes=1))
    complaint = await _about(database, case)

    async with database.unit_of_work() as db:
        supervisor = await build_staff(db, Role.SUPERVISOR, COUNTY)
        unconcerned = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        given_out = await assign_complaint(db, supervisor, complaint.id, staff_id=unconcerned.id)
    assert (given_out.status, given_out.assigned_to) == (Status.ASSIGNED, unconcerned.id)
    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await assign_complaint(db, supervisor, complaint.id, staff_id=office.county_2.id)


async def test_a_complaint_is_closed_to_the_county_handler_who_acted_in_the_case_before_it_came(database):
    office, case = await _answered_by_hand(database)
    database.clock.advance(timedelta(minutes=1))
    complaint = await _about(database, case)
    async with database.unit_of_work() as db:
        unconcerned = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)

    for attempt in (
        lambda db: get_complaint(db, office.county_2, complaint.id),
        lambda db: view_reporter(db, office.county_2, complaint.id, purpose="电话核实"),
        lambda db: assign_complaint(db, office.county_2, complaint.id, staff_id=unconcerned.id),
    ):
        with pytest.raises(SamePersonNotAllowed):
            async with database.unit_of_work() as db:
                await attempt(db)
    async with database.reading() as db:
        told = {
            person.id: [row.id for row in await list_complaints(db, person, status=None, after=None, limit=9)]
            for person in (office.county_1, office.county_2)
        }
        assert (await get_complaint(db, office.county_1, complaint.id)).id == complaint.id
    assert told == {office.county_1.id: [complaint.id], office.county_2.id: []}


async def test_who_accepted_the_application_or_signed_a_visit_is_not_given_the_complaint(database, clock):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    await _end_notice(database, clock)
    await county_visit(database, case, office)
    clock.advance(timedelta(minutes=1))
    complaint = await _about(database, case)
    async with database.unit_of_work() as db:
        unconcerned = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)

    for person in (case.handler, office.county_1, office.county_2):
        with pytest.raises(SamePersonNotAllowed):
            async with database.unit_of_work() as db:
                await assign_complaint(db, unconcerned, complaint.id, staff_id=person.id)
    async with database.reading() as db:
        with pytest.raises(SamePersonNotAllowed):
            await get_complaint(db, office.county_2, complaint.id)


async def test_who_takes_a_task_of_the_case_did_nothing_to_the_household(database):
    office, case = await build_office(database), await build_verified(database)
    async with database.unit_of_work() as db:
        application = await db.get_one(Application, case.id)
        await record_act(db, office.county_1, "task.claim", "task", new_id(), case=application.case)
    database.clock.advance(timedelta(minutes=1))
    complaint = await _about(database, case)

    async with database.reading() as db:
        assert (await get_complaint(db, office.county_1, complaint.id)).id == complaint.id


async def test_the_visit_that_a_complaint_forces_does_not_make_the_visitor_a_party(database, clock):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    await _end_notice(database, clock)
    complaint = await _about(database, case)
    clock.advance(timedelta(hours=1))
    await county_visit(database, case, office)

    async with database.unit_of_work() as db:
        await assign_complaint(db, office.county_2, complaint.id, staff_id=office.county_1.id)
        ended = await uphold_complaint(db, office.county_1, complaint.id, text="属实。")

    assert ended.status is Status.UPHELD


async def test_each_look_at_the_reporter_is_on_record_with_its_purpose(database):
    async with database.unit_of_work() as db:
        complaint, handler, _ = await build_assigned(db, by=reporter(name="测试庚", phone="19000007777"))
        seen = await view_reporter(db, handler, complaint.id, purpose="电话核实")

    async with database.reading() as db:
        record = (
            await db.execute(select(AuditRecord).where(AuditRecord.action == "complaint.view_reporter"))
        ).scalar_one()
    assert (seen.name, seen.phone) == ("测试庚", "19000007777")
    assert (record.actor_id, record.purpose, record.detail) == (handler.id, "complaint_handling", {})
    assert open_reason(database, record) == "电话核实"
    assert "电话核实".encode() not in record.reason_sealed
    assert "测试庚" not in repr(seen)


async def test_an_anonymous_complaint_has_no_reporter(db):
    complaint, handler, _ = await build_assigned(db)

    with pytest.raises(ReporterNotFound):
        await view_reporter(db, handler, complaint.id, purpose="电话核实")


async def test_the_reporter_hears_once_that_there_is_an_answer(database):
    async with database.unit_of_work() as db:
        complaint, handler, _ = await build_assigned(db, by=reporter(phone="19000007777"))
        await uphold_complaint(db, handler, complaint.id, text="属实。")
    event = ComplaintAnswered(subject=complaint.id, county=complaint.county, outcome="upheld")

    await tell_reporter(database, event)
    await tell_reporter(database, event)

    async with database.reading() as db:
        message = (await db.execute(select(Message))).scalar_one()
    assert (message.template, message.number, message.citizen_id) == ("complaint.answered", complaint.number, None)


async def test_nobody_is_told_about_an_anonymous_one(database):
    async with database.unit_of_work() as db:
        complaint, handler, _ = await build_assigned(db)
        await uphold_complaint(db, handler, complaint.id, text="属实。")

    await tell_reporter(database, ComplaintAnswered(subject=complaint.id, county=complaint.county, outcome="upheld"))

    async with database.reading() as db:
        assert (await db.execute(select(Message))).first() is None


async def _about(database, case):
    async with database.unit_of_work() as db:
        application = await db.get_one(Application, case.id)
        return (await build_filed(db, application_number=application.number)).complaint


async def _end_notice(database, clock):
    clock.advance(timedelta(days=8))
    await end_notices(database)
