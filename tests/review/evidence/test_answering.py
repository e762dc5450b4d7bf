"""What comes of a letter for evidence: an answer, silence, or that somebody goes on without."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.applications.commands import terminate_application
from app.audit.models import AuditRecord
from app.core.errors import StepNotAllowed
from app.review.commands import cancel_evidence_letters, set_evidence_letter_aside
from app.review.errors import (
    EvidenceAnswerNotFitting,
    EvidenceAwaited,
    EvidenceLetterNotFound,
    EvidenceReasonMissing,
)
from app.review.evidence_lifecycle import Status
from app.review.evidence_terms import Finding, Question
from app.review.evidence_words import open_grounds
from app.review.jobs import note_silent_letters
from app.review.models import Opinion
from app.review.queries import has_survey_since, list_visits, took_part
from tests.builders.evidence import answer_letter, build_sent_letter, letter_as_it_stands, send_letter, write_letter
from tests.builders.review import build_accepted_case, build_office, build_verified, open_kinds, opine, steps_of, visit

REASON = "用人单位已经注销，改由邻里访问核实。"


async def _set_aside(database, actor, case, letter, reason=REASON):
    async with database.unit_of_work() as db:
        return await set_evidence_letter_aside(db, actor, case.id, letter.id, reason=reason)


async def _visits(database, case):
    async with database.reading() as db:
        return await list_visits(db, case.id)


async def _grounds(database):
    async with database.reading() as db:
        return open_grounds(db, (await db.execute(select(Opinion))).scalar_one())


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"received_on": date(2026, 11, 24)}, [("/received_on", "in_future")]),
        ({"received_on": date(2026, 11, 22)}, [("/received_on", "before_sent")]),
        ({"answers": [(Question.EMPLOYMENT, Finding.CONFIRMED)]}, [("/answers", "unanswered")]),
        (
            {"answers": [(each, Finding.CONFIRMED) for each in (Question.EMPLOYMENT, Question.WAGES, Question.RENT)]},
            [("/answers/2/question", "not_asked")],
        ),
        (
            {"answers": [(each, Finding.CONFIRMED) for each in (Question.WAGES, Question.EMPLOYMENT, Question.WAGES)]},
            [("/answers/0/question", "answered_twice"), ("/answers/2/question", "answered_twice")],
        ),
    ],
)
async def test_an_answer_says_one_thing_to_each_question(database, given, faults):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await build_sent_letter(database, case, office)

    with pytest.raises(EvidenceAnswerNotFitting) as refused:
        await answer_letter(database, case, office, letter, **given)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == faults
    assert (await letter_as_it_stands(database, case, letter)).status == Status.SENT


async def test_an_answer_is_entered_once_and_not_to_a_letter_that_never_left(database):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await write_letter(database, case, office)
    with pytest.raises(StepNotAllowed):
        await answer_letter(database, case, office, letter)
    await send_letter(database, case, office, letter)
    with pytest.raises(StepNotAllowed):
        await send_letter(database, case, office, letter)
    await answer_letter(database, case, office, letter)

    with pytest.raises(StepNotAllowed):
        await answer_letter(database, case, office, letter)

    assert (await steps_of(database, case.id))["evidence_letter"].outcome == "received"
    assert len(await _visits(database, case)) == 1


async def test_a_letter_of_another_case_is_not_found(database):
    office, case, other = (
        await build_office(database),
        await build_accepted_case(database),
        await build_accepted_case(database),
    )
    letter = await write_letter(database, other, office)

    with pytest.raises(EvidenceLetterNotFound):
        await send_letter(database, case, office, letter)


async def test_silence_is_a_task_and_stops_nothing(database, clock):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    letter = await build_sent_letter(database, case, office)
    clock.advance(timedelta(days=14))  # 7 December, the last day
    await note_silent_letters(database)
    assert (await letter_as_it_stands(database, case, letter)).status == Status.SENT
    with pytest.raises(EvidenceAwaited):
        await opine(database, case, office)

    clock.advance(timedelta(days=1))
    for _ in range(2):
        await note_silent_letters(database)

    assert (await letter_as_it_stands(database, case, letter)).status == Status.UNANSWERED
    steps = await steps_of(database, case.id)
    assert (steps["evidence_letter"].outcome, steps["evidence_unanswered"].due_on) == ("no_answer", None)
    assert "evidence_unanswered" in await open_kinds(database, case)
    await opine(database, case, office)
    assert "evidence_unanswered" not in await open_kinds(database, case)
    assert [(each["status"], each["answers"]) for each in await _grounds(database)] == [("unanswered", {})]


async def test_whose_days_are_over_does_not_keep_the_opinion_though_no_sweep_came_by(database, clock):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    letter = await build_sent_letter(database, case, office)
    clock.advance(timedelta(days=15))

    await opine(database, case, office)

    assert (await letter_as_it_stands(database, case, letter)).status == Status.UNANSWERED
    assert "evidence_letter" not in await open_kinds(database, case)


async def test_somebody_may_go_on_before_with_a_reason_and_a_late_answer_is_still_taken_in(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    letter = await build_sent_letter(database, case, office)
    with pytest.raises(EvidenceReasonMissing):
        await _set_aside(database, office.reviewer, case, letter, "。。。。。。。。。。。。")

    await _set_aside(database, office.reviewer, case, letter)

    assert (await steps_of(database, case.id))["evidence_letter"].outcome == "not_waited_for"
    await opine(database, case, office)
    answered = await answer_letter(
        database,
        case,
        office,
        letter,
        answers=[(Question.EMPLOYMENT, Finding.CONTRADICTED), (Question.WAGES, Finding.NO_KNOWLEDGE)],
    )
    assert answered.status == Status.ANSWERED
    assert [each["status"] for each in await _grounds(database)] == ["not_awaited"], "as it stood then"
    with pytest.raises(StepNotAllowed):
        await _set_aside(database, office.reviewer, case, letter)


async def test_the_opinion_names_what_was_answered_among_its_grounds(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    letter = await build_sent_letter(database, case, office)
    unsent = await write_letter(database, case, office)
    await _set_aside(database, office.handler, case, unsent)
    assert (await letter_as_it_stands(database, case, unsent)).status == Status.DISCARDED
    findings = [(Question.EMPLOYMENT, Finding.CONFIRMED), (Question.WAGES, Finding.CONTRADICTED)]
    await answer_letter(database, case, office, letter, answers=findings)

    await opine(database, case, office)

    assert await _grounds(database) == [
        {
            "id": str(letter.id),
            "member_id": str(case.member("self")),
            "addressee_kind": "employer",
            "sent_on": "2026-11-23",
            "status": "answered",
            "received_on": "2026-11-23",
            "asked": ["employment", "wages"],
            "answers": {"employment": "confirmed", "wages": "contradicted"},
        }
    ]


async def test_one_step_stands_for_all_letters_that_are_out(database):
    office, case = await build_office(database), await build_accepted_case(database)
    first, second = [await build_sent_letter(database, case, office) for _ in range(2)]

    await answer_letter(database, case, office, first)
    assert "evidence_letter" in await open_kinds(database, case)
    await answer_letter(database, case, office, second)

    assert "evidence_letter" not in await open_kinds(database, case)


async def test_a_letter_counts_as_surveying_again_once_it_is_answered(database, clock):
    office, case = await build_office(database), await build_accepted_case(database)
    objected_at = clock.now()
    letter = await build_sent_letter(database, case, office)
    async with database.reading() as db:
        assert not await has_survey_since(db, case.id, objected_at)

    await answer_letter(database, case, office, letter)

    async with database.reading() as db:
        assert await has_survey_since(db, case.id, objected_at)
        assert not await has_survey_since(db, case.id, objected_at + timedelta(seconds=1))


async def test_who_had_a_hand_in_a_letter_took_part(database):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await build_sent_letter(database, case, office)
    await _set_aside(database, office.reviewer, case, letter)

    async with database.reading() as db:
        taken = [await took_part(db, case.id, who.id) for who in (office.handler, office.second, office.reviewer)]
        assert (taken, await took_part(db, case.id, office.confirmer.id)) == ([True, True, True], False)


async def test_letters_end_with_the_matter(database):
    office, case = await build_office(database), await build_accepted_case(database)
    letter, unsent = await build_sent_letter(database, case, office), await write_letter(database, case, office)
    async with database.unit_of_work() as db:
        await terminate_application(db, office.handler, case.id, reason="申请人不配合调查。")
    async with database.unit_of_work() as db:
        await cancel_evidence_letters(db, case.id)

    assert {(await letter_as_it_stands(database, case, each)).status for each in (letter, unsent)} == {Status.CANCELLED}
    with pytest.raises(StepNotAllowed):
        await answer_letter(database, case, office, letter)


async def test_every_act_is_on_record_with_the_case(database):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await build_sent_letter(database, case, office)
    await answer_letter(database, case, office, letter)

    async with database.reading() as db:
        query = select(AuditRecord).where(AuditRecord.object_id == letter.id).order_by(AuditRecord.id)
        records = (await db.execute(query)).scalars().all()
    assert [record.action for record in records] == [
        "evidence_letter.write",
        "evidence_letter.send",
        "evidence_letter.answer",
    ]
    assert {tuple(record.citizens) for record in records} == {(case.applicant.id,)}
    assert not [record for record in records if "纺织" in str(record.detail)]
