"""Sessions: published keys, devices, the end of all at once, acting for another."""

from datetime import date

import httpx
import pytest
from jose import jwt

from app.applications.commands import Wish, confirm_entrustment, request_entrustment
from app.applications.entrustment_lifecycle import Ground, Kind
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.identity.commands import disable_staff, end_all_sessions, move_staff, start_session
from tests.api.common.signing_in import (
    COUNTY,
    DEVICE,
    LIST,
    OTHER,
    OTP,
    PASSWORD,
    PHONE,
    REFRESH,
    STAFF,
    TOKENS,
    bearer,
    code_sent,
    enter,
    phone_in,
    refusal,
)
from tests.builders.applications import VILLAGE
from tests.builders.people import build_staff, make_id_number

# Published keys.


@pytest.mark.parametrize("path", ["/v1/auth/jwks", "/.well-known/jwks.json"])
async def test_whoever_has_the_published_keys_can_check_a_token(anyone, clerk, path):
    token = (await enter(anyone))["access_token"]

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
    body = {"refresh_token": (await phone_in(anyone, database, device_id=DEVICE))["refresh_token"]}

    first, second = [await anyone.post(REFRESH, json={**body, "device_id": DEVICE}) for _ in range(2)]

    assert first.json()["refresh_token"] == second.json()["refresh_token"]


@pytest.mark.parametrize("device", [{"device_id": OTHER}, {}])
@pytest.mark.parametrize("was_used", [True, False])
async def test_elsewhere_a_refresh_token_ends_the_session(anyone, database, device, was_used):
    tokens = await phone_in(anyone, database, device_id=DEVICE)
    body = {"refresh_token": tokens["refresh_token"]}
    if was_used:
        tokens = (await anyone.post(REFRESH, json={**body, "device_id": DEVICE})).json()

    stolen = await anyone.post(REFRESH, json={**body, **device})

    assert refusal(stolen) == (401, "token_rejected")
    assert (await anyone.get("/v1/me", headers=bearer(tokens))).status_code == 401
    own = await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"], "device_id": DEVICE})
    assert own.status_code == 401


async def test_a_client_that_named_no_device_goes_on_as_ever(anyone, database):
    tokens = await phone_in(anyone, database)

    for device in ({}, {"device_id": OTHER}):
        answer = await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"], **device})
        assert answer.status_code == 201


async def test_a_code_is_good_on_the_device_that_asked_and_strangers_do_not_spend_it(anyone, database):
    await anyone.post(OTP, json={"phone": PHONE, "device_id": DEVICE})
    code = await code_sent(database)
    for device in ({}, {"device_id": OTHER}):
        for _ in range(6):
            answer = await anyone.post(TOKENS, json={"phone": PHONE, "code": code, **device})
            assert refusal(answer) == (401, "code_rejected")

    own = await anyone.post(TOKENS, json={"phone": PHONE, "code": code, "device_id": DEVICE})

    assert own.status_code == 201


# The end of all sessions.


@pytest.mark.parametrize("audience", ["staff", "applicant"])
async def test_signing_out_everywhere_ends_every_session_with_the_next_request(anyone, database, clerk, audience):
    come_in = (lambda: enter(anyone)) if audience == "staff" else (lambda: phone_in(anyone, database))
    read = LIST if audience == "staff" else "/v1/me"
    first, second = await come_in(), await come_in()

    assert (await anyone.post("/v1/auth/logout-everywhere", headers=bearer(first))).status_code == 204

    for tokens in (first, second):
        assert (await anyone.get(read, headers=bearer(tokens))).status_code == 401
        refreshed = await anyone.post(REFRESH, json={"refresh_token": tokens["refresh_token"]})
        assert refreshed.status_code == 401
    assert (await anyone.get(read, headers=bearer(await come_in()))).status_code == 200


async def test_the_hot_read_of_the_timeline_knows_the_epoch_too(anyone, database):
    tokens = await phone_in(anyone, database)
    path = f"/v1/applications/{new_id()}/timeline"
    assert (await anyone.get(path, headers=bearer(tokens))).status_code == 404

    await anyone.post("/v1/auth/logout-everywhere", headers=bearer(tokens))

    assert (await anyone.get(path, headers=bearer(tokens))).status_code == 401


