from typing import Any

import pytest

from tests.sandbox.outside import BASE, Outside

PHONE = "19000000001"


async def send(outside: Outside, *, secret: str | None = "ours-sms_gateway", **changes: Any) -> int:
    body = {"phone": PHONE, "text": "验证码 204981，5分钟内有效", "template": "one_time_code"} | changes
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return (await outside.http.post(f"{BASE}/sms-gateway/messages", json=body, headers=headers)).status_code


async def test_messages_reach_the_telephone_newest_first_with_their_codes(outside: Outside) -> None:
    assert await send(outside) == 202
    assert await send(outside, text="您的申请已受理", template="news") == 202
    assert await send(outside, phone="19000000002") == 202

    messages = (await outside.http.get(f"{BASE}/sms", params={"phone": PHONE})).json()

    assert [(message["text"], message["code"]) for message in messages] == [
        ("您的申请已受理", None),
        ("验证码 204981，5分钟内有效", "204981"),
    ]
    assert messages[0]["sent_at"].endswith("+00:00")


async def test_messages_are_dated_by_the_installations_clock(outside: Outside) -> None:
    await outside.http.post(f"{BASE}/clock", json={"advance": "P700D"})
    await send(outside)

    message = (await outside.http.get(f"{BASE}/sms", params={"phone": PHONE})).json()[0]

    assert message["sent_at"][:10] == (await outside.http.get(f"{BASE}/clock")).json()["now"][:10]


@pytest.mark.parametrize("secret", [None, "", "somebody else's", "密"])
async def test_only_who_shows_the_secret_may_send(outside: Outside, secret: str | None) -> None:
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}".encode()}

    answer = await outside.http.post(f"{BASE}/sms-gateway/messages", json={}, headers=headers)

    assert answer.status_code == 401


@pytest.mark.parametrize("changes", [{"phone": "110"}, {"text": ""}, {"text": "x" * 501}, {"template": None}])
async def test_a_bad_message_is_refused(outside: Outside, changes: dict[str, Any]) -> None:
    assert await send(outside, **changes) == 422
    assert (await outside.http.get(f"{BASE}/sms", params={"phone": PHONE})).json() == []


async def test_a_telephone_must_be_named(outside: Outside) -> None:
    for params in ({}, {"phone": ""}, {"phone": "abc"}, {"phone": PHONE, "limit": "0"}):
        assert (await outside.http.get(f"{BASE}/sms", params=params)).status_code == 422


async def test_the_gateway_can_fail_on_order(outside: Outside) -> None:
    await outside.fault("sms_gateway", "error")

    assert await send(outside) == 500
    assert (await outside.http.get(f"{BASE}/sms", params={"phone": PHONE})).json() == []
