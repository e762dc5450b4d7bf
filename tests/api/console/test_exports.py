"""Exports over HTTP: recent proofs, the file's headers, and refusals that are problems."""

from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from app.identity.actors import Role
from app.identity.models import Session
from tests.builders.applications import COUNTY
from tests.builders.awards import build_award

URL = "/v1/console/exports"
WANTED: dict[str, Any] = {"kind": "awards", "purpose": "award_management", "reason": "季度抽查（测试）"}


@pytest_asyncio.fixture
async def desks(staff, database):
    """The county's handler and confirmer, signed in, and something to list."""
    async with database.unit_of_work() as db:
        await build_award(db)
    return await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.COUNTY_CONFIRMER, COUNTY)


async def _age_all_proofs(database, clock) -> None:
    async with database.unit_of_work() as db:
        await db.execute(update(Session).values(authenticated_at=clock.now() - timedelta(minutes=16)))


async def test_from_request_to_file(desks):
    handler, confirmer = desks

    asked = await handler.post(URL, json=WANTED)
    approved = await confirmer.post(f"{asked.headers['location']}/approve")
    file = await handler.get(f"{asked.headers['location']}/file")

    assert (asked.status_code, asked.json()["status"], asked.json()["actions"]) == (201, "requested", [])
    assert (approved.status_code, approved.json()["downloads_left"]) == (200, 3)
    assert file.status_code == 200
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["content-disposition"].endswith(f'awards-{asked.json()["id"]}.csv"')
    assert [row["id"] for row in (await confirmer.get(URL, params={"status": "approved"})).json()["items"]] == [
        asked.json()["id"]
    ]


async def test_a_rejected_one_says_why_and_has_no_file(desks):
    handler, confirmer = desks
    url = (await handler.post(URL, json=WANTED)).headers["location"]

    rejected = await confirmer.post(f"{url}/reject", json={"reason": "用途不明"})
    file = await handler.get(f"{url}/file")
    again = await confirmer.post(f"{url}/approve")

    assert (rejected.json()["status"], rejected.json()["reject_reason"]) == ("rejected", "用途不明")
    assert [(answer.status_code, answer.json()["code"]) for answer in (file, again)] == [(409, "step_not_allowed")] * 2


async def test_request_approval_and_taking_need_a_recent_proof(desks, database, clock):
    handler, confirmer = desks
    url = (await handler.post(URL, json=WANTED)).headers["location"]
    approved = (await handler.post(URL, json=WANTED)).headers["location"]
    await confirmer.post(f"{approved}/approve")
    await _age_all_proofs(database, clock)

    answers = [
        await handler.post(URL, json=WANTED),
        await confirmer.post(f"{url}/approve"),
        await confirmer.post(f"{url}/reject", json={"reason": "用途不明"}),
        await handler.get(f"{approved}/file"),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "step_up_required")}
    assert (await handler.get(url)).json()["status"] == "requested"
    assert (await handler.get(approved)).json()["downloads_left"] == 3


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "everything"}, 422, "input_invalid"),
        ({"reason": ""}, 422, "input_invalid"),
        ({"month": "2026-13"}, 422, "input_invalid"),
        ({"columns": ["id_number"]}, 422, "column_unknown"),
        ({"unmasked_fields": ["number"]}, 422, "column_unknown"),
        ({"purpose": "supervision"}, 403, "purpose_not_of_this_post"),
        ({"division": "530627000000"}, 403, "outside_your_division"),
        ({"division": "000000000001"}, 400, "division_malformed"),
    ],
)
async def test_what_cannot_be_asked_for_is_a_problem_and_changes_nothing(desks, change, status, code):
    handler, _ = desks

    answer = await handler.post(URL, json={**WANTED, **change})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await handler.get(URL)).json()["items"] == []