async def test_a_new_password_ends_all_sessions_and_the_old_password(anyone, clerk):
    first, second = await enter(anyone), await enter(anyone)
    body = {"present_password": PASSWORD, "new_password": "another horse 8"}
    wrong = {**body, "present_password": "wrong"}
    refused = await anyone.post("/v1/console/me/password", json=wrong, headers=bearer(first))
    assert refusal(refused) == (403, "proof_rejected")

    assert (await anyone.post("/v1/console/me/password", json=body, headers=bearer(first))).status_code == 204

    for tokens in (first, second):
        assert (await anyone.get(LIST, headers=bearer(tokens))).status_code == 401
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
    tokens = await enter(anyone)
    post = {"role": "supervisor", "division": COUNTY}

    moved = await admin.post(f"/v1/console/staff/{clerk.id}/move", json=post)

    assert (moved.status_code, moved.json()["role"]) == (200, "supervisor")
    assert (await anyone.get(LIST, headers=bearer(tokens))).status_code == 401
    assert (await enter(anyone))["role"] == "supervisor"
    outside = await admin.post(f"/v1/console/staff/{clerk.id}/move", json={**post, "division": "530627000000"})
    assert refusal(outside) == (403, "outside_your_division")
    async with database.unit_of_work() as db:
        await disable_staff(db, clerk.id)
    assert refusal(await anyone.post(STAFF, json={"username": "clerk", "password": PASSWORD})) == (
        401,
        "sign_in_rejected",
    )


# Sessions in which somebody acts for another.


async def _entrusted(sign_in, database) -> tuple[Actor, httpx.AsyncClient, str]:
    """Have the village's helper entrusted; returns who it is, the helper's telephone and where to ask for a session."""
    async with database.unit_of_work() as db:
        helper = await build_staff(db, Role.VILLAGE_HELPER, VILLAGE)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, VILLAGE[:9] + "000")
        wish = Wish(
            kind=Kind.COMMITTEE,
            ground=Ground.NO_PHONE,
            division=VILLAGE,
            name="测试癸",
            id_number=make_id_number(date(1948, 5, 6)),
            phone=None,
            record="口头委托。（测试）",
        )
        asked = await request_entrustment(db, helper, wish)
        await confirm_entrustment(db, handler, asked.id)
    return helper, await sign_in(helper), f"/v1/console/entrustments/{asked.id}/sessions"


def _close(db, helper: Actor):
    return disable_staff(db, helper.id)


def _move(db, helper: Actor):
    return move_staff(db, helper.id, Role.VILLAGE_HELPER, "530622001203")


def _sign_out(db, helper: Actor):
    return end_all_sessions(db, helper.id)


@pytest.mark.parametrize("losing", [_close, _move, _sign_out])
async def test_who_acts_for_another_no_longer_does_when_all_sessions_of_his_own_end(anyone, sign_in, database, losing):
    helper, client, sessions = await _entrusted(sign_in, database)
    acting = (await client.post(sessions)).json()
    assert (await anyone.get("/v1/applications", headers=bearer(acting))).status_code == 200

    async with database.unit_of_work() as db:
        await losing(db, helper)

    for path in ("/v1/applications", f"/v1/applications/{new_id()}/timeline"):
        assert (await anyone.get(path, headers=bearer(acting))).status_code == 401
    assert (await anyone.post(REFRESH, json={"refresh_token": acting["refresh_token"]})).status_code == 401


async def test_who_has_another_post_by_now_acts_for_nobody(sign_in, database):
    helper, client, sessions = await _entrusted(sign_in, database)
    assert (await client.post(sessions)).status_code == 201
    async with database.unit_of_work() as db:
        await move_staff(db, helper.id, Role.COUNTY_HANDLER, COUNTY)

    promoted = await sign_in(Actor(helper.id, Role.COUNTY_HANDLER, COUNTY))

    assert refusal(await promoted.post(sessions)) == (403, "role_not_allowed")


async def test_who_acts_for_another_signs_out_of_that_and_ends_no_session_of_hers(anyone, sign_in, database):
    _, client, sessions = await _entrusted(sign_in, database)
    first, second = [(await client.post(sessions)).json() for _ in range(2)]

    everywhere = await anyone.post("/v1/auth/logout-everywhere", headers=bearer(first))

    assert refusal(everywhere) == (403, "entrustment_not_allowed")
    assert (await anyone.post("/v1/auth/logout", headers=bearer(first))).status_code == 204
    assert (await anyone.get("/v1/applications", headers=bearer(first))).status_code == 401
    assert (await anyone.get("/v1/applications", headers=bearer(second))).status_code == 200
