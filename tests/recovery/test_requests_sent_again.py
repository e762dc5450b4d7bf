"""Every POST that creates is sent one to five times, while answers get lost and the API is killed every half second.

Small in the suite; `scripts/trial-retries` runs it with two hundred clients (TRIAL_RETRIES) and prints what it
measured. TRIAL_SEED repeats a run's choices, though not the moments at which they meet a kill.

Half a second is what the API serves for: then it is killed in the middle of whatever it has begun, and another one is
forked at once (`tests/support/preloaded_api.py` says how, and why). Until that one serves some more time passes, which
the report counts: how often it was killed, how far apart, and for how long it served each time.
"""

import asyncio
import json
import os
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from app.core.db import Database
from app.identity.actors import Role
from app.identity.commands import SignedIn, start_session
from app.keys.loading import open_vault
from tests.support.creating import Applicant, fill_in_of, find_effects, make_applicants
from tests.support.losing_link import LosingLink
from tests.support.preloaded_api import PreloadedApi
from tests.support.renewing import Sessions
from tests.support.repeating_phone import Act, Log, RepeatingPhone

CLIENTS = int(os.environ.get("TRIAL_RETRIES", "8"))
SEED = int(os.environ.get("TRIAL_SEED") or random.randrange(10**9))
UP_FOR = 0.5  # seconds
BESIDES = 4  # things that each client does and need not
PAUSE = max(1.0, CLIENTS / 5)  # seconds at most between two tries: longer, the more of them knock at one door
LOST = 0.25  # of the answers
PATIENCE = 240 + 10 * CLIENTS  # seconds for all of it: what bounds a hang, on a machine with much else to do

Doing = Callable[[Act], Awaitable[Any]]

_LISTS = {
    "acts on record": "SELECT action, object_id FROM audit_records",
    "events": "SELECT type, subject FROM events",
    "jobs": "SELECT convert_from(payload, 'UTF8')::jsonb->>'event' FROM pgqueuer",
}


async def test_a_key_has_one_effect_and_one_answer_however_often_it_is_sent(database_url, database, tmp_path):
    print(f"\nseed {SEED}")
    # Each client has an address of its own, as behind a proxy: what needs no account is limited by address. Of many
    # connections begun anew at once none would have done anything before it is killed.
    settings = {"DIBAO_TRUSTED_PROXIES": "127.0.0.1/32", "DIBAO_POOL_SIZE": "3"}
    api = PreloadedApi(tmp_path, database_url, settings)
    log, seen = Log(), api.database()
    sessions = Sessions(lambda owner: _sign_in(seen, api, owner))
    link = LosingLink(api.port, LOST, random.Random(f"{SEED} link"))
    try:
        await open_vault(seen)
        applicants = await make_applicants(seen, api.keys, CLIENTS, sessions)
        await api.start()
        async with asyncio.timeout(PATIENCE):
            began = time.monotonic()
            served = await _let_them_send(applicants, link, api, log, seen, sessions)
            assert len(served) >= 3, "hardly ever killed: nothing was tried"
            print(_measure(link, log, served, time.monotonic() - began), _renewals(sessions))
            await _ask_all_once_more(api, log, sessions)
        assert sessions.renewed, "no access token ended on the way: nothing was tried"
        assert log.first_repeated, "every first answer arrived: nothing was tried"
        assert set(log.statuses) <= {200, 201, 409, 422, 429, 503}
        assert {len(answers) for answers in log.heard.values()} == {1}, _told_differently(log)
        await _check_database(seen, log)
    finally:
        api.end()
        await seen.dispose()


async def _let_them_send(
    applicants: list[Applicant], link: LosingLink, api: PreloadedApi, log: Log, seen: Database, sessions: Sessions
) -> list[float]:
    """Let all clients do all they want while the API is killed; return how long it served each time."""
    async with link.running(), _client(link.port) as http, asyncio.TaskGroup() as group:
        sending = group.create_task(_apply_all(applicants, http, log, seen, sessions))
        killing = group.create_task(_kill_again_and_again(api, link, sending))
    return killing.result()


async def _kill_again_and_again(api: PreloadedApi, link: LosingLink, sending: asyncio.Task[None]) -> list[float]:
    """Kill the API once it served for half a second; on a machine too busy for any answer in that time, after one."""
    served, since = [], time.monotonic()
    while not sending.done():
        began = time.monotonic()
        # Among other tests the API may hardly get to run in half a second; the trial keeps to it.
        up_for = UP_FOR if "TRIAL_RETRIES" in os.environ else UP_FOR * (1 + (began - since) / 30)
        link.answered.clear()
        answered = asyncio.ensure_future(link.answered.wait())
        await asyncio.wait({sending}, timeout=up_for)
        await asyncio.wait({sending, answered}, return_when=asyncio.FIRST_COMPLETED)
        answered.cancel()
        if not sending.done():
            served.append(time.monotonic() - began)
            await api.kill_and_start()
    return served


