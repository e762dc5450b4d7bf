"""A request that is sent again does nothing twice, and is answered as the first time."""

import asyncio
import hashlib
import json

import asyncpg

from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.commands import move_staff, start_session
from tests.builders.applications import TOWNSHIP, VILLAGE
from tests.builders.people import build_staff

KEY = {"Idempotency-Key": "0123456789abcdef"}
DRAFT = {"program": "living_allowance", "division": VILLAGE}


async def _count(url: str, table: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(f"SELECT count(*) FROM {table}")
    finally:
        await connection.close()


async def test_the_same_key_gives_the_same_answer_and_one_effect(phone, database_url):
    first = await phone.post("/v1/applications", json=DRAFT, headers=KEY)
    second = await phone.post("/v1/applications", json=dict(reversed(DRAFT.items())), headers=KEY)
    quoted = await phone.post("/v1/applications", json=DRAFT, headers={"Idempotency-Key": '"0123456789abcdef"'})

    assert first.status_code == second.status_code == quoted.status_code == 201
    assert first.content == second.content == quoted.content
    assert first.headers["location"] == second.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert await _count(database_url, "applications") == 1


async def test_the_same_key_with_another_body_is_refused(phone):
    await phone.post("/v1/applications", json=DRAFT, headers=KEY)

    answer = await phone.post("/v1/applications", json={**DRAFT, "division": "532529103201"}, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_refused_request_keeps_nothing_and_may_be_put_right(phone, database_url):
    wrong = await phone.post("/v1/applications", json={**DRAFT, "division": "999999999999"}, headers=KEY)
    assert wrong.status_code == 422
    assert await _count(database_url, "kept_answers") == 0

    assert (await phone.post("/v1/applications", json=DRAFT, headers=KEY)).status_code == 201


async def test_many_at_once_have_one_effect(phone, database_url):
    answers = await asyncio.gather(*(phone.post("/v1/applications", json=DRAFT, headers=KEY) for _ in range(6)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert await _count(database_url, "applications") == 1


async def test_two_callers_may_choose_the_same_key(phone, sign_in, database):
    from tests.builders.people import build_citizen

    async with database.unit_of_work() as db:
        other = await sign_in(await build_citizen(db, name="测试乙"))

    assert (await phone.post("/v1/applications", json=DRAFT, headers=KEY)).status_code == 201
    assert (await other.post("/v1/applications", json=DRAFT, headers=KEY)).status_code == 201


async def test_who_was_moved_since_is_not_told_again_what_the_old_post_saw(database, sign_in):
    member = {"division": VILLAGE, "name": "测试王", "duty": "director"}
    async with database.unit_of_work() as db:
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    client = await sign_in(handler)
    first, again = [await client.post("/v1/console/committee-members", json=member, headers=KEY) for _ in range(2)]
    assert (first.status_code, again.content) == (201, first.content)
    async with database.unit_of_work() as db:
        await move_staff(db, handler.id, Role.TOWNSHIP_HANDLER, "530622001000")
    moved = await sign_in(handler)

    answer = await moved.post("/v1/console/committee-members", json=member, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_who_acts_for_another_is_not_told_what_she_was_answered(anyone, phone, applicant, database, keys):
    first = await phone.post("/v1/applications", json=DRAFT, headers=KEY)
    async with database.unit_of_work() as db:
        acting = await start_session(db, keys, applicant.id, applicant.role, entrustment=new_id(), agent=applicant)

    answer = await anyone.post(
        "/v1/applications", json=DRAFT, headers={**KEY, "Authorization": f"Bearer {acting.access_token}"}
    )

    assert first.status_code == 201
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_kept_answer_holds_nothing_in_clear(phone, database_url):
    await phone.post("/v1/applications", json=DRAFT, headers=KEY)

    connection = await asyncpg.connect(database_url)
    row = await connection.fetchrow("SELECT scope, request, answer_sealed FROM kept_answers")
    await connection.close()
    assert not any("测试甲".encode() in bytes(value) or b"532529103204" in bytes(value) for value in row)


async def test_a_post_without_a_key_is_told_to_bring_one(phone):
    request = phone.build_request("POST", "/v1/applications", json=DRAFT)
    phone.event_hooks = {}

    answer = await phone.send(request)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


async def test_a_key_that_is_too_short_is_refused(phone):
    answer = await phone.post("/v1/applications", json=DRAFT, headers={"Idempotency-Key": "short"})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")


async def test_what_was_asked_is_kept_as_a_keyed_digest(phone, database_url):
    await phone.post("/v1/applications", json=DRAFT, headers=KEY)

    body = json.dumps(DRAFT, sort_keys=True, separators=(",", ":")).encode()
    plain = hashlib.sha256(b"/v1/applications?\0" + body).digest()
    assert await _kept(database_url) != plain


async def test_an_answer_kept_by_a_version_before_is_given_again(phone, database_url):
    first = await phone.post("/v1/applications", json=DRAFT, headers=KEY)
    body = json.dumps(DRAFT, sort_keys=True, separators=(",", ":")).encode()
    await _keep_plain(database_url, hashlib.sha256(b"/v1/applications?\0" + body).digest())

    second = await phone.post("/v1/applications", json=DRAFT, headers=KEY)

    assert second.content == first.content


async def _kept(url: str) -> bytes:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT request FROM kept_answers")
    finally:
        await connection.close()


async def _keep_plain(url: str, digest: bytes) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("UPDATE kept_answers SET request = $1", digest)
    finally:
        await connection.close()
