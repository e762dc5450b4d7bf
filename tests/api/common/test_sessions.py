"""Sessions: published keys, devices, the end of all at once, second factor, step-up, whom a lockout hits."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from jose import jwt
from sqlalchemy import select

from app.core.clock import FixedClock
from app.core.ids import new_id
from app.identity import passwords
from app.identity.actors import Role
from app.identity.commands import add_staff, disable_staff, move_staff, start_session
from app.identity.models import OneTimeCode, SecondFactor
from app.identity.totp import code_at
from tests.builders.people import build_staff

COUNTY, PASSWORD = "532529000000", "correct horse"
STAFF, OTP, TOKENS, REFRESH = (f"/v1/auth/{name}" for name in ("staff-tokens", "otp", "applicant-tokens", "refresh"))
LIST, STEP_UP, FACTOR = "/v1/console/applications", "/v1/auth/step-ups", "/v1/console/me/second-factor"
PHONE = "19000000001"
DEVICE, OTHER = "A" * 22, "B" * 22


@pytest_asyncio.fixture
async def clerk(database):
    async with database.unit_of_work() as db:
        return await add_staff(db, "clerk", PASSWORD, "测试经办", Role.FINANCE, COUNTY)


def _bearer(tokens: dict) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def _enter(anyone, **more) -> dict:
    answer = await anyone.post(STAFF, json={"username": "clerk", "password": PASSWORD, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _code(database) -> str:
    async with database.reading() as db:
        row = (await db.execute(select(OneTimeCode).order_by(OneTimeCode.id.desc()).limit(1))).scalar_one()
        return db.vault.open("one_time_codes.code", row.id, row.code_sealed)


async def _phone_in(anyone, database, **device) -> dict:
    await anyone.post(OTP, json={"phone": PHONE, **device})
    body = {"phone": PHONE, "code": await _code(database), **device}
    return (await anyone.post(TOKENS, json=body)).json()


async def _enrol(anyone, tokens: dict, clock) -> tuple[str, list[str]]:
    shown = (await anyone.post(FACTOR, headers=_bearer(tokens))).json()
    body = {"totp_code": code_at(shown["secret"], clock.now())}
    done = await anyone.post(FACTOR + "/confirm", json=body, headers=_bearer(tokens))
    assert done.status_code == 201, done.text
    return shown["secret"], shown["recovery_codes"]


def _refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# Published keys.


@pytest.mark.parametrize("path", ["/v1/auth/jwks", "/.well-known/jwks.json"])
async def test_whoever_has_the_published_keys_can_check_a_token(anyone, clerk, path):
    token = (await _enter(anyone))["access_token"]

    answer = await anyone.get(path)

    kid = jwt.get_unverified_header(token)["kid"]
    [key] = [key for key in answer.json()["keys"] if key["kid"] == kid]
    options = {"verify_exp": False, "verify_iat": False}
    claims = jwt.decode(token, key, algorithms=["ES256"], audience="dibao-api", options=options)
    assert claims["sub"] == str(clerk.id)
    assert "d" not in key
    assert answer.headers["cache-control"] == "public, max-age=300"
    again = await anyone.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


# Devices.


async def test_within_the_grace_the_same_device_gets_the_same_successor(anyone, database):
    body = {"refresh_token": (await _phone_in(anyone, database, device_id=DEVICE))["refresh_token"]}

    first, second = [await anyone.post(REFRESH, json={**body, "device_id": DEVICE}) for _ in range(2)]

    assert first.json()["refresh_token"] == second.json()["refresh_token"]


@pytest.mark.parametrize("device", [{"device_id": OTHER}, {}])
@pytest.mark.parametrize("was_used", [True, False])
async def test_elsewhere_a_refresh_token_ends_the_session(anyone, database, device, was_used):
    tokens = await _phone_in(anyone, database, device_id=DEVICE)
    body = {"refresh_token": tokens["refresh_token"]}
    if was_used:
        tokens = (await anyone.post(REFRESH, json={**body, "device_id": DEVICE})).json()

    stolen = await anyone.post(REFRESH, json={**body, **device})

    assert _refusal(stolen) == (401, "token_rejected")
    assert (await anyone.get("/v1/me", headers=_bearer(tokens))).status_code == 401
    own = await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"], "device_id": DEVICE})
    assert own.status_code == 401


async def test_a_client_that_named_no_device_goes_on_as_ever(anyone, database):
    tokens = await _phone_in(anyone, database)

    for device in ({}, {"device_id": OTHER}):
        answer = await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"], **device})
        assert answer.status_code == 201


async def test_a_code_is_good_on_the_device_that_asked_and_strangers_do_not_spend_it(anyone, database):
    await anyone.post(OTP, json={"phone": PHONE, "device_id": DEVICE})
    code = await _code(database)
    for device in ({}, {"device_id": OTHER}):
        for _ in range(6):
            answer = await anyone.post(TOKENS, json={"phone": PHONE, "code": code, **device})
            assert _refusal(answer) == (401, "code_rejected")

    own = await anyone.post(TOKENS, json={"phone": PHONE, "code": code, "device_id": DEVICE})

    assert own.status_code == 201


# The end of all sessions.


@pytest.mark.parametrize("audience", ["staff", "applicant"])
async def test_signing_out_everywhere_ends_every_session_with_the_next_request(anyone, database, clerk, audience):
    enter = (lambda: _enter(anyone)) if audience == "staff" else (lambda: _phone_in(anyone, database))
    read = LIST if audience == "staff" else "/v1/me"
    first, second = await enter(), await enter()

    assert (await anyone.post("/v1/auth/logout-everywhere", headers=_bearer(first))).status_code == 204

    for tokens in (first, second):
        assert (await anyone.get(read, headers=_bearer(tokens))).status_code == 401
        refreshed = await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"]})
        assert refreshed.status_code == 401
    assert (await anyone.get(read, headers=_bearer(await enter()))).status_code == 200


async def test_the_hot_read_of_the_timeline_knows_the_epoch_too(anyone, database):
    tokens = await _phone_in(anyone, database)
    path = f"/v1/applications/{new_id()}/timeline"
    assert (await anyone.get(path, headers=_bearer(tokens))).status_code == 404

    await anyone.post("/v1/auth/logout-everywhere", headers=_bearer(tokens))

    assert (await anyone.get(path, headers=_bearer(tokens))).status_code == 401


async def test_a_new_password_ends_all_sessions_and_the_old_password(anyone, clerk):
    first, second = await _enter(anyone), await _enter(anyone)
    body = {"present_password": PASSWORD, "new_password": "another horse 8"}
    wrong = {**body, "present_password": "wrong"}
    refused = await anyone.post("/v1/console/me/password", json=wrong, headers=_bearer(first))
    assert _refusal(refused) == (403, "proof_rejected")

    assert (await anyone.post("/v1/console/me/password", json=body, headers=_bearer(first))).status_code == 204

    for tokens in (first, second):
        assert (await anyone.get(LIST, headers=_bearer(tokens))).status_code == 401
    assert (await anyone.post(STAFF, json={"username": "clerk", "password": PASSWORD})).status_code == 401
    new = {"username": "clerk", "password": body["new_password"]}
    assert (await anyone.post(STAFF, json=new)).status_code == 201


async def test_a_sign_in_by_a_password_that_was_changed_meanwhile_does_not_stand(anyone, database, clerk, keys):
    async with database.unit_of_work() as db:
        epoch_before = 0
        await move_staff(db, clerk.id, Role.FINANCE, COUNTY)
        tokens = await start_session(db, keys, clerk.id, Role.FINANCE, epoch=epoch_before)

    bearer = {"Authorization": f"Bearer {tokens.access_token}"}
    assert (await anyone.get(LIST, headers=bearer)).status_code == 401


async def test_who_is_moved_has_to_sign_in_anew_and_who_is_closed_stays_out(anyone, database, clerk, staff):
    admin = await staff(Role.ADMINISTRATOR, COUNTY)
    tokens = await _enter(anyone)
    post = {"role": "supervisor", "division": COUNTY}

    moved = await admin.post(f"/v1/console/staff/{clerk.id}/move", json=post)

    assert (moved.status_code, moved.json()["role"]) == (200, "supervisor")
    assert (await anyone.get(LIST, headers=_bearer(tokens))).status_code == 401
    assert (await _enter(anyone))["role"] == "supervisor"
    outside = await admin.post(f"/v1/console/staff/{clerk.id}/move", json={**post, "division": "530627000000"})
    assert _refusal(outside) == (403, "outside_your_division")
    async with database.unit_of_work() as db:
        await disable_staff(db, clerk.id)
    assert _refusal(await anyone.post(STAFF, json={"username": "clerk", "password": PASSWORD})) == (
        401,
        "sign_in_rejected",
    )


# Second factor.


async def test_an_authenticator_reads_the_address_and_its_code_signs_in(anyone, clerk, clock):
    tokens = await _enter(anyone)
    shown = (await anyone.post(FACTOR, headers=_bearer(tokens))).json()
    read = urlsplit(shown["otpauth_uri"])
    assert (read.scheme, read.netloc) == ("otpauth", "totp")
    assert parse_qs(read.query)["secret"] == [shown["secret"]]
    await _enter(anyone)  # one that was not confirmed is not asked for
    body = {"totp_code": code_at(shown["secret"], clock.now())}
    await anyone.post(FACTOR + "/confirm", json=body, headers=_bearer(tokens))
    clock.advance(timedelta(seconds=30))

    without = await anyone.post(STAFF, json={"username": "clerk", "password": PASSWORD})
    wrong_password = {"username": "clerk", "password": "wrong", "totp_code": code_at(shown["secret"], clock.now())}

    assert _refusal(without) == (401, "second_factor_required")
    assert _refusal(await anyone.post(STAFF, json=wrong_password)) == (401, "sign_in_rejected")
    assert (await _enter(anyone, totp_code=code_at(shown["secret"], clock.now())))["scope"] == "full"


def test_codes_are_those_of_rfc_6238():
    # Appendix B, SHA-1: at 59 s 94287082, at 1111111109 s 07081804; the last six digits of each.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code_at(secret, datetime.fromtimestamp(59, UTC)) == "287082"
    assert code_at(secret, datetime.fromtimestamp(1111111109, UTC)) == "081804"


async def test_a_code_is_good_once_also_when_it_comes_many_times_at_once(anyone, clerk, clock):
    secret, _ = await _enrol(anyone, await _enter(anyone), clock)
    used_to_confirm = {"username": "clerk", "password": PASSWORD, "totp_code": code_at(secret, clock.now())}
    assert _refusal(await anyone.post(STAFF, json=used_to_confirm)) == (401, "second_factor_rejected")
    clock.advance(timedelta(seconds=30))
    body = {**used_to_confirm, "totp_code": code_at(secret, clock.now())}

    answers = await asyncio.gather(*(anyone.post(STAFF, json=body) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 5


async def test_a_recovery_code_is_good_once_and_kept_as_a_keyed_hash(anyone, clerk, clock, database):
    tokens = await _enter(anyone)
    _, codes = await _enrol(anyone, tokens, clock)
    body = {"username": "clerk", "password": PASSWORD, "recovery_code": codes[0].lower()}

    assert (await anyone.post(STAFF, json=body)).status_code == 201
    assert _refusal(await anyone.post(STAFF, json=body)) == (401, "second_factor_rejected")
    left = (await anyone.get(FACTOR, headers=_bearer(tokens))).json()["recovery_codes_left"]
    assert left == len(codes) - 1
    async with database.reading() as db:
        factor = (await db.execute(select(SecondFactor))).scalar_one()
    assert codes[0].encode() not in factor.secret_sealed


async def test_where_it_is_required_a_password_alone_opens_nothing_but_the_enrolment(app, anyone, clerk, clock):
    settings = app.state.tools.settings.model_copy(update={"staff_second_factor": "required"})
    app.state.tools = replace(app.state.tools, settings=settings)
    tokens = await _enter(anyone)
    assert tokens["scope"] == "enrolment"
    for method, path in (("GET", LIST), ("POST", "/v1/console/payrolls"), ("POST", STEP_UP)):
        answer = await anyone.request(method, path, headers=_bearer(tokens), json={"password": PASSWORD})
        assert _refusal(answer) == (403, "second_factor_missing"), path
    refreshed = (await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"]})).json()
    assert refreshed["scope"] == "enrolment"

    await _enrol(anyone, refreshed, clock)

    assert (await anyone.get(LIST, headers=_bearer(refreshed))).status_code == 200


def test_production_requires_it_and_the_sandbox_does_not(app):
    settings = app.state.tools.settings
    assert not settings.second_factor_required
    assert settings.model_copy(update={"environment": "production"}).second_factor_required


async def test_two_administrators_take_a_lost_authenticator_off(anyone, clerk, clock, staff, database):
    tokens = await _enter(anyone)
    await _enrol(anyone, tokens, clock)
    first, second = [await staff(Role.ADMINISTRATOR, COUNTY) for _ in range(2)]
    reset = f"/v1/console/staff/{clerk.id}/reset-second-factor"
    assert _refusal(await anyone.post(reset, headers=_bearer(tokens))) == (403, "role_not_allowed")
    assert (await first.post(reset)).json() == {"state": "asked"}
    assert (await first.post(reset)).json() == {"state": "asked"}

    assert (await second.post(reset)).json() == {"state": "done"}

    assert (await anyone.get(LIST, headers=_bearer(tokens))).status_code == 401
    await _enter(anyone)
    supervisor = await staff(Role.SUPERVISOR, COUNTY)
    acts = [record["action"] for record in (await supervisor.get("/v1/console/audit")).json()["items"]]
    assert {"second_factor.confirm", "second_factor.ask_reset", "second_factor.reset"} <= set(acts)


async def test_a_second_administrator_who_comes_a_day_later_is_the_first_again(anyone, clerk, clock, database, sign_in):
    await _enrol(anyone, await _enter(anyone), clock)
    async with database.unit_of_work() as db:
        first, second = [await build_staff(db, Role.ADMINISTRATOR, COUNTY) for _ in range(2)]
    reset = f"/v1/console/staff/{clerk.id}/reset-second-factor"
    await (await sign_in(first)).post(reset)
    clock.advance(timedelta(hours=24, seconds=1))

    assert (await (await sign_in(second)).post(reset)).json() == {"state": "asked"}


# Step-up.


async def _release(anyone, tokens: dict) -> tuple[int, str]:
    return _refusal(await anyone.post(f"/v1/console/payrolls/{new_id()}/release", headers=_bearer(tokens)))


async def _refresh(anyone, tokens: dict) -> dict:
    return (await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"]})).json()


@pytest.mark.parametrize("step", ["release", "reissue", "lines/{}/settle"])
async def test_what_moves_money_needs_a_recent_proof(anyone, clerk, clock: FixedClock, step):
    tokens = await _enter(anyone)
    path = f"/v1/console/payrolls/{new_id()}/{step.format(new_id())}"
    clock.advance(timedelta(minutes=15, seconds=1))
    late = await _refresh(anyone, tokens)

    answer = await anyone.post(path, json={"outcome": "failed", "reason": "x"}, headers=_bearer(late))

    assert _refusal(answer) == (403, "step_up_required")
    assert answer.json()["step_up"] == STEP_UP


async def test_a_fresh_sign_in_is_a_recent_proof_and_so_is_a_step_up_for_its_session_only(anyone, clerk, clock):
    first, second = await _enter(anyone), await _enter(anyone)
    assert await _release(anyone, first) == (404, "payroll_not_found")
    clock.advance(timedelta(minutes=20))
    first, second = await _refresh(anyone, first), await _refresh(anyone, second)
    assert await _release(anyone, first) == (403, "step_up_required")

    wrong = await anyone.post(STEP_UP, json={"password": "wrong"}, headers=_bearer(first))
    assert _refusal(wrong) == (403, "proof_rejected")
    right = await anyone.post(STEP_UP, json={"password": PASSWORD}, headers=_bearer(first))

    assert right.status_code == 201
    assert await _release(anyone, first) == (404, "payroll_not_found")
    assert await _release(anyone, second) == (403, "step_up_required")


async def test_an_authenticators_code_steps_up_once(anyone, clerk, clock):
    tokens = await _enter(anyone)
    secret, _ = await _enrol(anyone, tokens, clock)
    clock.advance(timedelta(minutes=10))
    body = {"totp_code": code_at(secret, clock.now())}

    assert (await anyone.post(STEP_UP, json=body, headers=_bearer(tokens))).status_code == 201
    assert _refusal(await anyone.post(STEP_UP, json=body, headers=_bearer(tokens))) == (403, "proof_rejected")


async def test_after_ten_wrong_proofs_the_right_one_has_to_wait(anyone, clerk):
    tokens = await _enter(anyone)
    for _ in range(10):
        await anyone.post(STEP_UP, json={"password": "wrong"}, headers=_bearer(tokens))

    answer = await anyone.post(STEP_UP, json={"password": PASSWORD}, headers=_bearer(tokens))

    assert _refusal(answer) == (429, "too_many_requests")
    await _enter(anyone)  # signing in is counted apart


# Lockout.


def _from(app, address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://test")


async def test_wrong_passwords_from_everywhere_do_not_keep_a_known_device_out(app, anyone, clerk):
    await _enter(anyone, device_id=DEVICE)
    wrong = {"username": "clerk", "password": "wrong"}
    right = {"username": "clerk", "password": PASSWORD}
    for host in range(7):
        async with _from(app, f"10.6.6.{host}") as stranger:
            statuses = [(await stranger.post(STAFF, json=wrong)).status_code for _ in range(10)]
    assert 429 in statuses

    async with _from(app, "10.1.1.1") as elsewhere:
        assert (await elsewhere.post(STAFF, json={**right, "device_id": OTHER})).status_code == 429
        assert (await elsewhere.post(STAFF, json={**right, "device_id": DEVICE})).status_code == 201


async def test_codes_asked_by_strangers_do_not_keep_a_known_device_from_its_code(anyone, database):
    await _phone_in(anyone, database, device_id=DEVICE)
    strangers = [(await anyone.post(OTP, json={"phone": PHONE})).status_code for _ in range(6)]
    assert strangers[-1] == 429

    assert (await anyone.post(OTP, json={"phone": PHONE, "device_id": OTHER})).status_code == 429
    assert (await anyone.post(OTP, json={"phone": PHONE, "device_id": DEVICE})).status_code == 202


# Passwords cost time: it must not be everybody's.


async def test_many_sign_ins_at_once_do_not_stop_other_requests(anyone, clerk, phone, monkeypatch):
    computing, most = 0, 0
    verify, began, loop = passwords._verify, asyncio.Event(), asyncio.get_running_loop()

    def counted(password: str, password_hash: str) -> bool:
        nonlocal computing, most
        computing += 1
        most = max(most, computing)
        loop.call_soon_threadsafe(began.set)
        try:
            return verify(password, password_hash)
        finally:
            computing -= 1

    monkeypatch.setattr(passwords, "_verify", counted)
    sign_ins = [
        asyncio.create_task(anyone.post(STAFF, json={"username": f"nobody{n}", "password": "x"})) for n in range(40)
    ]
    await began.wait()

    others = [await phone.get("/v1/me") for _ in range(5)]

    assert {answer.status_code for answer in others} == {200}
    assert sum(task.done() for task in sign_ins) < len(sign_ins)
    assert {(await task).status_code for task in sign_ins} == {401}
    assert most <= 2


async def test_a_flood_of_sign_ins_is_told_to_come_back(anyone, clerk, monkeypatch):
    monkeypatch.setattr(passwords, "_MOST_WAITING", 3)

    answers = await asyncio.gather(
        *(anyone.post(STAFF, json={"username": f"nobody{n}", "password": "x"}) for n in range(12))
    )

    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert {answer.json()["code"] for answer in refused} == {"sign_in_busy"}
    assert {answer.status_code for answer in answers} <= {401, 503}
    assert json.loads(refused[0].headers["retry-after"]) > 0
