"""What staff see of a household, and what must not be written where everybody can read it."""

import asyncpg
import pytest

from app.identity.actors import Role
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE, build_household, build_submitted

TELLING = "拒绝配合 539900198005170012 电话 19000000001"


async def _everything(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        dump = []
        for row in tables:
            dump += [str(dict(each)) for each in await connection.fetch(f'SELECT * FROM "{row["relname"]}"')]
        return "\n".join(dump)
    finally:
        await connection.close()


async def test_what_staff_write_about_a_household_is_sealed_and_reaches_the_applicant(
    staff, sign_in, database, database_url
):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_submitted(db, household)
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    phone = await sign_in(household.applicant)
    url = f"/v1/console/applications/{application.id}"

    await handler.post(f"{url}/return", json={"missing": [TELLING]})
    assert (await phone.get(f"/v1/applications/{application.id}")).json()["missing"] == [TELLING]
    await handler.post(f"{url}/terminate", json={"reason": TELLING})
    assert (await phone.get(f"/v1/applications/{application.id}")).json()["ended_reason"] == TELLING

    assert "539900198005170012" not in await _everything(database_url)


async def test_a_household_whose_member_withdrew_is_not_accepted(staff, sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_submitted(db, household)
    phone = await sign_in(household.applicant)
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    spouse = household.members[1][0]
    assert (await phone.delete(f"/v1/applications/{application.id}/authorisations/{spouse}")).status_code == 204

    answer = await handler.post(f"/v1/console/applications/{application.id}/accept", json={})

    assert (answer.status_code, answer.json()["code"]) == (409, "authorisation_missing")
    assert (await handler.get(f"/v1/console/applications/{application.id}")).json()["status"] == "submitted"


async def test_a_village_helper_sees_who_applied_and_no_more(staff, database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    helper = await staff(Role.VILLAGE_HELPER, VILLAGE)

    listed = (await helper.get("/v1/console/applications")).json()["items"]
    file = await helper.get(f"/v1/console/applications/{application.id}")

    assert [row["number"] for row in listed] == [application.number]
    assert (file.status_code, file.json()["code"]) == (403, "role_not_allowed")


async def test_finance_and_administrators_do_without_applications(staff, database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    for role in (Role.FINANCE, Role.ADMINISTRATOR):
        member = await staff(role, COUNTY)
        assert (await member.get("/v1/console/applications")).json()["items"] == []
        assert (await member.get(f"/v1/console/applications/{application.id}")).status_code == 404


async def test_a_role_is_given_only_at_its_own_level(staff):
    admin = await staff(Role.ADMINISTRATOR, COUNTY)
    body = {"username": "two-rights", "password": "correct-Horse-9", "name": "测试经办", "role": "county_confirmer"}

    answer = await admin.post("/v1/console/staff", json={**body, "division": TOWNSHIP})

    assert (answer.status_code, answer.json()["code"]) == (422, "role_not_for_division")


async def test_nobody_hears_an_old_answer_again_after_signing_out(sign_in, applicant):
    phone = await sign_in(applicant)
    key = {"Idempotency-Key": "the-same-key-twice"}
    draft = {"program": "living_allowance", "division": VILLAGE}
    assert (await phone.post("/v1/applications", json=draft, headers=key)).status_code == 201
    assert (await phone.post("/v1/auth/logout")).status_code == 204

    assert (await phone.post("/v1/applications", json=draft, headers=key)).status_code == 401


async def test_what_was_not_answered_is_not_taken_for_nothing(sign_in, database):
    from app.applications.household import put_answers
    from app.applications.models import Application
    from tests.builders.applications import build_draft

    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_draft(db, household)
        put_answers(db, await db.get(Application, application.id), {"income": []})
    phone = await sign_in(household.applicant)

    answer = await phone.post(f"/v1/applications/{application.id}/submit", json={"truth_promised": True})

    assert answer.status_code == 422
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/answers/expenses", "/answers/property", "/answers/supporters"}


@pytest.mark.parametrize(("said", "status"), [("text/plain", 415), ("application/json", 400)])
async def test_a_deep_body_is_refused_whatever_it_says_it_is(anyone, said, status):
    headers = {"Content-Type": said, "Idempotency-Key": "a-deep-body-0001"}

    answer = await anyone.post("/v1/auth/otp", content=b"[" * 100_000, headers=headers)

    assert answer.status_code == status
