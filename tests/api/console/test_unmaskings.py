"""One field in clear, for a purpose, on record: who may, who may not, and what the citizen reads of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import func, select, update

from app.audit.commands import open_reason
from app.audit.models import AuditRecord
from app.core.ids import new_id
from app.idempotency.models import KeptAnswer
from app.identity.actors import Role
from app.identity.models import Session
from app.limits.policies import UNMASKINGS
from app.unmasking.fields import ROLES, MaskedField, MaskedObject
from app.unmasking.openers import OPENERS
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.people import build_staff
from tests.builders.relatives import declare
from tests.builders.review import build_verified
from tests.builders.verification import Case

URL = "/v1/console/unmaskings"
ELSEWHERE = "530627000000"


def _ask(object_type: str, object_id: UUID, field: str, purpose: str = "casework") -> dict[str, str]:
    return {
        "object_type": object_type,
        "object_id": str(object_id),
        "field": field,
        "purpose": purpose,
        "reason": "电话核实（测试）",
    }


@pytest_asyncio.fixture
async def case(database) -> Case:
    return await build_verified(database)


async def _looks(database) -> list[AuditRecord]:
    async with database.reading() as db:
        query = select(AuditRecord).where(AuditRecord.look).order_by(AuditRecord.id)
        return list((await db.execute(query)).scalars())


async def test_a_masked_field_is_opened_by_itself_and_on_record(case, staff, database):
    client = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    spouse = case.member("spouse")

    name = await client.post(URL, json=_ask("member", spouse, "name"))
    number = await client.post(URL, json=_ask("member", spouse, "id_number"))

    assert (name.status_code, name.json()["value"]) == (200, "测试乙")
    assert number.json() == {
        "object_type": "member",
        "object_id": str(spouse),
        "field": "id_number",
        "value": case.number("spouse"),
    }
    looks = await _looks(database)
    assert [(look.action, look.purpose) for look in looks] == [
        ("unmask.name", "casework"),
        ("unmask.id_number", "casework"),
    ]
    assert {(look.object_id, *look.applications, *look.citizens) for look in looks} == {
        (spouse, case.id, case.applicant.id)
    }
    async with database.reading() as db:
        assert open_reason(db, looks[0]) == "电话核实（测试）"
    assert "电话核实" not in str(looks[0].detail)


async def test_every_field_of_an_application_opens_to_what_was_entered(case, staff):
    client = await staff(Role.COUNTY_HANDLER, COUNTY)

    values = {
        field: (await client.post(URL, json=_ask("application", case.id, field))).json()["value"]
        for field in ("name", "address", "account", "answers")
    }

    assert values["name"] == "测试甲"
    assert values["address"] == "测试村一组1号"
    assert values["account"] == "9900001234567890128"
    assert values["answers"].startswith('{"income":')


async def test_the_citizen_reads_which_field_was_seen_and_why(case, staff, sign_in):
    client = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    await client.post(URL, json=_ask("application", case.id, "phone", "verification"))

    [seen] = (await (await sign_in(case.applicant)).get("/v1/me/accesses")).json()["items"]

    assert (seen["action"], seen["field"], seen["purpose"]) == ("unmask.phone", "phone", "verification")
    assert seen["application_id"] == str(case.id)


@pytest.mark.parametrize(
    ("role", "division", "field", "purpose", "status", "code"),
    [
        (Role.TOWNSHIP_HANDLER, ELSEWHERE[:6] + "001000", "name", "casework", 404, "application_not_found"),
        (Role.FINANCE, COUNTY, "account", "disbursement", 404, "application_not_found"),
        (Role.ADMINISTRATOR, COUNTY, "name", "administration", 404, "application_not_found"),
        (Role.VILLAGE_HELPER, TOWNSHIP, "phone", "casework", 403, "role_not_allowed"),
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, "account", "casework", 403, "role_not_allowed"),
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, "phone", "disbursement", 403, "purpose_not_of_this_post"),
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, "phone", "own_application", 403, "purpose_not_of_this_post"),
        (Role.SUPERVISOR, COUNTY, "phone", "casework", 403, "purpose_not_of_this_post"),
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, "reporter_name", "casework", 422, "field_not_of_object"),
    ],
)
async def test_who_has_no_business_with_a_field_is_refused_and_sees_nothing(
    case, staff, database, role, division, field, purpose, status, code
):
    client = await staff(role, division)

    answer = await client.post(URL, json=_ask("application", case.id, field, purpose))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await _looks(database) == []


async def test_a_member_elsewhere_is_answered_like_one_that_does_not_exist(case, staff):
    client = await staff(Role.TOWNSHIP_HANDLER, ELSEWHERE[:6] + "001000")

    answers = [
        await client.post(URL, json=_ask("member", member, "name")) for member in (case.member("self"), new_id())
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "member_not_found")}


async def test_a_close_relative_opens_nothing_of_the_case(case, database, sign_in):
    async with database.unit_of_work() as db:
        relative = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    await declare(database, relative, case.household)
    client = await sign_in(relative)

    for object_type, object_id, field in (
        ("application", case.id, "name"),
        ("member", case.member("spouse"), "id_number"),
        ("member", case.member("self"), "registered_name"),
    ):
        answer = await client.post(URL, json=_ask(object_type, object_id, field))
        assert (answer.status_code, answer.json()["code"]) == (403, "conflict_of_interest"), field
    assert await _looks(database) == []


async def test_that_nothing_was_entered_is_a_look_like_any_other(case, staff, database, sign_in):
    client = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    answer = await client.post(URL, json=_ask("member", case.member("self"), "disability"))

    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_to_unmask")
    [look] = await _looks(database)
    assert (look.action, look.purpose, look.citizens) == ("unmask.disability", "casework", [case.applicant.id])
    [read] = (await (await sign_in(case.applicant)).get("/v1/me/accesses")).json()["items"]
    assert read["field"] == "disability"


async def test_a_recent_proof_is_needed_and_a_reason(case, staff, clock, database):
    client = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    for reason in ("", "很" * 201):
        answer = await client.post(URL, json={**_ask("application", case.id, "phone"), "reason": reason})
        assert answer.status_code == 422

    assert (await client.post(URL, json=_ask("application", case.id, "phone"))).status_code == 200
    async with database.unit_of_work() as db:
        await db.execute(update(Session).values(authenticated_at=clock.now() - timedelta(minutes=16)))
    late = await client.post(URL, json=_ask("application", case.id, "phone"))

    assert (late.status_code, late.json()["code"]) == (403, "step_up_required")
    assert len(await _looks(database)) == 1


async def test_the_days_unmaskings_are_counted_by_person_also_those_refused(case, staff, monkeypatch):
    narrow = replace(UNMASKINGS, quota=2)
    monkeypatch.setattr("app.api.console.unmaskings.UNMASKINGS", narrow)
    one, another = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP), await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    answers = [
        await one.post(URL, json=_ask("application", new_id(), "phone")),
        *[await one.post(URL, json=_ask("application", case.id, "phone")) for _ in range(2)],
        await another.post(URL, json=_ask("application", case.id, "phone")),
    ]

    assert [answer.status_code for answer in answers] == [404, 200, 429, 200]
    assert UNMASKINGS.secret, "no setting widens it"


async def test_the_value_is_kept_nowhere_for_a_request_sent_again(case, staff, database):
    client = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    headers = {"Idempotency-Key": "unmask-once-and-again"}

    for _ in range(2):
        answer = await client.post(URL, json=_ask("application", case.id, "phone"), headers=headers)
        assert answer.status_code == 200

    async with database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(KeptAnswer)) == 0
    assert len(await _looks(database)) == 2


def test_each_field_there_is_has_its_roles_and_its_door():
    assert ROLES.keys() == OPENERS.keys()
    assert {field for _, field in ROLES} == set(MaskedField)
    assert {kind for kind, _ in ROLES} == set(MaskedObject)
