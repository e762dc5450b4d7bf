"""How the trial goes: a week in which applications are accepted, agencies fail, one is dead and the worker is killed.

What happens follows what the database says has been reached, not the clock of this machine.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.core.db import Database
from app.partners.registry import SINGLY
from tests.support.verification_trial.audit import ITEMS
from tests.support.verification_trial.cases import TrialCase, accept_cases, withdraw
from tests.support.verification_trial.stack import VerificationStack

# Kind, share of the answers, seconds. No two shares are alike: faults are spread evenly, and would all befall the same
# answers. Together they spoil about three in ten.
FAULTS = (
    ("error", 0.073, 0.0),
    ("silence", 0.061, 0.0),
    ("garbage", 0.067, 0.0),
    ("other_shape", 0.057, 0.0),
    ("latency", 0.053, 6.0),  # longer than an attempt may take
    ("somebody_else", 0.029, 0.0),
)
_DEAD = (("silence", 1.0, 0.0),)
_REACHED = 0.8  # of a step's questions; the rest is under way, or waits for who is dead
_STALLED = 3.0  # seconds with hardly any progress, until the clock is moved on
_HARDLY = 15  # attempts in that time, of 150 households or more: what is left waits by the clock

_PROGRESS = "SELECT count(*) FROM check_attempts"
_OPEN = """
    SELECT (SELECT count(*) FROM checks WHERE status IN ('requested', 'dispatched', 'awaiting_entry'))
        + (SELECT count(*) FROM pgqueuer)
        + (SELECT count(*) FROM applications a WHERE a.status = 'accepted' AND NOT EXISTS (
            SELECT FROM household_reports r WHERE r.application_id = a.id))
"""


@dataclass
class Course:
    """One run. `withdrawn`: when members withdrew, in the machine's time."""

    stack: VerificationStack
    seen: Database
    cases: Sequence[TrialCase]
    steps: Sequence[str]  # how far the clock goes after each, together a week
    kills: int
    chooser: random.Random
    withdrawn: dict[UUID, float] = field(default_factory=dict)
    dead: str = ""

    async def run(self) -> None:
        """Let the week pass, and then whatever is still to be done."""
        asked = [agency.code for agency in SINGLY if not agency.items.keys().isdisjoint(ITEMS)]
        self.dead = self.chooser.choice([code for code in asked if code != "banking"])
        for agency in SINGLY:
            await self.stack.break_agency(agency.code, _DEAD if agency.code == self.dead else FAULTS)
        self.stack.start_workers()
        accepted = killed = 0
        for number, step in enumerate(self.steps, start=1):
            taken, due = (share * number // len(self.steps) for share in (len(self.cases), self.kills))
            await self._go_on(self.cases[accepted:taken], due - killed)
            accepted, killed = taken, due
            await self.stack.advance(step)
        await self.stack.break_agency(self.dead, FAULTS)  # there again after a week
        await self._finish()

    async def _go_on(self, taken: Sequence[TrialCase], kills: int) -> None:
        """Accept some households, and kill the worker while it asks about them; one member changes his mind."""
        before = await self._count(_PROGRESS)
        await accept_cases(self.seen, taken)
        questions = int(sum(len(case.members) for case in taken) * len(ITEMS) * _REACHED)
        for kill in range(kills):
            await self._reach(before + questions * (kill + 1) // (kills + 1))
            await asyncio.sleep(self.chooser.random() / 2)
            self.stack.kill_worker(kill)
        families = [case for case in taken if len(case.members) > 1]
        if families:
            await self._withdraw(self.chooser.choice(families))
        await self._reach(before + questions)

    async def _withdraw(self, case: TrialCase) -> None:
        member = self.chooser.choice(list(case.members)[1:])
        await withdraw(self.seen, case, member)
        self.withdrawn[member] = time.time()

    async def _reach(self, attempts: int) -> None:
        async def reached() -> bool:
            return await self._count(_PROGRESS) >= attempts

        await self._wait_until(reached, "PT1M")

    async def _finish(self) -> None:
        async def finished() -> bool:
            return await self._count(_OPEN) == 0

        await self._wait_until(finished, "PT10M")

    async def _wait_until(self, condition: Callable[[], Awaitable[bool]], pause: str) -> None:
        """Wait for something. While hardly anything goes on, the clock does: whoever waits, waits by that clock. Else
        not: every question under way would look as if its worker had died."""
        enough = max(1, min(_HARDLY, len(self.cases) // 10))
        last, since = -enough, time.monotonic()
        while not await condition():
            self.stack.require_alive()
            now = await self._count(_PROGRESS)
            if now - last >= enough:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > _STALLED:
                await self.stack.advance(pause)
                last, since = now, time.monotonic()
            await asyncio.sleep(0.1)

    async def _count(self, query: str) -> int:
        async with self.seen.reading() as db:
            counted: Any = await db.scalar(text(query))
        return int(counted)
