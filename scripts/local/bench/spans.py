"""Where the time of one request goes: nested spans, each charged with what it spends outside the spans within it.

For one request at a time: the breakdown is taken without concurrency, so that one stack is enough, whichever task runs.
"""

import functools
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Spans:
    """Seconds and entries per part since the last `take`."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._since = 0.0
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._entries: defaultdict[str, int] = defaultdict(int)

    @contextmanager
    def span(self, part: str) -> Iterator[None]:
        """Charge what happens within to `part`."""
        self._charge()
        self._open.append(part)
        self._entries[part] += 1
        try:
            yield
        finally:
            self._charge()
            self._open.pop()

    def take(self) -> dict[str, tuple[float, int]]:
        """Return seconds and entries of each part, and begin anew."""
        taken = {part: (seconds, self._entries[part]) for part, seconds in self._seconds.items()}
        self._seconds.clear()
        self._entries.clear()
        return taken

    def _charge(self) -> None:
        now = time.perf_counter()
        if self._open:
            self._seconds[self._open[-1]] += now - self._since
        self._since = now

    def watch(self, owner: Any, name: str, part: str, *, awaited: bool = True) -> None:
        """Charge every call of a function or method to `part`; `owner` is the class or module that holds it."""
        original = getattr(owner, name)
        setattr(owner, name, self._awaited(original, part) if awaited else self._called(original, part))

    def _awaited(self, original: Callable[..., Awaitable[Any]], part: str) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(original)
        async def watched(*given: Any, **named: Any) -> Any:
            with self.span(part):
                return await original(*given, **named)

        return watched

    def _called(self, original: Callable[..., Any], part: str) -> Callable[..., Any]:
        @functools.wraps(original)
        def watched(*given: Any, **named: Any) -> Any:
            with self.span(part):
                return original(*given, **named)

        return watched
