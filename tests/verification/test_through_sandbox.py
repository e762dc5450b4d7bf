"""A synthetic family checked by the sandbox's agencies, each in its own wire format."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.applications.commands import MemberDetails
from app.core.ids import new_id
from app.facts import NOT_JUDGED, FactKey, Item
from app.identity.actors import SYSTEM, Actor, Role
from app.partners.banking.adapter import read_late_reply
from app.partners.registry import build_batch_partners, build_partners
from app.reference.commands import LocalParameter, put_parameter
from app.sandbox.population import households
from app.verification.batch_jobs import gather_batches, work_batch
from app.verification.batch_models import CheckBatch
from app.verification.commands import take_late_answer
from app.verification.comparison import Difference
from app.verification.lifecycle import Status
from app.verification.queries import collect_facts, facts_found, find_current_report, open_report
from tests.builders.applications import COUNTY, Household
from tests.builders.people import build_citizen
from tests.builders.verification import PATIENCE, ask_all, build_opened, checks_of
from tests.partners.expected import expected
from tests.sandbox.outside import BASE, Outside, running_sandbox, settings_in

FAMILY = households()[0]


@dataclass(frozen=True)
class Real:
    """Agencies behind their adapters."""

    by_code: dict[str, Any]


@pytest.fixture
async def outside(tmp_path: Path):
    async with running_sandbox(settings_in(tmp_path)) as running:
        yield running


async def _apply(database):
    head = FAMILY.head
    async with database.unit_of_work() as db:
        applicant = await build_citizen(db, name=head.name, id_number=head.id_number)
    members = [(new_id(), MemberDetails(each.relation, each.name, each.id_number)) for each in FAMILY.members]
    declared = [
        {"kind": "deposit", "owner": str(members[0][0]), "value_fen": 186_035},
        {"kind": "dwelling", "owner": str(members[0][0])},
    ]
    household = Household(applicant, tuple(members))
    return await build_opened(database, household=household, answers={"property": declared})


async def _take_call_backs(database, outside: Outside) -> None:
    await outside.until(lambda: len(outside.received) >= len(FAMILY.members))
    for request in outside.received:
        async with database.unit_of_work() as db:
            await take_late_answer(db, Actor(SYSTEM.id, Role.PARTNER), "banking", read_late_reply(request.content))


async def test_a_family_is_checked_over_http_and_the_report_agrees_with_the_registers(database, outside):
    agencies: Any = Real(build_partners(outside.connections, outside.http))
    case = await _apply(database)

    await ask_all(database, agencies, case)
    await _take_call_backs(database, outside)

    assert {check.status for check in (await checks_of(database, case)).values()} == {Status.ANSWERED}
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        collected = await collect_facts(db, case.id)
        content = open_report(db, report)
    own, spouse = (str(member_id) for member_id, _ in case.household.members[:2])
    facts = collected.facts
    assert (report.complete, collected.unavailable) == (True, set())
    assert facts[own, FactKey.DEPOSIT_BALANCE].value == 186_035
    assert facts[spouse, FactKey.DEPOSIT_BALANCE].value == 42_000
    assert facts[own, FactKey.DWELLING_AREA].value == 725_000
    assert facts[own, FactKey.HUKOU_DIVISION].value == FAMILY.division
    fields = {field.key: field.difference for entry in content.members[0].entries for field in entry.fields}
    assert fields[FactKey.DEPOSIT_BALANCE] is Difference.MATCH
    assert fields[FactKey.DWELLING_COUNT] is Difference.MATCH
    assert fields[FactKey.MARITAL_STATUS] is Difference.MATCH


async def test_an_agency_that_loses_its_answers_is_asked_again_under_the_same_references(database, outside):
    agencies: Any = Real(build_partners(outside.connections, outside.http))
    case = await _apply(database)
    await outside.fault("public_security", "garbage", rate=0.5)

    for _ in range(6):
        await ask_all(database, agencies, case)
    await _take_call_backs(database, outside)

    checks = await checks_of(database, case)
    assert {check.status for check in checks.values()} == {Status.ANSWERED}
    seen = (await outside.http.get(f"{BASE}/agencies/public_security/questions")).json()
    references = {str(check.id) for check in checks.values() if check.partner == "public_security"}
    assert {question["reference"] for question in seen["questions"]} == references
    assert seen["times"] > len(references)


async def test_what_goes_by_file_comes_back_by_file_from_all_who_answer_so(database, outside, clock):
    # Nobody of this family is registered in another province.
    further = [item for item in Item if item in NOT_JUDGED - {Item.OTHER_PROVINCE}]
    async with database.unit_of_work() as db:
        for name, value in (("check_mode.deposits", "batch"), ("also_asked", [item.value for item in further])):
            await put_parameter(
                db, LocalParameter("procedure", name, COUNTY, value, "测试规程第九条", date(2026, 1, 1))
            )
    agencies: Any = Real(build_partners(outside.connections, outside.http))
    by_file = build_batch_partners(outside.connections, outside.http)
    case = await _apply(database)
    await ask_all(database, agencies, case)
    clock.advance(timedelta(hours=1))
    await gather_batches(database, patience=PATIENCE)

    for _ in range(2):  # sent, and read
        async with database.reading() as db:
            batches = list((await db.execute(select(CheckBatch))).scalars())
        for batch in batches:
            payload = {"batch": str(batch.id), "attempt": str(batch.attempts)}
            await work_batch(database, payload, partners=by_file, patience=PATIENCE)

    checks = await checks_of(database, case)
    assert {check.status for check in checks.values()} == {Status.ANSWERED}
    today = await outside.today()
    for item in (*further, Item.DEPOSITS):
        for (member_id, _), person in zip(case.household.members, FAMILY.members, strict=True):
            async with database.reading() as db:
                found = facts_found(db, checks[member_id, item])
            assert {key: fact.value for key, fact in found.items()} == (expected(person, item, today) or {})
    announced = {json.loads(request.content)["serial"] for request in outside.received}
    assert announced <= {batch.serial for batch in batches}
