"""Signing in: codes, tokens, refresh, real names."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.clock import FixedClock
from app.core.ids import new_id
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.identity.commands import add_staff, disable_staff
from app.identity.models import IdentityQuestion, OneTimeCode
from tests.builders.people import make_id_number

PHONE = "19000000001"


async def _code(database) -> str:
    async with database.reading() as db:
        row = (await db.execute(select(OneTimeCode).order_by(OneTimeCode.id.desc()).limit(1))).scalar_one()
        return db.vault.open("one_time_codes.code", row.id, row.code_sealed)


async def _tokens(anyone, database) -> dict:
    assert (await anyone.post("/v1/auth/otp", json={"phone": PHONE})).status_code == 202
    answer = await anyone.post("/v1/auth/applicant-tokens", json={"phone": PHONE, "code": await _code(database)})
    assert answer.status_code == 201
    return answer.json()


def _bearer(tokens: dict) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def test_a_code_opens_the_account_of_the_phone_once(anyone, database):
    tokens = await _tokens(anyone, database)

    again = await anyone.post("/v1/auth/applicant-tokens", json={"phone": PHONE, "code": await _code(database)})

    assert (again.status_code, again.json()["code"]) == (401, "code_rejected")
    me = (await anyone.get("/v1/me", headers=_bearer(tokens))).json()
    assert (me["phone_masked"], me["name"]) == ("190****0001", None)


async def test_after_five_wrong_attempts_the_right_code_is_refused_too(anyone, database):
    await anyone.post("/v1/auth/otp", json={"phone": PHONE})
    right = await _code(database)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        assert (await anyone.post("/v1/auth/applicant-tokens", json={"phone": PHONE, "code": wrong})).status_code == 401

    answer = await anyone.post("/v1/auth/applicant-tokens", json={"phone": PHONE, "code": right})

    assert answer.status_code == 401


async def test_a_sixth_code_within_ten_minutes_is_refused(anyone, clock: FixedClock):
    for _ in range(5):
        assert (await anyone.post("/v1/auth/otp", json={"phone": PHONE})).status_code == 202

    answer = await anyone.post("/v1/auth/otp", json={"phone": PHONE})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_codes")
    assert int(answer.headers["retry-after"]) > 0

    clock.advance(timedelta(minutes=11))
    assert (await anyone.post("/v1/auth/otp", json={"phone": PHONE})).status_code == 202


async def test_an_access_token_ends_after_its_time(anyone, database, clock: FixedClock):
    tokens = await _tokens(anyone, database)
    clock.advance(timedelta(seconds=tokens["expires_in"]))

    assert (await anyone.get("/v1/me", headers=_bearer(tokens))).status_code == 401


async def test_a_lost_refresh_answer_can_be_had_again_but_reuse_ends_the_session(anyone, database, clock: FixedClock):
    tokens = await _tokens(anyone, database)
    body = {"refresh_token": tokens["refresh_token"]}
    first = (await anyone.post("/v1/auth/refresh", json=body)).json()
    second = (await anyone.post("/v1/auth/refresh", json=body)).json()
    assert first["refresh_token"] == second["refresh_token"]

    clock.advance(timedelta(seconds=61))
    reused = await anyone.post("/v1/auth/refresh", json=body)

    assert reused.status_code == 401
    successor = await anyone.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert successor.status_code == 401
    assert (await anyone.get("/v1/me", headers=_bearer(first))).status_code == 401


async def test_after_signing_out_the_token_is_worth_nothing(anyone, database):
    tokens = await _tokens(anyone, database)

    assert (await anyone.post("/v1/auth/logout", headers=_bearer(tokens))).status_code == 204

    assert (await anyone.get("/v1/me", headers=_bearer(tokens))).status_code == 401


async def test_a_disabled_member_of_staff_is_out_with_the_next_request(anyone, database):
    async with database.unit_of_work() as db:
        member = await add_staff(db, "clerk", "correct horse", "测试经办", Role.TOWNSHIP_HANDLER, "532529103000")
    wrong = await anyone.post("/v1/auth/staff-tokens", json={"username": "clerk", "password": "wrong horse"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_rejected")
    tokens = (
        await anyone.post("/v1/auth/staff-tokens", json={"username": "clerk", "password": "correct horse"})
    ).json()
    assert (await anyone.get("/v1/console/applications", headers=_bearer(tokens))).status_code == 200

    async with database.unit_of_work() as db:
        await disable_staff(db, member.id)

    assert (await anyone.get("/v1/console/applications", headers=_bearer(tokens))).status_code == 401


async def test_a_real_name_is_kept_when_public_security_knows_it(anyone, database, partners):
    number = make_id_number()
    known = {FactKey.REGISTERED_NAME: "测试甲", FactKey.BIRTH_DATE: date(1980, 5, 17)}
    partners["public_security"].learn(Item.IDENTITY, number, known, date(2026, 1, 1))
    tokens = await _tokens(anyone, database)

    answer = await anyone.post(
        "/v1/auth/identity-verifications", json={"name": "测试甲", "id_number": number}, headers=_bearer(tokens)
    )

    assert (answer.status_code, answer.json()) == (201, {"name": "测试甲", "verified": True})
    other = await anyone.post(
        "/v1/auth/identity-verifications", json={"name": "测试乙", "id_number": number}, headers=_bearer(tokens)
    )
    assert (other.status_code, other.json()["code"]) == (422, "real_name_mismatch")


@pytest.mark.parametrize("reason", ["timeout", "error", "garbage"])
async def test_a_silent_agency_is_a_503_and_no_mismatch(anyone, database, partners, reason):
    partners["public_security"].fail(reason)
    tokens = await _tokens(anyone, database)

    answer = await anyone.post(
        "/v1/auth/identity-verifications",
        json={"name": "测试甲", "id_number": make_id_number()},
        headers=_bearer(tokens),
    )

    assert (answer.status_code, answer.json()["code"]) == (503, "agency_silent")
    assert "retry-after" in answer.headers
    async with database.reading() as db:
        asked = (await db.scalars(select(IdentityQuestion))).one()
    assert (asked.purpose, asked.authorisation, asked.operator) == ("real_name", "own_request", asked.citizen_id)
    assert asked.answered_at is None


@pytest.mark.parametrize(
    "missing",
    [
        {"purpose": None},
        {"purpose": ""},
        {"authorisation": None},
        {"authorisation": ""},
        {"operator": None},
        {"operator": new_id()},
        {"citizen_id": None},
    ],
)
async def test_the_database_refuses_a_question_without_grounds(database, missing):
    citizen = new_id()
    grounds = {"purpose": "real_name", "authorisation": "own_request", "operator": citizen, "citizen_id": citizen}
    question = IdentityQuestion(
        id=new_id(), item=Item.IDENTITY, partner="public_security", asked_at=database.clock.now(), **grounds | missing
    )

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            db.add(question)
