"""A client that sends each request again and again, at once and one after another, and keeps every answer.

What gets no answer it sends again with the same key, as often as it takes; what it is told to ask again later (409, 429
or 503 with Retry-After) it asks again then; an access token that has ended it exchanges. Any other refusal is a fault.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import httpx

from tests.support.renewing import Sessions

MOST_TIMES = 5
_MOST_TRIES = 600  # of one sending; the other side is away again and again
_LATER = (409, 429, 503)


@dataclass(frozen=True, eq=False)
class Act:
    """Something that is asked for under one key.

    `effect` names what it leaves in the database, and its answer says in `told` which row that is. `other` is a body
    that is sent under the same key without having been meant, and `other_effect` what that one would leave.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    effect: str
    other: dict[str, Any]
    other_effect: str = ""
    told: str = "id"
    key: str = field(default_factory=lambda: uuid4().hex)

    def rival(self) -> "Act":
        """Return the same key, meant the other way round."""
        return replace(self, body=self.other, effect=self.other_effect, other=self.body, other_effect=self.effect)


@dataclass(frozen=True)
class Answer:
    """What has to be the same each time."""

    status: int
    content: bytes
    etag: str | None
    location: str | None


@dataclass
class Log:
    """What all clients of a trial sent and heard."""

    heard: dict[Act, set[Answer]] = field(default_factory=dict)  # every success, by what was asked for
    meant: int = 0  # sendings that a client wanted
    refused: int = 0  # of them with a changed body
    tries: int = 0  # requests it took
    repeated: int = 0  # successes that were answered from the first
    first_repeated: int = 0  # keys of which the very first success to arrive was one of those
    statuses: Counter[int] = field(default_factory=Counter)

    def note(self, act: Act, answer: httpx.Response) -> None:
        """Keep a success."""
        told = Answer(answer.status_code, answer.content, answer.headers.get("etag"), answer.headers.get("location"))
        repeated = "idempotent-replayed" in answer.headers
        self.repeated += repeated
        self.first_repeated += repeated and act not in self.heard
        self.heard.setdefault(act, set()).add(told)


class RepeatingPhone:
    """One client; what it does when, `chooser` decides. After a broken connection it pauses, `patience` s at most."""

    def __init__(
        self, http: httpx.AsyncClient, sessions: Sessions, chooser: random.Random, log: Log, *, patience: float
    ) -> None:
        self._http = http
        self._sessions = sessions
        self._random = chooser
        self._log = log
        self._patience = patience

    async def do(self, act: Act) -> dict[str, Any]:
        """Ask for it one to five times, some of them at once; returns what was answered."""
        times = self._random.randint(1, MOST_TIMES)
        at_once = self._random.randint(1, times)
        first, *_ = await asyncio.gather(*(self.succeed(act) for _ in range(at_once)))
        # It is done. From here on another body must be refused, whatever else happens at the same time.
        changed = [self.be_refused(act)] if self._random.random() < 0.5 else []
        await asyncio.gather(*changed, self._succeed_again(act, times - at_once))
        return first

    async def compete(self, act: Act) -> None:
        """Ask for it and for something else under one key, all at once: one of them is done, the other one never."""
        sent = [act, act.rival()] * self._random.randint(1, MOST_TIMES // 2)  # two acts, each of them once or more
        self._random.shuffle(sent)
        answers = await asyncio.gather(*(self._ask(each, each.body) for each in sent))
        done = {each for each, answer in zip(sent, answers, strict=True) if answer.is_success}
        assert len(done) == 1, f"{len(done)} requests were carried out under one key"
        for each, answer in zip(sent, answers, strict=True):
            if each in done:
                self._log.note(each, answer)
            else:
                self._check_refused(answer)

    async def succeed(self, act: Act) -> dict[str, Any]:
        """Ask for it until it is known to be done."""
        answer = await self._ask(act, act.body)
        assert answer.is_success, f"{act.path}: {answer.status_code} {answer.text}"
        self._log.note(act, answer)
        told: dict[str, Any] = answer.json()
        return told

    async def be_refused(self, act: Act) -> None:
        """Send the changed body of something that is done, until it is refused."""
        self._check_refused(await self._ask(act, act.other))

    async def _succeed_again(self, act: Act, times: int) -> None:
        for _ in range(times):
            await self.succeed(act)

    def _check_refused(self, answer: httpx.Response) -> None:
        assert answer.status_code == 422, f"{answer.request.url.path}: {answer.status_code} {answer.text}"
        assert answer.json()["code"] == "idempotency_key_reused", answer.text
        self._log.refused += 1

    async def _ask(self, act: Act, body: dict[str, Any]) -> httpx.Response:
        """Send one request until it is answered for good."""
        self._log.meant += 1
        for times in range(_MOST_TRIES):
            self._log.tries += 1
            headers = {**self._sessions.headers(act.headers), "Idempotency-Key": act.key}
            try:
                answer = await self._http.post(act.path, json=body, headers=headers)
            except httpx.TransportError:
                await self._pause(times)
                continue
            if answer.status_code == 401 and answer.json()["code"] == "token_rejected":
                await self._sessions.renew(self._http, act.headers, headers["Authorization"])
                continue
            self._log.statuses[answer.status_code] += 1
            if answer.status_code not in _LATER or "retry-after" not in answer.headers:
                return answer
            await asyncio.sleep(float(answer.headers["retry-after"]))
        raise AssertionError(f"no answer to {act.path}")

    async def _pause(self, times: int) -> None:
        await asyncio.sleep(self._random.uniform(0, min(self._patience, 0.2 * 2**times)))