async def _apply_all(
    applicants: list[Applicant], http: httpx.AsyncClient, log: Log, seen: Database, sessions: Sessions
) -> None:
    free = asyncio.Semaphore(4)  # we have few connections to the database ourselves, and wait for them without limit
    async with asyncio.TaskGroup() as group:
        for applicant in applicants:
            chooser = random.Random(f"{SEED} client {applicant.number}")
            phone = RepeatingPhone(http, sessions, chooser, log, patience=PAUSE)
            group.create_task(_apply(applicant, phone, seen, free))


async def _apply(applicant: Applicant, phone: RepeatingPhone, seen: Database, free: asyncio.Semaphore) -> None:
    """Do what leads to an application that is handed in, two things at a time where their order does not matter."""
    application = (await phone.do(applicant.begins()))["id"]
    async with free:
        await fill_in_of(seen, applicant, application)
    chooser = random.Random(f"{SEED} order {applicant.number}")
    doings: list[tuple[Doing, Act]] = [(phone.do, act) for act in applicant.adds(application)]
    doings += [(phone.compete, act) for act in applicant.wavers()]
    doings = [(phone.do, act) for act in applicant.signs(application)] + chooser.sample(doings, BESIDES)
    chooser.shuffle(doings)

    async def one_after_another(part: Sequence[tuple[Doing, Act]]) -> None:
        for doing, act in part:
            await doing(act)

    await asyncio.gather(one_after_another(doings[::2]), one_after_another(doings[1::2]))
    await phone.do(applicant.hands_in(application))


async def _ask_all_once_more(api: PreloadedApi, log: Log, sessions: Sessions) -> None:
    """Ask a freshly started API, which nobody kills any more, for everything again: what was, and what never was."""
    await api.kill_and_start()
    async with _client(api.port) as http:
        phone = RepeatingPhone(http, sessions, random.Random(SEED), log, patience=PAUSE)
        waiting = list(log.heard)

        async def ask() -> None:
            while waiting:
                act = waiting.pop()
                await phone.succeed(act)
                await phone.be_refused(act)

        await asyncio.gather(*(ask() for _ in range(8)))


async def _check_database(seen: Database, log: Log) -> None:
    """For each key one effect, which is the one that was told, and one kept answer; nothing besides, nothing twice."""
    told = Counter((act.effect, json.loads(answer.content)[act.told]) for act in log.heard for answer in log.heard[act])
    assert await find_effects(seen) == told
    async with seen.reading() as db:
        kept = (await db.execute(text("SELECT status FROM kept_answers"))).scalars().all()
        assert Counter(kept) == Counter(answer.status for answers in log.heard.values() for answer in answers)
        for what, query in _LISTS.items():
            twice = [row for row, times in Counter(map(tuple, await db.execute(text(query)))).items() if times > 1]
            assert not twice, f"{what} are there twice"


async def _sign_in(seen: Database, api: PreloadedApi, owner: UUID) -> SignedIn:
    async with seen.unit_of_work() as db:
        return await start_session(db, api.keys, owner, Role.APPLICANT)


def _told_differently(log: Log) -> str:
    return "\n".join(f"{act.path} {act.key}: {answers}" for act, answers in log.heard.items() if len(answers) > 1)


def _measure(link: LosingLink, log: Log, served: list[float], seconds: float) -> str:
    answered = ", ".join(f"{times} × {status}" for status, times in sorted(log.statuses.items()))
    return (
        f"{CLIENTS} clients did {len(log.heard)} things in {seconds:.0f} s. The API was killed {len(served)} times, "
        f"every {seconds / len(served):.2f} s; it had served for {median(served):.2f} s (median), {max(served):.2f} s "
        "at most.\n"
        f"{log.meant} sendings ({log.refused} of them with a changed body) took {log.tries} requests: "
        f"{link.lost} answers were lost on the way, {link.unanswered} requests ended with the API.\n"
        f"Answered: {answered}. Repeated from the first: {log.repeated}; "
        f"for {log.first_repeated} of the keys the first success that arrived was such a repetition."
    )


def _renewals(sessions: Sessions) -> str:
    return f"{sessions.renewed} sessions were renewed; {sessions.signed_in} phones signed in anew."


def _client(port: int) -> httpx.AsyncClient:
    """Return a client that opens a connection for each request, as many as it likes."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20, limits=limits)
