"""One county with something at every address of the console, and whose data must be masked there."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest_asyncio
from sqlalchemy import select

from app.applications.commands import MemberDetails, escalate_task
from app.applications.commands.conflicts import SelfDeclared, register_self_declared
from app.applications.commands.entrustments import Wish, request_entrustment
from app.applications.entrustment_lifecycle import Ground
from app.applications.entrustment_lifecycle import Kind as EntrustmentKind
from app.applications.escalation_queries import Late
from app.applications.queries import find_payout_account, get_application, get_whole_application, list_open_steps
from app.applications.queues import EscalationLevel
from app.audit.purposes import Purpose
from app.core.ids import new_id
from app.disbursement.commands import build_payroll
from app.facts import FactKey, Item
from app.identity.actors import SYSTEM, Actor, Role
from app.identity.models import Citizen
from app.letters.kinds import Kind, Occasion
from app.notices.commands import object_to_notice
from app.notices.models import Notice, Objection
from app.reference.procedure import Authority
from app.relatives.commands import add_committee_member
from app.relatives.kinship import Kinship
from app.retention.commands import place_hold
from app.review.evidence_terms import Form, Question
from tests.builders import payrolls
from tests.builders.applications import ANSWERS, COUNTY, VILLAGE, Household
from tests.builders.awards import build_award, recipient_of
from tests.builders.campaigns import build_found
from tests.builders.complaints import build_assigned, reporter
from tests.builders.corrections import build_correction
from tests.builders.disputes import answer_again, build_dispute
from tests.builders.evidence import answer_letter, send_letter, write_letter
from tests.builders.exports import build_approved_export
from tests.builders.handovers import build_handover
from tests.builders.letters import build_letter
from tests.builders.people import build_citizen, build_staff, make_id_number
from tests.builders.relatives import declare, register
from tests.builders.review import build_accepted_case, build_office, opine, verify, visit
from tests.builders.standards import build_in_force, recompute, standard_draft
from tests.builders.verification import Case

BORN = date(1979, 8, 13)
WRITTEN, IN_WORDS = make_id_number(date(1955, 5, 5)), "9900660012345678903"  # in words of their own
REGISTERED = {
    FactKey.REGISTERED_NAME: "测试鸟号甲",
    FactKey.BIRTH_DATE: BORN,
    FactKey.HUKOU_DIVISION: VILLAGE,
    FactKey.HUKOU_HOUSEHOLD: "H660066",
}


@dataclass
class Seen:
    """A case, an award and a payroll in one county, and who may see all of it.

    `secrets`: what its people entered, by what it is; none of it may be shown whole.
    """

    case: Case
    ids: dict[str, UUID]
    supervisor: Actor
    handler: Actor  # of the complaint
    citizens: dict[str, UUID]
    secrets: dict[str, str]


@pytest_asyncio.fixture
async def seen(database) -> Seen:
    office, case = await build_office(database), await _build_canaries(database)
    await visit(database, case, office)
    asked = await write_letter(
        database,
        case,
        office,
        name="测试鸟厂",
        address="测试鸟路9号",
        form=Form.PERSON,
        questions=[Question.EMPLOYMENT, Question.OTHER],
        words="该人员是否在你处务工。",
    )
    await send_letter(database, case, office, asked)
    await answer_letter(database, case, office, asked, remarks=f"见{WRITTEN}、{IN_WORDS}，可询19000660003")
    await opine(database, case, office)
    async with database.unit_of_work() as db:
        notice = (await db.execute(select(Notice))).scalar_one()
        said = f"不属实，见{WRITTEN}、{IN_WORDS}，可询19000660003"
        await object_to_notice(db, notice.id, statement=said, name="测试鸟庚", phone="19000660001")
        objection = (await db.execute(select(Objection))).scalar_one()
        award, without_account = await build_award(db), await build_award(db)
        delegated = await get_application(db, SYSTEM, without_account.application_id)
        delegated.confirmed_by = Authority.TOWNSHIP
        await request_entrustment(
            db,
            office.handler,
            Wish(
                kind=EntrustmentKind.COMMITTEE,
                ground=Ground.ILLNESS,
                division=VILLAGE,
                name="测试鸟壬",
                id_number=make_id_number(date(1950, 3, 2)),
                phone=None,
                record="本人口述",
            ),
        )
        county = await payrolls.build_office(db)
        await db.delete(await find_payout_account(db, without_account.beneficiary_id))
        await db.flush()
        payroll = await build_payroll(db, county.handler, program="living_allowance", month=payrolls.DECEMBER)
        complaint, handler, _ = await build_assigned(
            db, by=reporter("测试鸟辛", "19000660002"), text=f"请核查{WRITTEN}，卡号{IN_WORDS}。"
        )
        supervisor = await build_staff(db, Role.SUPERVISOR, COUNTY)
        on_committee = await add_committee_member(db, office.handler, VILLAGE, "测试鸟委员", "member")
        application = await get_whole_application(db, SYSTEM, case.id, lock=True)
        said = SelfDeclared(case.member("self"), Kinship.SIBLING, "测试鸟官某")
        await register_self_declared(db, application, [said])
        (step,) = await list_open_steps(db, case.id)
        late = Late(step.id, case.id, step.kind, step.due_on)
        await escalate_task(db, late, EscalationLevel.COUNTY, step.due_on)
        await place_hold(db, supervisor, case.id, ground="audit", reason="审计抽查")
        correction = await build_correction(db, case, right=f"证号应为{WRITTEN}")
        dispute = await build_dispute(db, case)
        export = await build_approved_export(db, supervisor, purpose=Purpose.SUPERVISION)
    await answer_again(database, case, REGISTERED)
    await register(database, office.county_1, case.id, case.member("self"), office.second)
    await declare(database, office.handler, case.household, "spouse")
    handover = await build_handover(database, award.id)
    async with database.unit_of_work() as db:
        change = await build_in_force(db, standard_draft(area=COUNTY))
    await recompute(database, change)
    letter = await build_letter(database, Occasion(Kind.ACCEPTED, case.id, case.id))
    evidence = await build_letter(database, Occasion(Kind.EVIDENCE, case.id, asked.id))
    campaign = await build_found(database)
    ids = {
        "campaign_id": campaign.id,
        "staff_id": office.handler.id,
        "committee_member_id": on_committee.id,
        "application_id": case.id,
        "award_id": award.id,
        "payroll_id": payroll.id,
        "complaint_id": complaint.id,
        "export_id": export.id,
        "correction_id": correction.id,
        "dispute_id": dispute.id,
        "objection_id": objection.id,
        "handover_id": handover,
        "letter_id": letter.id,
        "evidence_letter_id": asked.id,
        "evidence_print_id": evidence.id,
        "change_id": change.id,
    }
    citizens = {"case": case.applicant.id, "award": recipient_of(award).id, "excluded": without_account.beneficiary_id}
    return Seen(case, ids, supervisor, handler, citizens, await _secrets_of(database, case))


async def _build_canaries(database) -> Case:
    """Make a household of which everything that is entered can be told from everybody else's."""
    numbers = make_id_number(BORN), make_id_number(date(1981, 2, 14))
    async with database.unit_of_work() as db:
        applicant = await build_citizen(db, name="测试鸟号甲", id_number=numbers[0])
    ill: dict[str, Any] = {"serious_illness": True, "disability": {"kind": "mental", "grade": 2}}
    members = (
        MemberDetails("self", "测试鸟号甲", numbers[0]),
        MemberDetails("spouse", "测试鸟号乙", numbers[1], ill),
    )
    household = Household(applicant, tuple((new_id(), each) for each in members))
    earner = str(household.members[0][0])
    income = {"member": earner, "kind": "wage", "detail": "测试鸟工", "amount_fen": 100, "period": "month"}
    spent = {"member": earner, "kind": "medical", "amount_fen": 100, "period": "month"}
    answers = {**ANSWERS, "income": [income], "expenses": [spent]}
    case = await build_accepted_case(database, household=household, answers=answers)
    await verify(database, case, {("self", Item.HOUSEHOLD_REGISTER): REGISTERED})
    return case


async def _secrets_of(database, case: Case) -> dict[str, str]:
    async with database.reading() as db:
        citizen = await db.get(Citizen, case.applicant.id)
        phone = db.vault.open("citizens.phone", citizen.id, citizen.phone_sealed)
    numbers = {f"id number of {details.relation}": details.id_number for _, details in case.household.members}
    names = {f"name of {details.relation}": details.name for _, details in case.household.members}
    return {
        **numbers,
        **names,
        "phone": phone,
        "address": "测试村一组1号",
        "account": "9900001234567890128",
        "birth date": BORN.isoformat(),
        "what is paid for": '"medical"',
        "kind of disability": '"mental"',
        "own words": "测试鸟工",
        "household number": "H660066",
        "who objected": "测试鸟庚",
        "phone of who objected": "19000660001",
        "who complained": "测试鸟辛",
        "phone of who complained": "19000660002",
        "committee member": "测试鸟委员",
        "named official": "测试鸟官某",
        "number written in words": WRITTEN,
        "account written in words": IN_WORDS,
        "phone written in words": "19000660003",
        "who was asked for evidence": "测试鸟厂",
        "where the letter for evidence went": "测试鸟路9号",
        "who is paid": "测试甲",
        "account that is paid": "9900001000",
    }
