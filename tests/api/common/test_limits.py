"""Limits as a caller meets them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import httpx
import pytest

from app.api.common.addresses import client_address
from app.core.clock import FixedClock
from app.core.db import make_engine
from app.identity.actors import Role
from app.identity.commands import add_staff
from app.settings import load_settings
from tests.support.contract import contract

OTP = "/v1/auth/otp"
STAFF = "/v1/auth/staff-tokens"
NOTICES = "/v1/public/notices?division=532529103204"
PHONE = {"phone": "19000000001"}


@pytest.fixture
def narrow(app):
    """The application with the quotas of a real installation."""
    tools = app.state.tools
    app.state.tools = replace(tools, settings=tools.settings.model_copy(update={"limit_factor": 1}))
    return app


def _from(app, address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(address, 1)),
        base_url="http://test",
        headers={"Idempotency-Key": "0123456789abcdef"},
    )


async def test_every_answer_says_how_the_limit_stands(anyone, narrow, clock: FixedClock):
    first = await anyone.post(OTP, json=PHONE)
    clock.advance(timedelta(seconds=88))
    second = await anyone.post(OTP, json=PHONE)

    assert first.headers["ratelimit-policy"] == '"codes";q=5;w=600'
    assert first.headers["ratelimit"] == '"codes";r=4;t=600'
    assert second.headers["ratelimit"] == '"codes";r=3;t=512'


async def test_a_refusal_says_which_limit_and_when_to_come_back(anyone, clock: FixedClock):
    for _ in range(5):
        await anyone.post(OTP, json=PHONE)
    clock.advance(timedelta(seconds=100))

    answer = await anyone.post(OTP, json=PHONE)

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_codes")
    assert answer.headers["retry-after"] == "500"
    assert answer.headers["ratelimit"] == '"codes";r=0;t=500'


async def test_a_retry_with_the_same_key_costs_nothing(anyone):
    answers = [await anyone.post(OTP, json=PHONE, headers={"Idempotency-Key": "k" * 16}) for _ in range(8)]

    assert {answer.status_code for answer in answers} == {202}


async def test_who_is_over_his_own_limit_takes_nobody_elses(anyone, narrow, monkeypatch):
    monkeypatch.setattr("app.api.common.auth.CODES_CALLER", replace(_policy("CODES_CALLER"), quota=1))
    await anyone.post(OTP, json={"phone": "19000000002"})

    for _ in range(9):
        refused = await anyone.post(OTP, json=PHONE)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")

    monkeypatch.undo()
    async with _from(narrow, "10.1.1.1") as elsewhere:
        assert (await elsewhere.post(OTP, json=PHONE)).headers["ratelimit"] == '"codes";r=4;t=600'


async def test_requests_that_hold_a_connection_do_not_starve_one_another(app, anyone, database, database_url):
    narrow, side = make_engine(database_url, 2), make_engine(database_url, 1)
    try:
        app.state.tools = replace(app.state.tools, database=replace(database, engine=narrow, side=side))

        answers = await asyncio.gather(*(anyone.post(OTP, json={"phone": f"1900000{n:04}"}) for n in range(12)))
    finally:
        await narrow.dispose()
        await side.dispose()

    assert {answer.status_code for answer in answers} == {202}


async def test_wrong_passwords_from_elsewhere_lock_nobody_out(app, database):
    async with database.unit_of_work() as db:
        await add_staff(db, "clerk", "correct horse", "测试经办", Role.TOWNSHIP_HANDLER, "532529103000")
    async with _from(app, "10.6.6.6") as stranger, _from(app, "10.1.1.1") as clerk:
        wrong = [await stranger.post(STAFF, json={"username": "clerk", "password": "wrong"}) for _ in range(11)]
        right = [await clerk.post(STAFF, json={"username": "clerk", "password": "correct horse"}) for _ in range(11)]

    assert [answer.status_code for answer in wrong] == [401] * 10 + [429]
    assert {answer.status_code for answer in right} == {201}


async def test_a_signed_in_caller_has_a_limit_of_his_own(phone, narrow, monkeypatch):
    monkeypatch.setattr("app.api.common.callers.SIGNED_IN", replace(_policy("SIGNED_IN"), quota=2, window=3600))

    answers = [await phone.get("/v1/me") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "too_many_requests"
    assert int(answers[2].headers["retry-after"]) > 1000
    assert answers[0].headers["ratelimit-policy"] == '"signed_in";q=2;w=3600'


async def test_a_304_costs_nothing(phone, narrow, monkeypatch):
    monkeypatch.setattr("app.api.common.callers.SIGNED_IN", replace(_policy("SIGNED_IN"), quota=3, window=3600))
    tag = {"If-None-Match": (await phone.get("/v1/me")).headers["etag"]}

    answers = [await phone.get("/v1/me", headers=tag) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {304}
    assert {answer.headers["ratelimit"].split(";")[1] for answer in answers} == {"r=2"}


async def test_a_304_for_whatever_there_is_costs_like_any_answer(phone, narrow, monkeypatch):
    monkeypatch.setattr("app.api.common.callers.SIGNED_IN", replace(_policy("SIGNED_IN"), quota=3, window=3600))

    answers = [await phone.get("/v1/me", headers={"If-None-Match": "*"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [304, 304, 304, 429]


async def test_searching_a_village_is_limited_without_the_database(anyone, narrow, monkeypatch, database_url):
    monkeypatch.setattr("app.api.public.notices.NOTICES", replace(_policy("NOTICES"), quota=1, window=3600))

    assert (await anyone.get(NOTICES)).status_code == 200
    refused = await anyone.get(NOTICES)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert (await anyone.get(NOTICES.replace("204", "203"))).status_code == 200


def test_the_contract_names_429_where_a_limit_stands():
    paths = contract()["paths"]
    for path, method in (
        (OTP, "post"),
        (STAFF, "post"),
        ("/v1/public/status-lookups", "post"),
        ("/v1/public/complaints", "post"),
        ("/v1/public/complaint-lookups", "post"),
        ("/v1/public/objection-lookups", "post"),
        ("/v1/public/notices", "get"),
        ("/v1/public/notices/{notice_id}/objections", "post"),
        ("/v1/complaints", "post"),
    ):
        assert "too_many_requests" in paths[path][method]["responses"]["429"]["description"], path


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("9.9.9.9", [], "9.9.9.9"),
        ("9.9.9.9", ["1.1.1.1"], "9.9.9.9"),  # who is no proxy of ours says what he likes
        ("10.0.0.1", ["1.1.1.1"], "1.1.1.1"),
        ("10.0.0.1", ["8.8.8.8, 1.1.1.1"], "1.1.1.1"),  # only the last word is the proxy's own
        ("10.0.0.1", ["8.8.8.8", "1.1.1.1, 10.0.0.2"], "1.1.1.1"),
        ("10.0.0.1", ["1.1.1.1:4711"], "1.1.1.1"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("2001:db8:1:2:3::4", [], "2001:db8:1:2::/64"),
        ("::ffff:9.9.9.9", [], "9.9.9.9"),
    ],
)
def test_only_trusted_proxies_say_who_calls(peer, forwarded, caller):
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]

    assert client_address({"client": (peer, 1), "headers": headers}, [ip_network("10.0.0.0/8")]) == caller


def test_trusted_proxies_are_named_as_a_list_of_networks(monkeypatch):
    for name in ("VAULT_FILE", "TOKEN_KEY_FILE", "STORAGE_DIR", "PARTNERS_FILE"):
        monkeypatch.setenv("DIBAO_" + name, "x")
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/x")
    assert load_settings().trusted_proxies == ()

    monkeypatch.setenv("DIBAO_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::1")

    assert load_settings().trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("2001:db8::1"))


def _policy(name: str):
    from app.limits import policies

    return getattr(policies, name)
