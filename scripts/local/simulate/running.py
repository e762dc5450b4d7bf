"""Going through many households in several processes. What comes back are sums, so memory stays flat."""

import multiprocessing
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from scripts.local.simulate.book import Day, Numbering
from scripts.local.simulate.households import count
from scripts.local.simulate.population import chunks_of, draw_chunk
from scripts.local.simulate.tally import Tally

_KILO = 1024


@dataclass(frozen=True)
class Task:
    """What a process needs to know beside its part of the work."""

    before: Day
    after: Day

    @property
    def on(self) -> date:
        """The day that is judged."""
        return self.before.on


Part = Callable[[Numbering], Tally]
_numbering: Numbering | None = None  # of this process: resolved once, used by all its parts


def synthetic_parts(seed: int, households: int, on: date) -> Iterator[Part]:
    """Cut made-up households into parts."""
    for chunk, size in chunks_of(households):
        yield partial(_count_chunk, seed, chunk, size, on)


def run_parts(task: Task, parts: Iterable[Part], processes: int) -> Tally:
    """Go through all parts in a number of processes; with one, in this one.

    Raises:
        Refusal, ParameterNotUsable, RulesNotInForce: the numbers cannot be used.
    """
    whole = Tally()
    if processes == 1:
        numbering = Numbering(task.before, task.after)
        for part in parts:
            whole.merge(part(numbering))
        return whole
    # Spawned, not forked: a forked child shares pages with its parent only until it counts the first reference.
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, _prepare, (task,)) as pool:
        for tally in pool.imap_unordered(_run_part, parts):
            whole.merge(tally)
    return whole


def peak_megabytes() -> int:
    """Return the most memory that any one of the processes held."""
    unit = 1 if sys.platform == "darwin" else _KILO
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return most * unit // _KILO**2


def _prepare(task: Task) -> None:
    global _numbering
    _numbering = Numbering(task.before, task.after)


def _run_part(part: Part) -> Tally:
    assert _numbering is not None
    return part(_numbering)


def _count_chunk(seed: int, chunk: int, size: int, on: date, numbering: Numbering) -> Tally:
    return count(draw_chunk(seed, chunk, size, on), numbering)
