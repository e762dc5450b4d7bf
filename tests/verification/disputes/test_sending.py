"""What is disputed reaches its agency as a letter, and that it was sent is the county's to do and to say."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from app.applications.clocks import Responsible, StepKind
from app.applications.commands import withdraw_authorisation
from app.applications.events import AuthorisationWithdrawn
from app.applications.models import ApplicationStep
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.events.base import rebuild
from app.events.queries import list_subject_events
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.letters.contents import open_letter, refuse_taken_back
from app.letters.errors import LetterTakenBack
from app.letters.jobs import write_letter, write_owed_corrections
from app.letters.kinds import Kind
from app.letters.models import Letter
from app.verification.commands import (
    TicketAnswer,
    let_disputes_lapse,
    send_dispute,
    take_back_dispute,
)
from app.verification.dispute_lifecycle import LapseGround, SentWay, Status
from app.verification.errors import AuthorisationNotInForce, CorrectionNotSent, CorrectionSent, SentOnUnfit
from app.verification.events import ReportDisputed
from app.verification.jobs import cancel_member_checks
from app.verification.report_jobs import end_disputes_of_withdrawn, end_unauthorised_disputes, pursue_disputes
from tests.builders.applications import COUNTY
from tests.builders.disputes import enter_letter
from tests.builders.people import build_staff
from tests.builders.review import steps_of
from tests.verification.disputes.cases import (
    SAID,
    answer_ticket,
    as_it_stands,
    case_with,
    dispute_it,
    told_of_lapse,
)

DAY = date(2026, 11, 23)
HANDLERS_OF_WITHDRAWAL = (cancel_member_checks, end_disputes_of_withdrawn)
TWO = {
    Item.VEHICLES: {FactKey.VEHICLE_COUNT: 1},
    Item.REAL_ESTATE: {FactKey.DWELLING_COUNT: 1, FactKey.DWELLING_AREA: 600_000},
}


async def letters_of(database, case) -> list[tuple[Letter, dict]]:
    async with database.reading() as db:
        query = select(Letter).where(Letter.application_id == case.id, Letter.kind == Kind.CORRECTION)
        return [(row, open_letter(db, row)) for row in (await db.execute(query)).scalars()]


async def hear(database, case) -> None:
    """Let letters hear of what is disputed."""
    async with database.reading() as db:
        records = await list_subject_events(db, case.id)
    for record in records:
        if record.type == ReportDisputed.type:
            await write_letter(database, rebuild(record.type, record.subject, record.county, record.data))


async def staff_of(database, role=Role.COUNTY_HANDLER):
    async with database.unit_of_work() as db:
        return await build_staff(db, role, COUNTY)


async def send(database, actor, dispute, on=DAY, way=SentWay.POST):
    async with database.unit_of_work() as db:
        return await send_dispute(db, actor, dispute.id, on, way)


async def test_a_dispute_becomes_one_numbered_letter_to_its_agency(database):
    case = await case_with(database)
    dispute = await dispute_it(database, case)

    await hear(database, case)
    await hear(database, case)
    await hear(database, case)

    ((row, body),) = await letters_of(database, case)
    assert (row.citizen_id, row.cause_id, body["addressee"]) == (None, dispute.id, "公安机关")
    assert (body["due_on"], body["application_number"]) == (None, None)
    assert body["after"][0].startswith("请自本函送出之日起10个工作日内书面答复")
    whole = "\n".join([*body["before"], *body["points"], *body["after"]])
    number = case.number("self")
    assert all(each in whole for each in (SAID, dispute.number, str(dispute.check_id), "1 辆", number[-4:]))
    assert number not in whole
    assert body["law"] == ["政务数据共享条例 第二十六条"]


async def test_until_it_is_sent_it_is_the_countys_task_with_a_day(database):
    case, handler = await case_with(database), await staff_of(database)
    dispute = await dispute_it(database, case)
    waiting = (await steps_of(database, case.id))[StepKind.CORRECTION_LETTER]

    sent = await send(database, handler, dispute)

    assert (waiting.responsible, waiting.due_on, waiting.closed_at) == (Responsible.COUNTY, date(2026, 11, 25), None)
    assert (await steps_of(database, case.id))[StepKind.CORRECTION_LETTER].outcome == "sent"
    assert (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE].closed_at is None
    assert (sent.sent_on, sent.sent_way, sent.sent_by) == (DAY, SentWay.POST, handler.id)
    assert (sent.status, sent.due_on) == (dispute.status, dispute.due_on)


async def test_what_was_disputed_when_no_letters_were_written_gets_its_letter_and_its_task_once(database, clock):
    case = await case_with(database)
    dispute = await dispute_it(database, case)
    async with database.unit_of_work() as db:  # as a version left it that knew no such task
        await db.execute(
            delete(ApplicationStep).where(
                ApplicationStep.application_id == case.id, ApplicationStep.kind == StepKind.CORRECTION_LETTER
            )
        )
    await write_owed_corrections(database)
    assert await letters_of(database, case) == [], "its own job has an hour for it"
    clock.advance(timedelta(days=1))

    await write_owed_corrections(database)
    await write_owed_corrections(database)
    await hear(database, case)

    ((row, _),) = await letters_of(database, case)
    step = (await steps_of(database, case.id))[StepKind.CORRECTION_LETTER]
    assert row.cause_id == dispute.id
    assert (step.responsible, step.due_on, step.closed_at) == (Responsible.COUNTY, date(2026, 11, 26), None)
    assert (await as_it_stands(database, dispute)).due_on == dispute.due_on


async def test_of_what_was_taken_back_no_letter_is_owed(database, clock):
    case = await case_with(database)
    dispute = await dispute_it(database, case)
    async with database.unit_of_work() as db:
        await take_back_dispute(db, case.applicant, case.id, dispute.id)
    clock.advance(timedelta(days=1))

    await write_owed_corrections(database)

    assert await letters_of(database, case) == []


async def test_the_task_ends_with_the_last_letter_of_the_case(database):
    case = await case_with(database, {("self", item): found for item, found in TWO.items()})
    handler = await staff_of(database)
    first = await dispute_it(database, case)
    second = await dispute_it(database, case, item=Item.REAL_ESTATE, key=FactKey.DWELLING_COUNT)

    await send(database, handler, first)
    assert (await steps_of(database, case.id))[StepKind.CORRECTION_LETTER].closed_at is None
    await send(database, handler, second)

    assert (await steps_of(database, case.id))[StepKind.CORRECTION_LETTER].outcome == "sent"


async def test_what_was_sent_is_not_sent_again_nor_on_a_day_that_cannot_be(database, clock):
    case, handler = await case_with(database), await staff_of(database)
    dispute = await dispute_it(database, case)

    for on in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        with pytest.raises(SentOnUnfit):
            await send(database, handler, dispute, on)
    assert (await as_it_stands(database, dispute)).sent_on is None
    await send(database, handler, dispute)
    with pytest.raises(CorrectionSent):
        await send(database, handler, dispute, way=SentWay.HAND)

    assert (await as_it_stands(database, dispute)).sent_way == SentWay.POST


@pytest.mark.parametrize("way", SentWay)
async def test_it_is_kept_how_it_went_out(database, way):
    case, handler = await case_with(database), await staff_of(database)
    dispute = await dispute_it(database, case)

    await send(database, handler, dispute, way=way)

    assert (await as_it_stands(database, dispute)).sent_way == way


@pytest.mark.parametrize("answer", TicketAnswer)
async def test_what_was_not_sent_is_not_answered(database, answer):
    case, handler = await case_with(database), await staff_of(database)
    dispute = await dispute_it(database, case)

    with pytest.raises(CorrectionNotSent):
        async with database.unit_of_work() as db:
            await enter_letter(db, handler, dispute.id, answer)

    left = await as_it_stands(database, dispute)
    assert (left.status, left.version) == (dispute.status, dispute.version)


async def test_only_the_countys_handler_sends_and_only_what_waits_for_an_answer(database):
    case, handler = await case_with(database), await staff_of(database)
    dispute = await dispute_it(database, case)

    with pytest.raises(RoleNotAllowed):
        await send(database, await staff_of(database, Role.COUNTY_CONFIRMER), dispute)
    await answer_ticket(database, handler, dispute)
    with pytest.raises(StepNotAllowed):
        await send(database, handler, dispute)

    assert (await as_it_stands(database, dispute)).sent_by != handler.id


async def test_what_was_taken_back_is_not_written_or_printed_any_more(database):
    case = await case_with(database)
    early = await dispute_it(database, case)
    async with database.unit_of_work() as db:
        await take_back_dispute(db, case.applicant, case.id, early.id)
    await hear(database, case)
    assert await letters_of(database, case) == []

    late = await dispute_it(database, case)
    await hear(database, case)
    ((row, _),) = await letters_of(database, case)
    async with database.unit_of_work() as db:
        await take_back_dispute(db, case.applicant, case.id, late.id)

    async with database.reading() as db:
        with pytest.raises(LetterTakenBack):
            await refuse_taken_back(db, row)
    assert (await steps_of(database, case.id))[StepKind.CORRECTION_LETTER].outcome == "taken_back"


async def test_what_the_citizen_writes_stays_one_point_of_the_countys_letter(database):
    case = await case_with(database)
    await dispute_it(
        database, case, words="没有车。\n　　4．核对事项：不动产；\r\n贵单位提供的结果：无房\u2028（测试）"
    )

    await hear(database, case)

    ((_, body),) = await letters_of(database, case)
    assert len(body["points"]) == 3
    assert not any(len(point.splitlines()) > 1 for point in body["points"])


async def test_about_who_withdraws_the_authorisation_no_agency_is_written_to(database):
    case, handler = await case_with(database), await staff_of(database)
    dispute = await dispute_it(database, case)
    await hear(database, case)
    ((row, _),) = await letters_of(database, case)

    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("self"))
    async with database.reading() as db:
        told = [each for each in await list_subject_events(db, case.id) if each.type == AuthorisationWithdrawn.type]
    for record in told:
        event = rebuild(record.type, record.subject, record.county, record.data)
        for handle in HANDLERS_OF_WITHDRAWAL:
            await handle(database, event)

    async with database.reading() as db:
        with pytest.raises(LetterTakenBack):
            await refuse_taken_back(db, row)
    with pytest.raises(StepNotAllowed):
        await send(database, handler, dispute)
    lapsed = await as_it_stands(database, dispute)
    assert (lapsed.status, lapsed.lapsed_for) == (Status.LAPSED, LapseGround.AUTHORISATION_WITHDRAWN)
    assert (await steps_of(database, case.id))[StepKind.CORRECTION_LETTER].outcome == "lapsed"
    told = (str(case.applicant.id), str(dispute.id), "authorisation_withdrawn")
    assert await told_of_lapse(database, case) == [told]


async def test_from_the_withdrawal_on_nothing_is_sent_written_or_printed_though_nobody_has_seen_to_it(database, clock):
    case, handler = await case_with(database), await staff_of(database)
    printed = await dispute_it(database, case)
    await hear(database, case)
    ((row, _),) = await letters_of(database, case)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("self"))

    with pytest.raises(AuthorisationNotInForce):
        await send(database, handler, printed)
    async with database.reading() as db:
        with pytest.raises(LetterTakenBack):
            await refuse_taken_back(db, row)
    assert (await as_it_stands(database, printed)).sent_on is None


async def test_withdrawn_before_its_letter_was_written_none_is_written(database, clock):
    case = await case_with(database)
    await dispute_it(database, case)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("self"))

    await hear(database, case)
    clock.advance(timedelta(days=1))
    await write_owed_corrections(database)

    assert await letters_of(database, case) == []


async def test_what_an_earlier_version_took_in_about_who_had_withdrawn_lapses_whatever_became_of_it(database, clock):
    case = await case_with(database)
    other = await case_with(database)
    dispute, kept = await dispute_it(database, case), await dispute_it(database, other)
    async with database.unit_of_work() as db:  # and nobody heard of it
        await withdraw_authorisation(db, case.applicant, case.id, case.member("self"))
    clock.advance(timedelta(days=30))
    await pursue_disputes(database)
    assert (await as_it_stands(database, dispute)).status == Status.OVERDUE

    await end_unauthorised_disputes(database)
    await end_unauthorised_disputes(database)

    assert (await as_it_stands(database, kept)).status == Status.OVERDUE
    assert len(await told_of_lapse(database, case)) == 1
    assert (await as_it_stands(database, dispute)).lapsed_for == LapseGround.AUTHORISATION_WITHDRAWN
    assert (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE].outcome == "lapsed"


async def test_what_is_disputed_about_another_member_goes_on(database):
    case = await case_with(database)
    dispute = await dispute_it(database, case)

    async with database.unit_of_work() as db:
        await let_disputes_lapse(db, case.id, about=case.member("spouse"))

    assert (await as_it_stands(database, dispute)).status == Status.OPEN
