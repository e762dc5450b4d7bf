"""Packed answers: as the caller prefers, under a tag of their own, and never where secrets are handed out."""

import zlib

import brotli
import httpx
import pytest
import pytest_asyncio
import zstandard

from app.api.common.compression import Compression, choose_coding

BODY = '{"text": "' + "最低生活保障" * 100 + '"}'
READERS = {
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "gzip": lambda body: zlib.decompress(body, 31),
}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("BR;q=0.5, zstd;Q=1", "zstd"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "zstd"),
        ("br;q=0, *;q=0", None),
        ("identity, br;q=0.5", None),
        ("identity;q=0.5, br;q=0.5", "br"),
        ("gzip;q=nan, br;q=2", None),
        ("deflate", None),
    ],
)
def test_the_callers_preference_decides(accepted, coding):
    assert choose_coding(accepted) == coding


@pytest_asyncio.fixture
async def thing():
    """A resource of version 7 that minds If-None-Match and If-Match, and says what it saw of them."""

    async def app(scope, receive, send):
        given = dict(scope["headers"])
        fresh = given.get(b"if-none-match") == b'"7"'
        stale = scope["method"] == "PUT" and given.get(b"if-match") != b'"7"'
        status, body = (304, b"") if fresh else (412, b"") if stale else (200, BODY.encode())
        kind = given.get(b"x-kind", b"application/json")
        headers = [(b"content-type", kind), (b"etag", given.get(b"x-tag", b'"7"'))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body[:10] if b"x-short" in given else body})

    async with httpx.AsyncClient(transport=httpx.ASGITransport(Compression(app)), base_url="http://test") as client:
        yield client


async def _raw(client: httpx.AsyncClient, path: str = "/thing", **headers: str) -> tuple[httpx.Response, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", path, headers=named) as answer:
        return answer, b"".join([part async for part in answer.aiter_raw()])


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
async def test_a_packed_answer_opens_and_has_a_tag_of_its_own(thing, coding):
    answer, raw = await _raw(thing, accept_encoding=coding)

    assert READERS[coding](raw).decode() == BODY
    assert len(raw) < len(BODY.encode()) / 5
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["etag"] == f'"7-{coding}"'
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert int(answer.headers["content-length"]) == len(raw)


async def test_a_bare_answer_keeps_its_tag_and_says_that_it_varies(thing):
    answer, raw = await _raw(thing, accept_encoding="identity")

    assert (raw.decode(), answer.headers["etag"]) == (BODY, '"7"')
    assert answer.headers["vary"].lower() == "accept-encoding"


async def test_a_packed_tag_comes_back_as_it_went(thing):
    fresh, _ = await _raw(thing, accept_encoding="br", if_none_match='"7-br"')
    other, _ = await _raw(thing, accept_encoding="br", if_none_match='"6-br"')
    put = await thing.put("/thing", headers={"If-Match": '"7-gzip"', "Accept-Encoding": "br"})

    assert (fresh.status_code, fresh.headers["etag"]) == (304, '"7-br"')
    assert other.status_code == 200
    assert put.status_code == 200
    assert (await thing.put("/thing", headers={"If-Match": '"6-gzip"'})).status_code == 412


async def test_a_weak_tag_stays_what_it_is(thing):
    answer, _ = await _raw(thing, accept_encoding="br", x_tag='W/"7"')

    assert answer.headers["etag"] == 'W/"7"'


@pytest.mark.parametrize("headers", [{"x_kind": "image/png"}, {"x_kind": "image/jpeg"}, {"x_short": "1"}])
async def test_what_is_packed_already_or_small_is_left_alone(thing, headers):
    answer, _ = await _raw(thing, accept_encoding="br", **headers)

    assert "content-encoding" not in answer.headers
    assert answer.headers["etag"] == '"7"'


async def test_sign_in_is_never_packed(thing):
    answer, _ = await _raw(thing, "/v1/auth/refresh", accept_encoding="br")

    assert "content-encoding" not in answer.headers


async def test_the_application_packs_its_answers(anyone):
    answer, _ = await _raw(anyone, "/v1/public/service-items", accept_encoding="gzip, deflate, br")

    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["etag"].endswith('-br"')
    again = await anyone.get(
        "/v1/public/service-items",
        headers={"If-None-Match": answer.headers["etag"], "Accept-Encoding": "gzip, deflate, br"},
    )
    assert again.status_code == 304
