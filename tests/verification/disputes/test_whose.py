"""What can be disputed, by whom, and how a dispute ends without an answer."""

import pytest
from sqlalchemy import update

from app.applications.clocks import StepKind
from app.applications.commands import terminate_application, withdraw_authorisation
from app.applications.errors import ApplicationNotFound, ConflictOfInterest
from app.applications.models import Authorisation
from app.corrections.commands import request_correction
from app.corrections.errors import CorrectionObjectNotFound
from app.corrections.lifecycle import ObjectType
from app.corrections.queries import list_corrections
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.review.commands import refuse
from app.verification.commands import (
    cancel_void_checks,
    take_back_dispute,
)
from app.verification.dispute_lifecycle import LapseGround, Status
from app.verification.errors import (
    DisputeAlreadyOpen,
    DisputeNotFound,
    DisputeTakenBack,
    DisputeUnauthorised,
    FieldNotInReport,
    FindingOfAnother,
    NothingToDispute,
    ReportNotIssued,
    VerificationClosed,
)
from app.verification.queries import list_checks
from app.verification.report_queries import get_sight
from tests.builders.corrections import build_correction, wrong_about
from tests.builders.people import build_citizen, build_staff
from tests.builders.relatives import declare
from tests.builders.review import (
    REASONS,
    build_accepted_case,
    build_office,
    opine,
    react,
    steps_of,
    visit,
)
from tests.verification.disputes.cases import (
    OPEN_POINT,
    answer_all,
    answer_ticket,
    as_it_stands,
    case_with,
    dispute_it,
    questions,
    told_of_lapse,
)


async def withdraw(database, case, relation="self") -> None:
    """Withdraw the authorisation of one member, and let what is asked about that member be cancelled."""
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member(relation))
    async with database.unit_of_work() as db:
        await cancel_void_checks(db, case.id)


async def car_of(db, case, relation) -> dict:
    """Name what the register of vehicles said of a member, for a request for correction."""
    checks = await list_checks(db, case.id)
    asked = next(c for c in checks if (c.member_id, c.item) == (case.member(relation), Item.VEHICLES))
    return {"object_type": ObjectType.CHECK, "object_id": asked.id, "field": "vehicle_count"}


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
    case = await case_with(database)

    if refusal is None:
        assert (await dispute_it(database, case, **given)).status == Status.OPEN
        return
    with pytest.raises(refusal):
        await dispute_it(database, case, **given)
    assert await questions(database, case) == []


async def test_silence_is_not_disputed(database):
    case = await case_with(database, {}, silent={("self", Item.VEHICLES)})

    with pytest.raises(NothingToDispute):
        await dispute_it(database, case)


async def test_before_the_report_and_after_the_decision_nothing_is_disputed(database, clock):
    early, office = await build_accepted_case(database), await build_office(database)
    with pytest.raises(ReportNotIssued):
        await dispute_it(database, early)
    case = await case_with(database)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False, reasons=OPEN_POINT)
    async with database.unit_of_work() as db:
        await refuse(db, office.confirmer, case.id, reasons=REASONS)

    with pytest.raises(VerificationClosed):
        await dispute_it(database, case)


async def test_another_adult_disputes_what_was_found_about_him_and_the_applicant_does_not_see_it(database):
    case = await case_with(database, {("spouse", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 2}})
    details = next(each for _, each in case.household.members if each.relation == "spouse")
    async with database.unit_of_work() as db:
        spouse = await build_citizen(db, name=details.name, id_number=details.id_number)

    dispute = await dispute_it(database, case, by=spouse, of="spouse")

    assert dispute.citizen_id == spouse.id
    with pytest.raises(FindingOfAnother):
        await dispute_it(database, case, by=spouse, of="self")
    with pytest.raises(DisputeNotFound):
        async with database.unit_of_work() as db:
            await take_back_dispute(db, case.applicant, case.id, dispute.id)
    async with database.unit_of_work() as db:
        assert (await take_back_dispute(db, spouse, case.id, dispute.id)).status == Status.TAKEN_BACK


async def test_what_was_found_about_a_minor_is_the_applicants_to_dispute_and_his_own_once_between_them(database):
    balance = {FactKey.DEPOSIT_BALANCE: 900_000, FactKey.DEPOSIT_ACCOUNTS: 1}
    case = await case_with(database, {("child", Item.DEPOSITS): balance})
    details = next(each for _, each in case.household.members if each.relation == "child")
    async with database.unit_of_work() as db:
        child = await build_citizen(db, name=details.name, id_number=details.id_number)
    field = {"of": "child", "item": Item.DEPOSITS, "key": FactKey.DEPOSIT_BALANCE}

    assert (await dispute_it(database, case, by=child, **field)).citizen_id == child.id
    with pytest.raises(DisputeAlreadyOpen):
        await dispute_it(database, case, **field)


