"""The status look-up goes straight to the database: nothing of what guards other reads may be lost on the way."""

from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update

from app.applications.commands import discard_draft, withdraw_application
from app.identity.models import Session
from tests.builders.applications import build_accepted, build_draft, build_household


@pytest_asyncio.fixture
async def household(database):
    async with database.unit_of_work() as db:
        return await build_household(db)


@pytest_asyncio.fixture
async def application(database, household):
    async with database.unit_of_work() as db:
        return await build_accepted(db, household)


@pytest_asyncio.fixture
async def owner(sign_in, household):
    return await sign_in(household.applicant)


@pytest.fixture
def address(application) -> str:
    return f"/v1/applications/{application.id}/timeline"


async def test_it_shows_the_way_in_order(owner, address):
    answer = (await owner.get(address)).json()

    assert [(step["kind"], step["state"]) for step in answer["steps"]] == [
        ("acceptance", "done"),
        ("verification", "open"),
        ("survey", "open"),
    ]
    assert (answer["status"], answer["waiting_for"]) == ("accepted", "agencies")


async def test_it_is_nobody_elses(phone, address):
    assert (await phone.get(address)).json()["code"] == "application_not_found"


async def test_a_revoked_session_sees_nothing_although_its_token_was_good_before(owner, database, household, address):
    assert (await owner.get(address)).status_code == 200
    async with database.unit_of_work() as db:
        await db.execute(
            update(Session).where(Session.subject_id == household.applicant.id).values(revoked_at=db.clock.now())
        )

    assert (await owner.get(address)).status_code == 401


async def test_a_token_ends_although_it_was_good_before(owner, clock, address):
    assert (await owner.get(address)).status_code == 200
    clock.advance(timedelta(hours=1))

    assert (await owner.get(address)).status_code == 401


async def test_a_discarded_draft_has_none(owner, database, household):
    async with database.unit_of_work() as db:
        draft = await build_draft(db, household)
        await discard_draft(db, household.applicant, draft.id)

    assert (await owner.get(f"/v1/applications/{draft.id}/timeline")).status_code == 404


async def test_a_draft_has_an_empty_one(owner, database, household):
    async with database.unit_of_work() as db:
        draft = await build_draft(db, household)

    assert (await owner.get(f"/v1/applications/{draft.id}/timeline")).json()["steps"] == []


async def test_who_has_it_is_told_so_until_it_changes(owner, database, household, application, address):
    etag = (await owner.get(address)).headers["etag"]
    again = await owner.get(address, headers={"If-None-Match": etag})
    async with database.unit_of_work() as db:
        await withdraw_application(db, household.applicant, application.id)
    changed = await owner.get(address, headers={"If-None-Match": etag})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (changed.status_code, changed.json()["status"]) == (200, "withdrawn")


async def test_who_has_it_in_another_language_does_not_have_it(owner, address):
    chinese = (await owner.get(address)).headers["etag"]
    english = await owner.get(address, headers={"If-None-Match": chinese, "Accept-Language": "en"})

    assert english.json()["steps"][0]["title"] == "Acceptance"
    kept = {"If-None-Match": english.headers["etag"]}
    assert (await owner.get(address, headers={**kept, "Accept-Language": "en"})).status_code == 304
    assert (await owner.get(address, headers=kept)).status_code == 200


async def test_a_strangers_copy_is_no_way_in(phone, owner, address):
    etag = (await owner.get(address)).headers["etag"]

    assert (await phone.get(address, headers={"If-None-Match": etag})).status_code == 404
