"""Second factor and step-up."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app.core.clock import FixedClock
from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.models import SecondFactor
from app.identity.totp import code_at
from tests.api.common.signing_in import (
    COUNTY,
    FACTOR,
    LIST,
    PASSWORD,
    REFRESH,
    STAFF,
    STEP_UP,
    bearer,
    enrol,
    enter,
    refusal,
)
from tests.builders.people import build_staff

# Second factor.


async def test_an_authenticator_reads_the_address_and_its_code_signs_in(anyone, clerk, clock):
    tokens = await enter(anyone)
    shown = (await anyone.post(FACTOR, headers=bearer(tokens))).json()
    read = urlsplit(shown["otpauth_uri"])
    assert (read.scheme, read.netloc) == ("otpauth", "totp")
    assert parse_qs(read.query)["secret"] == [shown["secret"]]
    await enter(anyone)  # one that was not confirmed is not asked for
    body = {"totp_code": code_at(shown["secret"], clock.now())}
    await anyone.post(FACTOR + "/confirm", json=body, headers=bearer(tokens))
    clock.advance(timedelta(seconds=30))

    without = await anyone.post(STAFF, json={"username": "clerk", "password": PASSWORD})
    wrong_password = {"username": "clerk", "password": "wrong", "totp_code": code_at(shown["secret"], clock.now())}

    assert refusal(without) == (401, "second_factor_required")
    assert refusal(await anyone.post(STAFF, json=wrong_password)) == (401, "sign_in_rejected")
    assert (await enter(anyone, totp_code=code_at(shown["secret"], clock.now())))["scope"] == "full"


def test_codes_are_those_of_rfc_6238():
    # Appendix B, SHA-1: at 59 s 94287082, at 1111111109 s 07081804; the last six digits of each.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code_at(secret, datetime.fromtimestamp(59, UTC)) == "287082"
    assert code_at(secret, datetime.fromtimestamp(1111111109, UTC)) == "081804"


async def test_a_code_is_good_once_also_when_it_comes_many_times_at_once(anyone, clerk, clock):
    secret, _ = await enrol(anyone, await enter(anyone), clock)
    used_to_confirm = {"username": "clerk", "password": PASSWORD, "totp_code": code_at(secret, clock.now())}
    assert refusal(await anyone.post(STAFF, json=used_to_confirm)) == (401, "second_factor_rejected")
    clock.advance(timedelta(seconds=30))
    body = {**used_to_confirm, "totp_code": code_at(secret, clock.now())}

    answers = await asyncio.gather(*(anyone.post(STAFF, json=body) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 5


async def test_a_recovery_code_is_good_once_and_kept_as_a_keyed_hash(anyone, clerk, clock, database):
    tokens = await enter(anyone)
    _, codes = await enrol(anyone, tokens, clock)
    body = {"username": "clerk", "password": PASSWORD, "recovery_code": codes[0].lower()}

    assert (await anyone.post(STAFF, json=body)).status_code == 201
    assert refusal(await anyone.post(STAFF, json=body)) == (401, "second_factor_rejected")
    left = (await anyone.get(FACTOR, headers=bearer(tokens))).json()["recovery_codes_left"]
    assert left == len(codes) - 1
    async with database.reading() as db:
        factor = (await db.execute(select(SecondFactor))).scalar_one()
    assert codes[0].encode() not in factor.secret_sealed


async def test_where_it_is_required_a_password_alone_opens_nothing_but_the_enrolment(app, anyone, clerk, clock):
    settings = app.state.tools.settings.model_copy(update={"staff_second_factor": "required"})
    app.state.tools = replace(app.state.tools, settings=settings)
    tokens = await enter(anyone)
    assert tokens["scope"] == "enrolment"
    for method, path in (("GET", LIST), ("POST", "/v1/console/payrolls"), ("POST", STEP_UP)):
        answer = await anyone.request(method, path, headers=bearer(tokens), json={"password": PASSWORD})
        assert refusal(answer) == (403, "second_factor_missing"), path
    refreshed = (await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"]})).json()
    assert refreshed["scope"] == "enrolment"

    await enrol(anyone, refreshed, clock)

    assert (await anyone.get(LIST, headers=bearer(refreshed))).status_code == 200


def test_production_requires_it_and_the_sandbox_does_not(app):
    settings = app.state.tools.settings
    assert not settings.second_factor_required
    assert settings.model_copy(update={"environment": "production"}).second_factor_required


async def test_two_administrators_take_a_lost_authenticator_off(anyone, clerk, clock, staff, database):
    tokens = await enter(anyone)
    await enrol(anyone, tokens, clock)
    first, second = [await staff(Role.ADMINISTRATOR, COUNTY) for _ in range(2)]
    reset = f"/v1/console/staff/{clerk.id}/reset-second-factor"
    assert refusal(await anyone.post(reset, headers=bearer(tokens))) == (403, "role_not_allowed")
    assert (await first.post(reset)).json() == {"state": "asked"}
    assert (await first.post(reset)).json() == {"state": "asked"}

    assert (await second.post(reset)).json() == {"state": "done"}

    assert (await anyone.get(LIST, headers=bearer(tokens))).status_code == 401
    await enter(anyone)
    supervisor = await staff(Role.SUPERVISOR, COUNTY)
    acts = [record["action"] for record in (await supervisor.get("/v1/console/audit")).json()["items"]]
    assert {"second_factor.confirm", "second_factor.ask_reset", "second_factor.reset"} <= set(acts)


async def test_a_second_administrator_who_comes_a_day_later_is_the_first_again(anyone, clerk, clock, database, sign_in):
    await enrol(anyone, await enter(anyone), clock)
    async with database.unit_of_work() as db:
        first, second = [await build_staff(db, Role.ADMINISTRATOR, COUNTY) for _ in range(2)]
    reset = f"/v1/console/staff/{clerk.id}/reset-second-factor"
    await (await sign_in(first)).post(reset)
    clock.advance(timedelta(hours=24, seconds=1))

    assert (await (await sign_in(second)).post(reset)).json() == {"state": "asked"}


# Step-up.


async def _release(anyone, tokens: dict) -> tuple[int, str]:
    return refusal(await anyone.post(f"/v1/console/payrolls/{new_id()}/release", headers=bearer(tokens)))


async def _refresh(anyone, tokens: dict) -> dict:
    return (await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"]})).json()


@pytest.mark.parametrize("step", ["release", "reissue", "lines/{}/settle"])
async def test_what_moves_money_needs_a_recent_proof(anyone, clerk, clock: FixedClock, step):
    tokens = await enter(anyone)
    path = f"/v1/console/payrolls/{new_id()}/{step.format(new_id())}"
    clock.advance(timedelta(minutes=15, seconds=1))
    late = await _refresh(anyone, tokens)

    answer = await anyone.post(path, json={"outcome": "failed", "reason": "x"}, headers=bearer(late))

    assert refusal(answer) == (403, "step_up_required")
    assert answer.json()["step_up"] == STEP_UP


async def test_a_fresh_sign_in_is_a_recent_proof_and_so_is_a_step_up_for_its_session_only(anyone, clerk, clock):
    first, second = await enter(anyone), await enter(anyone)
    assert await _release(anyone, first) == (404, "payroll_not_found")
    clock.advance(timedelta(minutes=20))
    first, second = await _refresh(anyone, first), await _refresh(anyone, second)
    assert await _release(anyone, first) == (403, "step_up_required")

    wrong = await anyone.post(STEP_UP, json={"password": "wrong"}, headers=bearer(first))
    assert refusal(wrong) == (403, "proof_rejected")
    right = await anyone.post(STEP_UP, json={"password": PASSWORD}, headers=bearer(first))

    assert right.status_code == 201
    assert await _release(anyone, first) == (404, "payroll_not_found")
    assert await _release(anyone, second) == (403, "step_up_required")


async def test_an_authenticators_code_steps_up_once(anyone, clerk, clock):
    tokens = await enter(anyone)
    secret, _ = await enrol(anyone, tokens, clock)
    clock.advance(timedelta(minutes=10))
    body = {"totp_code": code_at(secret, clock.now())}

    assert (await anyone.post(STEP_UP, json=body, headers=bearer(tokens))).status_code == 201
    assert refusal(await anyone.post(STEP_UP, json=body, headers=bearer(tokens))) == (403, "proof_rejected")


async def test_after_ten_wrong_proofs_the_right_one_has_to_wait(anyone, clerk):
    tokens = await enter(anyone)
    for _ in range(10):
        await anyone.post(STEP_UP, json={"password": "wrong"}, headers=bearer(tokens))

    answer = await anyone.post(STEP_UP, json={"password": PASSWORD}, headers=bearer(tokens))

    assert refusal(answer) == (429, "too_many_requests")
    await enter(anyone)  # signing in is counted apart
