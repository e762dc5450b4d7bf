"""Every operation of the console on a case, tried by a close relative of the household: all are refused.

The list is read from the contract, so that an operation added later is tried as well, or has to be named here.
"""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest_asyncio

from app.api.common.contract_examples import example_of
from app.applications.queries import list_steps
from app.core.db import Database
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.letters.kinds import Kind, Occasion
from app.notices.jobs import end_notices
from app.verification.queries import find_current_report, list_checks
from tests.builders.applications import COUNTY
from tests.builders.complaints import build_filed
from tests.builders.corrections import build_correction
from tests.builders.disputes import answer_again, build_dispute
from tests.builders.handovers import build_handover
from tests.builders.letters import build_letter
from tests.builders.people import build_staff
from tests.builders.recoveries import build_recovery
from tests.builders.relatives import declare
from tests.builders.review import build_office, build_verified, decide, opine, visit
from tests.support.contract import contract

OF_A_CASE = frozenset(
    {
        "application_id",
        "check_id",
        "award_id",
        "complaint_id",
        "correction_id",
        "review_id",
        "decision_id",
        "letter_id",
        "task_id",
        "result_id",
        "promise_id",
        "recovery_id",
        "handover_id",
        "report_id",
        "dispute_id",
    }
)
# What lies at these is nobody's case; `conflict_id`: nobody finds the registrations about himself;
# `batch_id`: of a file of questions the lines about close relatives are left out: test_check_batches;
# `export_id`: the file leaves out the cases of close relatives of who takes it: tests/exports; `hold_id`: supervisors
# alone find holds: tests/api/console/test_legal_holds; `entrustment_id`: who applies for a relative, or saw that she
# wants it, decides nothing: the case that comes of it is a case like others; `campaign_id`: its lists leave out the
# cases of close relatives, and it decides on none: tests/api/console/test_campaigns.py.
OTHER = frozenset(
    {
        "payroll_id",
        "batch_id",
        "endpoint_id",
        "staff_id",
        "relative_id",
        "committee_member_id",
        "conflict_id",
        "export_id",
        "hold_id",
        "change_id",
        "campaign_id",
        "entrustment_id",
        "code",
        "partner_id",
    }
)
# Settling a pay line is refused by who it is paid to: tests/disbursement. The rest of a payroll is the whole county's:
# its amounts are those of the decisions, nobody types one, and two persons see to it.
BY_LINE = "/v1/console/payrolls/{payroll_id}/lines/{line_id}/settle"


@pytest_asyncio.fixture
async def case_of_a_relative(database: Database, clock) -> tuple[dict[str, UUID], Actor]:
    """A granted case with all that hangs on it, and a county handler whose brother applied."""
    office = await build_office(database)
    case = await build_verified(database)
    async with database.unit_of_work() as db:
        dispute = await build_dispute(db, case)
    await answer_again(database, case)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    decision = await decide(database, case, office)
    async with database.unit_of_work() as db:
        relative = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        number = await _number_of(db, case.id)
        complaint = (await build_filed(db, division=None, application_number=number)).complaint.id
        check = (await list_checks(db, case.id))[0].id
        report = await find_current_report(db, case.id)
        task = (await list_steps(db, case.id))[0].id
        correction = (await build_correction(db, case)).id
    await declare(database, relative, case.household)
    award = await _award_of(database, case.id)
    ids = {"application_id": case.id, "check_id": check, "award_id": award, "complaint_id": complaint}
    letter = await build_letter(database, Occasion(Kind.GRANTED, case.id, decision.id))
    ids |= {
        "dispute_id": dispute.id,
        "report_id": report.id,
        "correction_id": correction,
        "review_id": new_id(),
        "decision_id": decision.id,
    }
    ids |= {"letter_id": letter.id, "task_id": task, "recovery_id": await build_recovery(database, award)}
    ids["handover_id"] = await build_handover(database, award)
    ids["evidence_letter_id"] = new_id()
    return {**ids, "document_id": new_id(), "result_id": new_id(), "promise_id": new_id()}, relative


async def test_every_operation_on_a_case_refuses_a_close_relative(case_of_a_relative, sign_in):
    ids, relative = case_of_a_relative
    client = await sign_in(relative)
    answers: dict[str, tuple[int, str]] = {}
    for verb, path, operation in _of_a_case():
        url = re.sub(r"\{(\w+)\}", lambda found: str(ids[found[1]]), path)
        headers = {"Idempotency-Key": uuid4().hex, "If-Match": '"1"'}
        answer = await client.request(verb, url, json=_body(operation), headers=headers)
        answers[f"{verb} {path}"] = (answer.status_code, answer.json().get("code", ""))

    assert len(answers) > 25
    assert {name: got for name, got in answers.items() if got != (403, "conflict_of_interest")} == {}


async def test_another_person_of_the_same_post_is_not_refused(case_of_a_relative, sign_in, database):
    ids, _ = case_of_a_relative
    async with database.unit_of_work() as db:
        client = await sign_in(await build_staff(db, Role.COUNTY_HANDLER, COUNTY))

    for path in ("applications/{application_id}", "applications/{application_id}/review", "complaints/{complaint_id}"):
        assert (await client.get("/v1/console/" + path.format(**ids))).status_code == 200, path


async def test_lists_tell_a_relative_that_there_is_a_case_and_no_more(case_of_a_relative, sign_in):
    ids, relative = case_of_a_relative
    client = await sign_in(relative)

    listed = (await client.get("/v1/console/applications")).json()["items"]
    registered = (await client.get("/v1/console/conflicts")).json()["items"]

    assert [row["id"] for row in listed] == [str(ids["application_id"])]
    assert registered == []


def test_every_operation_of_the_console_says_what_it_is_about():
    known = OF_A_CASE | OTHER | {"document_id", "line_id", "evidence_letter_id"}
    unknown = {
        path
        for path in contract()["paths"]
        if path.startswith("/v1/console/") and not set(re.findall(r"\{(\w+)\}", path)) <= known
    }

    assert not unknown


def test_every_operation_on_a_case_says_that_it_may_refuse_a_relative():
    silent = {
        f"{verb} {path}"
        for verb, path, operation in [*_of_a_case(), *_operations(lambda path: path == BY_LINE)]
        if "conflict_of_interest" not in operation["responses"].get("403", {}).get("description", "")
    }

    assert not silent


def _of_a_case():
    return _operations(lambda path: OF_A_CASE & set(re.findall(r"\{(\w+)\}", path)))


def _operations(wanted):
    for path, item in contract()["paths"].items():
        if path.startswith("/v1/console/") and wanted(path):
            yield from ((verb.upper(), path, operation) for verb, operation in item.items())


def _body(operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return example_of(contract(), content["schema"]) if content else None


async def _number_of(db, application_id: UUID) -> str:
    from app.applications.models import Application

    return (await db.get(Application, application_id)).number


async def _award_of(database: Database, application_id: UUID) -> UUID:
    from app.awards.commands import open_award_of
    from app.review.queries import get_decision

    async with database.unit_of_work() as db:
        return (await open_award_of(db, application_id, (await get_decision(db, application_id)).id)).id
