"""What lies at an address, found by its segments in one walk.

The framework tries the pattern of one route after another; with a hundred routes that costs more than answering.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

T = TypeVar("T")
_FOUND = "directory.route"  # in the scope: the route that a Shortcut stands for


@dataclass
class _Place(Generic[T]):
    named: dict[str, "_Place[T]"] = field(default_factory=dict)
    parameter: "_Place[T] | None" = None
    things: list[T] = field(default_factory=list)


class Directory(Generic[T]):
    """Things by path templates such as `/v1/applications/{application_id}`."""

    def __init__(self) -> None:
        self._root: _Place[T] = _Place()

    def add(self, template: str, thing: T) -> None:
        """Put a thing at a template; the same thing again changes nothing."""
        place = self._root
        for segment in template.split("/"):
            if segment.startswith("{"):
                place.parameter = place.parameter or _Place()
                place = place.parameter
            else:
                place = place.named.setdefault(segment, _Place())
        if thing not in place.things:
            place.things.append(thing)

    def find(self, path: str) -> Iterator[T]:
        """Yield what lies at a path; where a name and a parameter fit, the name's first."""
        return self._walk(self._root, path.split("/"), 0)

    def _walk(self, place: _Place[T], segments: list[str], depth: int) -> Iterator[T]:
        if depth == len(segments):
            yield from place.things
            return
        segment = segments[depth]
        named = place.named.get(segment)
        if named is not None:
            yield from self._walk(named, segments, depth + 1)
        if place.parameter is not None and segment:
            yield from self._walk(place.parameter, segments, depth + 1)


class Shortcut(BaseRoute):
    """Stands before all routes and goes straight to the one that fits. What fits none is left to the routes behind it,
    which know how to refuse."""

    def __init__(self, mounted: Iterable[tuple[APIRouter, BaseRoute]]) -> None:
        """`mounted`: each router, and the route that it became."""
        self._directory: Directory[BaseRoute] = Directory()
        for router, route in mounted:
            for each in router.routes:
                self._directory.add(getattr(each, "path", ""), route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http":
            for route in self._directory.find(scope["path"]):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    return match, {**found, _FOUND: route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        route: Any = scope[_FOUND]
        await route.handle(scope, receive, send)
