"""A world for stories by date: phones, consoles, agencies and a bank around the real application and the real worker.

Everything goes over HTTP as the audiences do it. Only the clock and what lies outside are fakes.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

from app.core.clock import SHANGHAI, FixedClock, today
from app.core.db import Database
from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.models import Staff
from app.identity.queries import find_staff_by_username
from app.sandbox.persons import Household
from app.sandbox.population import households
from app.sandbox.staff import POSTS, Post
from app.schedule import WorkerTools
from app.webhooks.sending import WebhookSender
from tests.support.callers import Caller, Console, Phone
from tests.support.calling_back import SIGNED
from tests.support.outside import Outside
from tests.support.working import drain

VILLAGE = "532529103204"  # 嘎他村委会, 红河州 红河县 宝华镇: where the first families live
INBOUND_SECRET = "inbound-test-secret"  # what agencies and the bank show when they call back
_PASSWORD = "测试口令-journeys"
# As real as any, and cheap to verify: the cost stands in the hash.
_PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(_PASSWORD)
_MORE_POSTS = (
    Post("honghe-township-3", "测试红河县乡镇经办丙", Role.TOWNSHIP_HANDLER, "532529103000"),
    Post("honghe-township-4", "测试红河县乡镇经办丁", Role.TOWNSHIP_HANDLER, "532529103000"),
    Post("next-township-1", "测试邻乡经办", Role.TOWNSHIP_HANDLER, "532529203000"),
)


@dataclass
class World:
    """One installation and everybody around it."""

    app: FastAPI
    database: Database
    database_url: str
    clock: FixedClock
    http: httpx.AsyncClient
    outside: Outside
    staff: dict[str, Console] = field(default_factory=dict)
    expected_logs: set[str] = field(default_factory=set)  # warnings that belong to the story
    _phones: dict[str, Phone] = field(default_factory=dict)

    @property
    def anyone(self) -> Caller:
        """Somebody who is not signed in."""
        return Caller(self.http)

    @property
    def worker_tools(self) -> WorkerTools:
        """What the worker reaches outside with."""
        return WorkerTools(
            partners=self.outside.agencies.by_code,
            batch_partners=self.outside.agencies.by_code,
            sms=self.outside.sms,  # type: ignore[arg-type]
            bank=self.outside.bank,
            webhooks=WebhookSender(self.outside.subscriber.client(), "http://test", sandbox=True),
            storage=self.app.state.tools.storage,
            keys=self.app.state.tools.keys,
        )

    def today(self) -> date:
        """Return today's legal date."""
        return today(self.clock)

    def family(self, place: int) -> Household:
        """Return a family of the synthetic population, known to every agency from now on."""
        found = households()[place]
        self.outside.know(found)
        return found

    def phone(self, family: Household) -> Phone:
        """Return the telephone of a family's head."""
        number = family.head.phone
        if number not in self._phones:
            self._phones[number] = Phone(self.http, family, self.outside.sms, self.drain)
        return self._phones[number]

    def at(self, part: str) -> Console:
        """Return a member of the staff around the first village: 'village', 'township-1', 'reviewer', 'county-1' …"""
        return self.staff[f"honghe-{part}"]

    def stranger(self, part: str) -> Console:
        """Return who has the same post in another county."""
        return self.staff[f"zhenxiong-{part}"]

    async def employ(self, *posts: Post) -> None:
        """Open the accounts of these, or of everybody around the first village and its stranger."""
        async with self.database.unit_of_work() as db:
            for post in posts or (*POSTS, *_MORE_POSTS):
                self.staff[post.username] = Console(self.http, post.username, _PASSWORD)
                db.add(
                    Staff(
                        id=new_id(),
                        username=post.username,
                        password_hash=_PASSWORD_HASH,
                        name=post.name,
                        role=post.role,
                        division=post.division,
                        created_at=db.clock.now(),
                    )
                )

    async def staff_id(self, part: str) -> str:
        """Return the id of a member of the staff."""
        async with self.database.reading() as db:
            staff = await find_staff_by_username(db, self.at(part).username)
        assert staff is not None
        return str(staff.id)

    async def move_to(self, part: str, role: Role, division: str) -> None:
        """Give a member of staff another post, as the personnel office would."""
        async with self.database.unit_of_work("personnel") as db:
            staff = await find_staff_by_username(db, self.at(part).username)
            assert staff is not None
            staff.role, staff.division = role, division

    async def drain(self) -> None:
        """Let the worker do everything there is to do now."""
        await drain(self.database, self.database_url, self.worker_tools)

    async def pass_time(self, by: timedelta) -> None:
        """Go on by a while; the worker has worked at its end."""
        self.clock.advance(by)
        await self.drain()

    async def on(self, day: date, hour: int = 12) -> None:
        """Go on to a later moment, by Chinese time; the worker has worked meanwhile."""
        moment = datetime.combine(day, time(hour), SHANGHAI)
        assert moment >= self.clock.now(), "time goes forward"
        self.clock.set(moment)
        await self.drain()

    async def banks_call_back(self) -> list[bool]:
        """Let the banks answer every question they were asked; returns which answers changed anything."""
        answers = []
        for reference in self.outside.awaited_callbacks():
            body = self.outside.agencies.banking.late_reply(reference, self.today())
            answers.append((await self.call_in("banking", "/v1/partner/check-answers", body)).json()["changed"])
        return answers

    async def bank_settles(self, payroll: str) -> dict[str, Any]:
        """Let the bank carry a batch out, or send its receipts once more; returns what we made of them."""
        body = self.outside.bank.receipts_of(payroll, self.today())
        answer: dict[str, Any] = (await self.call_in("paying_bank", "/v1/partner/receipts", body)).json()
        return answer

    async def call_in(self, partner: str, path: str, body: bytes, secret: str = INBOUND_SECRET) -> httpx.Response:
        """Send what a partner sends."""
        headers = {**_shown_by(partner, secret), "Content-Type": "application/json"}
        return await self.http.post(path, content=body, headers=headers, auth=SIGNED)

    async def events_for(self, partner: str, count: int) -> list[str]:
        """Return the kinds of the events that a partner may fetch, in order, once there are so many.

        The feed ends before the oldest transaction still running on the whole server, whatever its database.
        """
        async with asyncio.timeout(20):
            while True:
                feed = await self.http.get("/v1/partner/events", headers=_shown_by(partner, INBOUND_SECRET))
                kinds = [event["type"] for event in feed.json()["items"]]
                if len(kinds) >= count:
                    return kinds
                await asyncio.sleep(0.05)


def _shown_by(partner: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", "X-Partner": partner}
