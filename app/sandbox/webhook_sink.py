"""A receiver for demonstrations of webhooks: keeps what came, and fails when told to. In memory only."""

from collections import deque
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.sandbox.world import World, read_body

_KEPT = 200
_MOST_SINKS = 50

Name = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$")]


class FailIn(BaseModel):
    """Fail the next `times` deliveries with `status`; with `retry_after`, say so in a header."""

    model_config = ConfigDict(extra="forbid")

    times: Annotated[int, Field(ge=0, le=1000)]
    status: Annotated[int, Field(ge=300, le=599)] = 500
    retry_after: Annotated[int | None, Field(ge=0, le=86_400)] = None


@dataclass
class _Sink:
    deliveries: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    received: int = 0
    failing: FailIn = field(default_factory=lambda: FailIn(times=0))


class _Sinks:
    """All receivers, by name."""

    def __init__(self) -> None:
        self._sinks: dict[str, _Sink] = {}

    def find(self, name: str) -> _Sink:
        """Return a receiver, or an empty one that is not kept."""
        return self._sinks.get(name) or _Sink()

    def make(self, name: str) -> _Sink:
        """Return a receiver, a fresh one at first use."""
        if name not in self._sinks and len(self._sinks) >= _MOST_SINKS:
            raise HTTPException(429, "too many different sinks; use one that exists")
        return self._sinks.setdefault(name, _Sink())

    def forget(self, name: str) -> None:
        """Drop a receiver."""
        self._sinks.pop(name, None)


def router(world: World) -> APIRouter:
    """Return the receiver."""
    routes = APIRouter(prefix="/webhook-sink")
    sinks = _Sinks()

    @routes.post("/{name}")
    async def receive(request: Request, name: Name) -> Response:
        """Take a delivery."""
        return _take(sinks.make(name), request, await read_body(request), world.clock.now().isoformat())

    @routes.get("/{name}")
    async def show(name: Name) -> dict[str, Any]:
        """Return the latest deliveries, newest first."""
        sink = sinks.find(name)
        return {"received": sink.received, "deliveries": list(reversed(sink.deliveries))}

    @routes.delete("/{name}", status_code=204)
    async def empty(name: Name) -> None:
        """Forget a receiver and its deliveries."""
        sinks.forget(name)

    @routes.post("/{name}/fail")
    async def fail(name: Name, order: FailIn) -> dict[str, Any]:
        """Order failures."""
        sinks.make(name).failing = order
        return order.model_dump()

    return routes


def _take(sink: _Sink, request: Request, body: bytes, at: str) -> Response:
    status, headers = _verdict(sink)
    sink.received += 1
    sink.deliveries.append(
        {
            "received_at": at,
            "headers": dict(request.headers),
            "body": body.decode(errors="replace"),
            "answered": status,
        }
    )
    return Response(status_code=status, headers=headers)


def _verdict(sink: _Sink) -> tuple[int, dict[str, str]]:
    order = sink.failing
    if order.times == 0:
        return 204, {}
    sink.failing = order.model_copy(update={"times": order.times - 1})
    return order.status, {} if order.retry_after is None else {"Retry-After": str(order.retry_after)}