async def test_what_was_found_about_a_ward_is_disputed_by_the_guardian_who_signed(database):
    case = await case_with(database, {("spouse", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 2}})
    with pytest.raises(FindingOfAnother):
        await dispute_it(database, case, of="spouse")
    async with database.unit_of_work() as db:
        signed = Authorisation.member_id == case.member("spouse")
        by_guardian = {"method": "guardian", "signed_by_member_id": case.member("self")}
        await db.execute(update(Authorisation).where(signed).values(by_guardian))

    assert (await dispute_it(database, case, of="spouse")).citizen_id == case.applicant.id
    async with database.reading() as db:
        assert case.member("spouse") not in (await get_sight(db, case.applicant, case.id)).withheld


async def test_a_guardian_whose_signature_was_withdrawn_reads_nothing_of_the_ward_any_more(database):
    case = await case_with(database)
    async with database.unit_of_work() as db:
        signed = Authorisation.member_id == case.member("spouse")
        ended = {"method": "guardian", "signed_by_member_id": case.member("self"), "withdrawn_at": db.clock.now()}
        await db.execute(update(Authorisation).where(signed).values(ended))

    async with database.reading() as db:
        assert (await get_sight(db, case.applicant, case.id)).withheld == {case.member("spouse")}


async def test_a_stranger_finds_no_case_to_dispute_anything_in(database):
    case = await case_with(database)
    async with database.unit_of_work() as db:
        stranger = await build_citizen(db, name="测试丁")

    with pytest.raises(ApplicationNotFound):
        await dispute_it(database, case, by=stranger)


async def test_a_finding_that_was_taken_back_twice_is_not_disputed_again_unless_another_is_found(database):
    case = await case_with(database)
    for _ in range(2):
        dispute = await dispute_it(database, case)
        async with database.unit_of_work() as db:
            await take_back_dispute(db, case.applicant, case.id, dispute.id)

    with pytest.raises(DisputeTakenBack):
        await dispute_it(database, case)
    await answer_all(database, case, 2)

    assert (await dispute_it(database, case)).status == Status.OPEN


async def test_taken_back_nobody_waits_and_it_may_be_disputed_again(database):
    case = await case_with(database)
    dispute = await dispute_it(database, case)

    async with database.unit_of_work() as db:
        await take_back_dispute(db, case.applicant, case.id, dispute.id)

    assert (await steps_of(database, case.id))[StepKind.REPORT_DISPUTE].outcome == "taken_back"
    await answer_all(database, case, 1)
    assert (await dispute_it(database, case)).status == Status.OPEN


async def test_with_the_matters_end_it_lapses(database):
    case = await case_with(database)
    dispute = await dispute_it(database, case)
    async with database.unit_of_work() as db:
        await terminate_application(db, case.handler, case.id, reason="拒绝配合（测试）")

    await react(database, case)
    await react(database, case)

    lapsed = await as_it_stands(database, dispute)
    assert (lapsed.status, lapsed.lapsed_for) == (Status.LAPSED, LapseGround.MATTER_ENDED)
    assert await told_of_lapse(database, case) == [(str(case.applicant.id), str(dispute.id), "matter_ended")]


async def test_about_who_withdrew_nothing_is_disputed_and_the_office_corrects_when_asked_to(database):
    case = await case_with(database)
    await withdraw(database, case)

    with pytest.raises(DisputeUnauthorised):
        await dispute_it(database, case)

    assert await questions(database, case) == []
    assert {StepKind.REPORT_DISPUTE, StepKind.CORRECTION_LETTER}.isdisjoint(await steps_of(database, case.id))
    async with database.unit_of_work() as db:
        asked = await build_correction(db, case, **await car_of(db, case, "self"))
    assert (asked.status, asked.due_basis) == ("requested", "政务数据共享条例 第二十六条")


async def test_another_adult_who_withdrew_asks_for_a_correction_of_his_own_findings_and_of_no_other(database):
    case = await case_with(database, {("spouse", Item.VEHICLES): {FactKey.VEHICLE_COUNT: 2}})
    details = next(each for _, each in case.household.members if each.relation == "spouse")
    async with database.unit_of_work() as db:
        spouse = await build_citizen(db, name=details.name, id_number=details.id_number)
        own, others = await car_of(db, case, "spouse"), await car_of(db, case, "self")
    await withdraw(database, case, "spouse")

    with pytest.raises(DisputeUnauthorised):
        await dispute_it(database, case, by=spouse, of="spouse")
    for wrong in (others, {}):
        with pytest.raises(CorrectionObjectNotFound):
            async with database.unit_of_work() as db:
                await request_correction(db, spouse, case.id, wrong_about(case, **wrong))
    async with database.unit_of_work() as db:
        asked = await request_correction(db, spouse, case.id, wrong_about(case, **own))

    assert asked.citizen_id == spouse.id
    async with database.reading() as db:
        listed = [await list_corrections(db, who, status=None, after=None, limit=9) for who in (spouse, case.applicant)]
    assert [[each.id for each in rows] for rows in listed] == [[asked.id], []]


async def test_a_close_relative_and_another_county_answer_nothing(database):
    case, office = await case_with(database), await build_office(database)
    dispute = await dispute_it(database, case)
    await declare(database, office.county_1, case.household)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.COUNTY_HANDLER, "530627000000")

    with pytest.raises(ConflictOfInterest):
        await answer_ticket(database, office.county_1, dispute)
    with pytest.raises(DisputeNotFound):
        await answer_ticket(database, stranger, dispute)
