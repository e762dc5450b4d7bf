"""Two identities make every recorded call of each other again, same keys and all: nothing crosses.

The whole way of a household is played and written down. Then everybody who has no business with it, with a token of his
own that is good, repeats it call by call. No answer shows anything of the household, and nothing anywhere changes.
"""

from collections.abc import Mapping
from datetime import date

import httpx
import pytest_asyncio

from tests.journeys import acts
from tests.support.callers import Caller
from tests.support.dump import differences, dump
from tests.support.recorder import Call, Recorder, subject_of
from tests.support.world import INBOUND_SECRET, World

_HOME_POSTS = ("township-1", "township-2", "reviewer", "county-1", "confirmer", "finance")
# What anybody signed in may do on his own account with the same words: it is done, as his own.
_ONES_OWN = frozenset({("POST", "/v1/complaints"), ("POST", "/v1/applications")})
_STRANGERS = (
    "village",
    "township-1",
    "reviewer",
    "county-1",
    "county-2",
    "confirmer",
    "finance",
    "supervisor",
    "admin",
)


@pytest_asyncio.fixture
async def recorder(world: World) -> Recorder:
    recorder = Recorder()
    world.http.event_hooks["request"].append(recorder.note)
    return recorder


async def _token(caller: Caller, probe: str) -> str:
    """Return an access token of somebody that is good now."""
    await caller.send("GET", probe)
    assert caller._tokens is not None
    return str(caller._tokens["access_token"])


async def _replay(world: World, call: Call, who: Mapping[str, str]) -> httpx.Response:
    headers = {**dict(call.headers), **who}
    return await world.http.request(call.method, call.target, headers=headers, content=call.body)


async def _tell(world: World) -> tuple[acts.Case, acts.Case]:
    """Let one household go all the way to the bank, and another one stand where it can lose something."""
    other = await acts.apply(world, world.family(44))
    case = await acts.reach_the_award(world, world.family(0))
    await case.phone.get(f"{case.url}/report")
    await case.phone.get(f"{case.url}/assessment")
    await case.phone.get("/v1/awards")
    complaint = {"category": "complaint", "text": "等候时间长。（测试）", "division": case.family.division}
    await case.phone.post("/v1/complaints", complaint)
    await world.on(date(2027, 1, 11))
    month = world.today().isoformat()[:7]
    await acts.pay(world, month)
    await case.phone.get("/v1/payments")
    await case.payments()
    await world.drain()
    return case, other


def _secrets(case: acts.Case) -> set[str]:
    """Return what belongs to a household alone: found in an answer to others, it has crossed."""
    found = {case.id, case.number, case.lookup_code, *case.members.values()}
    for person in case.family.members:
        found |= {person.id_number, person.name, *(account.number for account in person.accounts)}
    return {text for text in found if text}


async def test_no_call_of_one_identity_gives_another_anything(world: World, recorder: Recorder):
    case, other = await _tell(world)
    phone, neighbour = await _token(case.phone, "/v1/me"), await _token(other.phone, "/v1/me")
    home = {post: await _token(world.at(post), "/v1/console/applications") for post in _HOME_POSTS}
    away = {post: await _token(world.stranger(post), "/v1/console/applications") for post in _STRANGERS}
    await world.drain()
    recorder.paused = True
    of_phone, of_neighbour = (recorder.calls[subject_of(token)] for token in (phone, neighbour))
    of_home = [call for token in home.values() for call in recorder.calls[subject_of(token)]]
    of_partners = [call for partner in ("banking", "paying_bank") for call in recorder.calls[partner]]
    assert len(of_phone) > 20
    assert len(of_home) > 15
    assert of_partners

    secrets = _secrets(case)
    partner = {"Authorization": f"Bearer {INBOUND_SECRET}", "X-Partner": "natural_resources"}
    plans: list[tuple[str, Mapping[str, str], list[Call], set[str]]] = [
        ("applicant as applicant", _as(neighbour), of_phone, secrets),
        ("applicant as applicant, the other way", _as(phone), of_neighbour, _secrets(other)),
        ("applicant as staff", _as(neighbour), of_home, secrets),
        ("applicant as partner", _as(neighbour), of_partners, secrets),
        ("partner as applicant", partner, of_phone, secrets),
        ("partner as staff", partner, of_home, secrets),
        ("one partner as another", partner, of_partners, secrets),
        *((f"staff {post} of another county", _as(token), of_home, secrets) for post, token in away.items()),
        *((f"staff {post} as applicant", _as(token), of_phone, secrets) for post, token in away.items()),
        *((f"own staff {post} as applicant", _as(token), of_phone, secrets) for post, token in home.items()),
        *((f"own staff {post} as partner", _as(token), of_partners, secrets) for post, token in home.items()),
    ]
    for name, who, calls, theirs in plans:
        before = await dump(world.database_url)
        for call in calls:
            if (call.method, call.target) in _ONES_OWN:
                continue
            answer = await _replay(world, call, who)
            where = f"{name}: {call.method} {call.target} → {answer.status_code}"
            assert answer.status_code < 500, where
            assert "Idempotent-Replayed" not in answer.headers, where
            said = {text for text in theirs if text in answer.text and text not in call.target}
            assert not said, (where, said, answer.text)
        assert differences(before, await dump(world.database_url)) == {}, name

    lists = ("/v1/complaints", "/v1/applications")
    theirs = [await case.phone.get(path) for path in lists]
    for call in (call for call in of_phone if (call.method, call.target) in _ONES_OWN):
        answer = await _replay(world, call, _as(neighbour))
        assert "Idempotent-Replayed" not in answer.headers
        assert theirs[0]["items"][0]["number"] not in answer.text
        assert not any(text in answer.text for text in secrets)
    assert [await case.phone.get(path) for path in lists] == theirs


def _as(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
