"""A letter for evidence is written on an authorisation, says the least, and is sent by two."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.applications.commands import withdraw_authorisation
from app.applications.errors import ApplicationNotFound, AuthorisationMissing, ConflictOfInterest, MemberNotFound
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.events.base import rebuild
from app.events.models import EventRecord
from app.identity.actors import Role
from app.letters.contents import open_letter
from app.letters.jobs import write_letter as print_letter
from app.letters.kinds import Kind, Occasion
from app.letters.models import Letter
from app.programs.registry import PROGRAMS
from app.programs.service_items import read_service_item
from app.reference.commands import LocalParameter, put_parameter
from app.review.errors import (
    EvidenceLetterNotFitting,
    InvestigatorNotAllowed,
    SurveyDateInvalid,
    TwoInvestigatorsRequired,
)
from app.review.events import EvidenceAsked
from app.review.evidence_lifecycle import Status
from app.review.evidence_limits import says_too_much
from app.review.evidence_queries import list_evidence_letters
from app.review.evidence_terms import AddresseeKind, Form, Question
from app.review.jobs import cancel_letters_about
from app.review.queries import list_signatures, list_visits
from tests.builders.evidence import answer_letter, build_sent_letter, letter_as_it_stands, send_letter, write_letter
from tests.builders.letters import build_letter
from tests.builders.people import build_staff
from tests.builders.relatives import register
from tests.builders.review import build_accepted_case, build_office, build_verified, open_kinds, opine, steps_of, visit


async def _withdraw(database, case, relation="self"):
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member(relation))


async def _faults(database, case, office, **given):
    with pytest.raises(EvidenceLetterNotFitting) as refused:
        await write_letter(database, case, office, **given)
    async with database.reading() as db:
        assert not await list_evidence_letters(db, case.id)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


async def test_whom_was_asked_and_what_was_answered_is_not_readable_in_the_table(database):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await build_sent_letter(database, case, office)
    await answer_letter(database, case, office, letter, remarks="工资以现金发放。")

    async with database.reading() as db:
        row = (await db.execute(text("SELECT * FROM evidence_letters"))).one()

    kept = b"".join(bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode() for each in row)
    assert not [each for each in ("测试纺织厂", "测试路", "现金", "confirmed") if each.encode() in kept]


async def test_sending_a_letter_is_an_act_of_survey_signed_by_two(database):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await write_letter(database, case, office)
    async with database.reading() as db:
        assert not await list_visits(db, case.id)

    sent = await send_letter(database, case, office, letter)

    async with database.reading() as db:
        (act,) = await list_visits(db, case.id)
        signatures = await list_signatures(db, case.id)
        findings = db.vault.open("visits.findings", act.id, act.findings_sealed)
    assert (act.way, act.id, act.visited_on) == ("letter", sent.visit_id, date(2026, 11, 23))
    assert findings.startswith("向用人单位发函索证：是否在你单位工作")
    assert "测试纺织厂" not in findings
    assert {(s.signer_id, s.method) for s in signatures} == {
        (office.handler.id, "electronic"),
        (office.second.id, "on_form"),
    }
    assert (sent.answer_days, sent.answer_by, sent.answer_by_provisional) == (10, date(2026, 12, 7), False)
    steps = await steps_of(database, case.id)
    assert (steps["survey"].outcome, steps["evidence_letter"].due_on) == ("started", None)
    assert {"home_visit", "evidence_letter"} <= await open_kinds(database, case)


async def test_a_place_sets_how_long_an_answer_may_take(database):
    async with database.unit_of_work() as db:
        row = LocalParameter("procedure", "evidence_answer_days", "532500000000", 5, "测试规程第六条", date(2026, 1, 1))
        await put_parameter(db, row)
    office, case = await build_office(database), await build_accepted_case(database)

    letter = await build_sent_letter(database, case, office)

    assert (letter.answer_days, letter.answer_basis, letter.answer_by) == (5, "测试规程第六条", date(2026, 11, 30))


async def test_nobody_is_asked_about_whoever_has_not_signed_or_has_withdrawn(database):
    office, case = await build_office(database), await build_accepted_case(database)
    written = await write_letter(database, case, office)
    sent = await build_sent_letter(database, case, office)
    await _withdraw(database, case)

    for act in (write_letter(database, case, office), send_letter(database, case, office, written),
                answer_letter(database, case, office, sent)):  # fmt: skip
        with pytest.raises(AuthorisationMissing):
            await act
    assert (await write_letter(database, case, office, member_id=case.member("spouse"))).status == Status.WRITTEN
    with pytest.raises(MemberNotFound):
        await write_letter(database, case, office, member_id=new_id())


async def test_a_withdrawal_ends_the_letters_about_that_member_and_no_others(database):
    office, case = await build_office(database), await build_accepted_case(database)
    about_self = await build_sent_letter(database, case, office)
    about_spouse = await build_sent_letter(database, case, office, member_id=case.member("spouse"))
    await _withdraw(database, case)

    event = await _told(database, "application.authorisation_withdrawn")
    for _ in range(2):
        await cancel_letters_about(database, event)

    assert (await letter_as_it_stands(database, case, about_self)).status == Status.CANCELLED
    assert (await letter_as_it_stands(database, case, about_spouse)).status == Status.SENT
    assert "evidence_letter" in await open_kinds(database, case)


async def test_the_database_holds_a_letter_to_the_authorisation_of_whom_it_is_about(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await write_letter(database, case, office)

    with pytest.raises(IntegrityError, match="evidence_letters_authorised_fkey"):
        async with database.unit_of_work() as db:
            await db.execute(text("UPDATE evidence_letters SET member_id = :other"), {"other": case.member("spouse")})


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"form": Form.PERSON, "name": "测试乙"}, [("/addressee/name", "of_household")]),
        (
            {"kind": AddresseeKind.SCHOOL, "questions": [Question.ENROLMENT, Question.WAGES]},
            [("/asked/1", "not_of_addressee")],
        ),
        ({"questions": [Question.OTHER]}, [("/words", "required")]),
        ({"words": "可电询19000660003。"}, [("/words", "says_too_much")]),
        ({"words": "其配偶测试乙是否同住？"}, [("/words", "says_too_much")]),
        ({"words": "其配偶测试 乙是否同住？"}, [("/words", "says_too_much")]),
        ({"words": "其配偶测试\u200b乙是否同住？"}, [("/words", "says_too_much")]),
        ({"words": "可电询１９０.００６６/０００３。"}, [("/words", "says_too_much")]),
        ({"words": "该人申请最低 生活保障，请说明工种。"}, [("/words", "says_too_much")]),
        ({"words": "请说明工种。\n逾期不复的，依法处罚。"}, [("/words", "line_break")]),
        ({"words": "请说明工种。\u2028逾期不复的，依法处罚。"}, [("/words", "line_break")]),
        ({"name": "测试纺织厂（测试乙）"}, [("/addressee/name", "says_too_much")]),
        ({"name": "测试纺织厂（低保）"}, [("/addressee/name", "says_too_much")]),
        ({"name": "测试纺织厂\n测试车间"}, [("/addressee/name", "line_break")]),
        ({"form": Form.PERSON, "name": "测试乙之友"}, [("/addressee/name", "says_too_much")]),
        ({"address": "测试路1号，电话19000660003"}, [("/addressee/address", "says_too_much")]),
    ],
)
async def test_a_letter_asks_somebody_outside_what_he_can_know_and_says_the_least(database, given, faults):
    office, case = await build_office(database), await build_accepted_case(database)

    assert await _faults(database, case, office, **given) == faults


@pytest.mark.parametrize("code", PROGRAMS)
def test_no_program_is_told_by_its_name(code):
    assert says_too_much(f"该人正在办理{read_service_item(code).name.zh}。", [])


async def test_an_organisation_may_carry_the_name_of_somebody_in_the_household(database):
    office, case = await build_office(database), await build_accepted_case(database)

    for name in ("测试乙", "测试乙服装店"):
        letter = await write_letter(database, case, office, name=name, words="该员工2026年10月1日起是否在岗？")
        assert letter.status == Status.WRITTEN


async def test_the_printed_letter_says_whom_it_is_about_and_nothing_of_the_case(database):
    office, case = await build_office(database), await build_accepted_case(database)
    asked = await write_letter(database, case, office, words="请说明工种。")

    letter = await build_letter(database, Occasion(Kind.EVIDENCE, case.id, asked.id))

    async with database.reading() as db:
        body = open_letter(db, letter)
        number = case.household.members[0][1].id_number
        receipt = await db.scalar(text("SELECT number FROM applications"))
    said = "".join([body["title"], *body["before"], *body["points"], *body["after"], *body["law"]])
    assert (letter.citizen_id, body["addressee"], body["application_number"]) == (None, "测试纺织厂", None)
    assert body["authority"]["name"] == "宝华镇人民政府"
    assert body["before"][1] == f"所涉人员：测试甲（身份证件号码末四位{number[-4:]}），已依法授权核查。"
    assert body["points"][-1] == "请说明工种。"
    assert "10个工作日内" in body["after"][0]
    assert body["law"] == ["社会救助法第四十三条", "社会救助法第十一条"]
    assert not [each for each in (receipt, number, "低保", "最低生活", "测试乙", "测试村", "测试路") if each in said]


async def test_what_was_taken_back_before_it_was_printed_is_not_printed(database):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await write_letter(database, case, office)
    await _withdraw(database, case)
    await cancel_letters_about(database, await _told(database, "application.authorisation_withdrawn"))

    await print_letter(database, await _told(database, EvidenceAsked.type))

    assert (await letter_as_it_stands(database, case, letter)).status == Status.CANCELLED
    async with database.reading() as db:
        assert (await db.scalars(select(Letter).where(Letter.kind == Kind.EVIDENCE))).all() == []


async def _told(database, kind):
    async with database.reading() as db:
        record = (await db.execute(select(EventRecord).where(EventRecord.type == kind))).scalar_one()
    return rebuild(record.type, record.subject, record.county, record.data)


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 24)])
async def test_a_letter_is_sent_after_it_was_written_and_not_ahead(database, day):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await write_letter(database, case, office)

    with pytest.raises(SurveyDateInvalid):
        await send_letter(database, case, office, letter, sent_on=day)

    assert (await letter_as_it_stands(database, case, letter)).status == Status.WRITTEN


async def test_one_alone_sends_no_letter_nor_does_a_relative_of_the_household_sign_one(database):
    office, case = await build_office(database), await build_accepted_case(database)
    letter = await write_letter(database, case, office)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.TOWNSHIP_HANDLER, "532529104000")

    with pytest.raises(TwoInvestigatorsRequired):
        await send_letter(database, case, office, letter, investigators=[str(office.handler.id)])
    with pytest.raises(InvestigatorNotAllowed):
        await send_letter(database, case, office, letter, investigators=[str(stranger.id)])
    await register(database, office.county_1, case.id, case.member("self"), office.second)
    with pytest.raises(ConflictOfInterest):
        await send_letter(database, case, office, letter)

    async with database.reading() as db:
        assert not await list_visits(db, case.id)


async def test_only_the_township_asks_and_only_while_it_surveys(database):
    office, case = await build_office(database), await build_verified(database)
    for who in ("helper", "county_1", "confirmer"):
        with pytest.raises(RoleNotAllowed):
            await write_letter(database, case, replace(office, handler=getattr(office, who)))
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.TOWNSHIP_HANDLER, "532529104000")
    with pytest.raises(ApplicationNotFound):
        await write_letter(database, case, replace(office, handler=stranger))
    await visit(database, case, office)
    await opine(database, case, office)

    with pytest.raises(StepNotAllowed):
        await write_letter(database, case, office)
