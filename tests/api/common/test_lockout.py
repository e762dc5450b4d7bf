"""Whom a lockout hits, and what a crowd of sign-ins costs the others."""

import asyncio
import json

import httpx

from app.identity import passwords
from tests.api.common.signing_in import (
    DEVICE,
    OTHER,
    OTP,
    PASSWORD,
    PHONE,
    STAFF,
    enter,
    phone_in,
)

# Lockout.


def _from(app, address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://test")


async def test_wrong_passwords_from_everywhere_do_not_keep_a_known_device_out(app, anyone, clerk):
    await enter(anyone, device_id=DEVICE)
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
    await phone_in(anyone, database, device_id=DEVICE)
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
