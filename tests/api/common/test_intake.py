"""What the gate refuses before any endpoint reads it."""

import pytest

from app.api.common.intake import Intake
from app.core.strict_json import JsonRefused, read_strict_json

OTP = "/v1/auth/otp"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"phone": "a\\u0000b"}', "text"),
        (b'{"phone": "\\ud800"}', "text"),
        (b'{"phone": NaN}', "number"),
        (b'{"phone": 1e999}', "number"),
        (b'{"phone": 1.0}', "number"),
        (b'{"phone": 99999999999999999999}', "number"),
        (b'{"phone": 1, "phone": 2}', "duplicate_member"),
        (b"[" * 33 + b"]" * 33, "depth"),
        (b"[" * 100_000, "depth"),
        ("{}".encode("utf-16"), "encoding"),
        (b"\xef\xbb\xbf{}", "encoding"),
        (b'{"phone": "\xff"}', "encoding"),
        (b"{", "syntax"),
        (b"{} {}", "syntax"),
    ],
)
async def test_what_only_looks_like_json_is_refused(anyone, raw, code):
    answer = await anyone.post(OTP, content=raw, headers=JSON)

    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["code"] == code


@pytest.mark.parametrize("path", ["/v1/public/divisions?parent=%00", "/v1/applications/%FF", "/v1/x?y=%ED%A0%80"])
async def test_an_address_that_is_not_clean_text_is_refused(anyone, path):
    assert (await anyone.get(path)).status_code == 400


async def test_a_body_that_is_too_long_is_refused(anyone):
    answer = await anyone.post(OTP, content=b"x" * (256 * 1024 + 1), headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_body_that_never_ends_is_refused_in_time():
    started = []

    async def silent():
        import asyncio

        await asyncio.Event().wait()

    async def send(message):
        started.append(message)

    async def never(scope, receive, send):
        raise AssertionError("let through")

    gate = Intake(never, seconds=0.05)
    await gate({"type": "http", "headers": [], "method": "POST", "path": "/", "query_string": b""}, silent, send)

    assert started[0]["status"] == 408


def test_strict_json_reads_what_is_json():
    assert read_strict_json('{"a": [1, -2, true, null, "𠮷·"]}'.encode()) == {"a": [1, -2, True, None, "𠮷·"]}
    with pytest.raises(JsonRefused):
        read_strict_json(b"-0")


@pytest.mark.parametrize(
    "label",
    [
        "",
        "text/plain",
        "application/octet-stream",
        "application/json; charset=utf-16",
        "application/json, application/json",
        "application/ json",
        "application/vnd.x+json",
    ],
)
async def test_a_body_that_is_not_said_to_be_json_is_refused_unread(anyone, label):
    answer = await anyone.post(OTP, content=b'{"phone": "\\ud800"}', headers={"Content-Type": label})

    assert (answer.status_code, answer.json()["code"]) == (415, "media_type_not_supported")


@pytest.mark.parametrize(
    "label", ["application/json", "Application/JSON;charset=UTF-8", 'application/json; charset="utf-8"']
)
async def test_json_may_say_that_it_is_utf_8(anyone, label):
    answer = await anyone.post(OTP, content=b'{"phone": "19000000001"}', headers={"Content-Type": label})

    assert answer.status_code == 202


async def test_a_method_that_nothing_has_is_refused_as_that_whatever_it_carries(anyone):
    answer = await anyone.request("TRACE", OTP, content=b"\x89PNG", headers={"Content-Type": "image/png"})

    assert (answer.status_code, answer.headers["allow"]) == (405, "OPTIONS, POST")


async def test_a_packed_body_is_refused(anyone):
    answer = await anyone.post(OTP, content=b"\x1f\x8b", headers={**JSON, "Content-Encoding": "gzip"})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (415, "content_encoding")


async def test_a_line_that_can_only_be_believed_once_is_refused_twice(anyone):
    lines = [("Content-Type", "application/json"), ("Idempotency-Key", "a" * 16), ("Idempotency-Key", "b" * 16)]

    answer = await anyone.post(OTP, content=b"{}", headers=lines)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "header_repeated")


async def test_half_a_body_does_nothing():
    parts = [{"type": "http.request", "body": b"12", "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return parts.pop(0)

    async def nothing(*_):
        raise AssertionError("let through, or answered")

    await Intake(nothing)({"type": "http", "headers": [], "method": "PUT", "path": "/"}, receive, nothing)
