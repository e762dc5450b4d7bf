"""The post office of the banks: carries out due payment batches and sends what is owed until it is acknowledged."""

import asyncio
import hashlib
import hmac
import logging
import time

import httpx

from app.sandbox.agencies.paying_bank import carry_out
from app.sandbox.faults import Kind
from app.sandbox.queries import Callback
from app.sandbox.world import World

log = logging.getLogger(__name__)

_TICK = 0.1  # seconds between looks
_AT_ONCE = 16
_DEADLINE = 10.0
_LONGEST_PAUSE = 15.0


class PostOffice:
    """Sends call-backs at least once, with growing pauses between attempts."""

    def __init__(self, world: World, http: httpx.AsyncClient) -> None:
        self._world = world
        self._http = http

    async def run(self) -> None:
        """Work until cancelled. A failing round is logged and does not end the work."""
        while True:
            try:
                await self.round()
            except Exception:
                log.exception("a round of the sandbox's post office failed")
            await asyncio.sleep(_TICK)

    async def round(self) -> None:
        """Carry out what is due and send what is owed, once."""
        for batch in self._world.store.list_due_batches(time.time()):
            carry_out(self._world, batch)
        owed = self._world.store.list_due_callbacks(time.time(), _AT_ONCE)
        await asyncio.gather(*(self._send(callback) for callback in owed))

    async def _send(self, callback: Callback) -> None:
        if await self._delivered(callback):
            self._world.store.acknowledge_callback(callback.id)
        else:
            pause = min(0.5 * 2 ** min(callback.attempts, 10), _LONGEST_PAUSE)
            self._world.store.postpone_callback(callback.id, time.time() + pause)

    async def _delivered(self, callback: Callback) -> bool:
        """Try once. Ordered faults befall call-backs too: they come late, broken, or not until the fault is gone."""
        struck = self._world.faults.draw(callback.agency)
        kinds = {fault.kind for fault in struck}
        if Kind.SILENCE in kinds or Kind.ERROR in kinds:
            return False
        await asyncio.sleep(sum(fault.seconds for fault in struck if fault.kind is Kind.LATENCY))
        body = callback.body[: len(callback.body) // 2] if Kind.GARBAGE in kinds else callback.body
        try:
            answer = await self._http.post(
                self._world.public_url.rstrip("/") + callback.path,
                content=body,
                headers=self._headers(callback, body),
                timeout=_DEADLINE,
            )
        except httpx.HTTPError:
            return False
        return answer.is_success and Kind.GARBAGE not in kinds

    def _headers(self, callback: Callback, body: bytes) -> dict[str, str]:
        """Sign a sending, at the time of sending: what is sent again is signed again."""
        connection, now = self._world.connections[callback.agency], int(time.time())
        signed = f"{callback.agency}\n{callback.path}\n{now}\n".encode() + body
        return {
            "Authorization": f"Bearer {connection.inbound_secret}",
            "X-Partner": callback.agency,
            "X-Signed-At": str(now),
            "X-Signature": "v1=" + hmac.new(connection.inbound_key.encode(), signed, hashlib.sha256).hexdigest(),
            "Content-Type": "application/json",
        }
