"""A citizen sees everything done on the case, with proof, and who looked at the own data."""

import json
from datetime import timedelta

import pytest

from app.audit.signing import load_signer, write_new_key_file
from app.identity.actors import Role
from tests.builders.applications import COUNTY, TOWNSHIP, build_household, build_submitted
from tests.builders.people import build_citizen
from tests.builders.records import build_records, seal_all
from tests.support.verifier import verifier


@pytest.fixture(scope="session")
def signer(tmp_path_factory):
    path = tmp_path_factory.mktemp("evidence") / "key.json"
    write_new_key_file(path)
    return load_signer(path)


@pytest.fixture
async def household(database):
    async with database.unit_of_work() as db:
        return await build_household(db)


@pytest.fixture
async def case(database, household):
    async with database.unit_of_work() as db:
        return await build_submitted(db, household)


async def test_every_entry_is_proved_to_the_signed_checkpoint(sign_in, staff, database, signer, household, case):
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    await handler.get(f"/v1/console/applications/{case.id}")
    await build_records(database, 30)
    await seal_all(database, signer)
    phone = await sign_in(household.applicant)

    answer = (await phone.get(f"/v1/applications/{case.id}/evidence")).json()

    # By handing in, the guardian signs for the child.
    done = ["application.read", "authorisation.sign", "application.submit"]
    assert [item["action"] for item in answer["items"][:3]] == done
    assert not any(item["pending"] for item in answer["items"])
    report = verifier.verify_answer(answer, [verifier.Key.read(signer.verifier_key)])
    assert (report.findings, report.sealed) == ([], len(answer["items"]))


async def test_what_is_not_sealed_yet_is_said_to_be_pending(sign_in, database, signer, household, case):
    phone = await sign_in(household.applicant)

    before = (await phone.get(f"/v1/applications/{case.id}/evidence")).json()
    await seal_all(database, signer)
    after = (await phone.get(f"/v1/applications/{case.id}/evidence")).json()

    assert before["checkpoint"] is None
    assert all(item["pending"] and item["inclusion_proof"] is None for item in before["items"])
    assert after["checkpoint"]["size"] >= len(before["items"])
    assert not any(item["pending"] for item in after["items"])


@pytest.mark.parametrize("member", ["actor_role", "purpose", "action", "after_digest", "at", "leaf", "inclusion_proof"])
async def test_an_entry_that_was_changed_on_the_way_is_not_proved(sign_in, database, signer, household, case, member):
    await seal_all(database, signer)
    answer = (await (await sign_in(household.applicant)).get(f"/v1/applications/{case.id}/evidence")).json()
    entry = answer["items"][0]
    forged = {
        "leaf": entry["leaf"].replace("own_application", "own_applicatiom"),
        "inclusion_proof": entry["inclusion_proof"][:-1],
        "at": "2026-11-23T12:00:09+08:00",
    }
    entry[member] = forged.get(member, "x")

    report = verifier.verify_answer(answer, [verifier.Key.read(signer.verifier_key)])

    assert report.findings


async def test_staff_are_told_by_role_and_level_and_others_shown_beside_are_not_told(
    sign_in, staff, database, household, case
):
    async with database.unit_of_work() as db:
        other = await build_submitted(db)
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)
    await handler.get("/v1/console/applications")
    phone = await sign_in(household.applicant)

    answer = await phone.get(f"/v1/applications/{case.id}/evidence")
    look = answer.json()["items"][0]

    assert (look["action"], look["actor_role"], look["actor_level"]) == ("application.list", "county_handler", "county")
    assert (look["look"], look["purpose"], look["object_id"]) == (True, "casework", None)
    assert str(other.id) not in answer.text
    assert str(other.applicant_id) not in answer.text
    assert "actor_id" not in json.loads(look["leaf"])


async def test_pages_of_evidence_go_to_the_end_once(sign_in, household, case):
    phone = await sign_in(household.applicant)
    whole = (await phone.get(f"/v1/applications/{case.id}/evidence")).json()["items"]

    first = (await phone.get(f"/v1/applications/{case.id}/evidence", params={"limit": 2})).json()
    rest = (await phone.get(f"/v1/applications/{case.id}/evidence", params={"cursor": first["next"]})).json()

    assert first["items"] + rest["items"] == whole
    assert rest["next"] is None


async def test_the_case_of_another_is_not_there(sign_in, database, case):
    async with database.unit_of_work() as db:
        stranger = await build_citizen(db)

    answer = await (await sign_in(stranger)).get(f"/v1/applications/{case.id}/evidence")

    assert (answer.status_code, answer.json()["code"]) == (404, "application_not_found")


async def test_a_citizen_sees_who_looked_and_why_and_only_at_the_own_data(
    sign_in, staff, database, clock, household, case
):
    async with database.unit_of_work() as db:
        other = await build_submitted(db)
    handler, supervisor = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP), await staff(Role.SUPERVISOR, COUNTY)
    await handler.get(f"/v1/console/applications/{case.id}")
    await handler.get(f"/v1/console/applications/{other.id}")
    clock.advance(timedelta(minutes=1))
    await supervisor.get("/v1/console/applications")
    phone = await sign_in(household.applicant)
    await phone.get(f"/v1/applications/{case.id}")

    items = (await phone.get("/v1/me/accesses")).json()["items"]

    told = [(each["action"], each["actor_role"], each["actor_division"], each["purpose"]) for each in items]
    assert told == [
        ("application.list", "supervisor", COUNTY, "supervision"),
        ("application.read", "township_handler", TOWNSHIP, "casework"),
    ]
    assert [each["application_id"] for each in items] == [None, str(case.id)]
    assert [each["sealed"] for each in items] == [False, False]


async def test_pages_of_accesses(sign_in, staff, household, case):
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    for _ in range(3):
        await handler.get(f"/v1/console/applications/{case.id}")
    phone = await sign_in(household.applicant)

    first = (await phone.get("/v1/me/accesses", params={"limit": 2})).json()
    second = (await phone.get("/v1/me/accesses", params={"limit": 2, "cursor": first["next"]})).json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)
