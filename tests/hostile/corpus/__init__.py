"""The hostile corpus: thousands of bodies, values, addresses and headers, made from lists, always the same."""

from functools import cache

from tests.hostile.corpus import bodies, dates, encodings, headers, ids, numbers, paths, queries, shapes, texts
from tests.hostile.corpus.base import Case, Slot

__all__ = ["Case", "Slot", "corpus"]

_PARTS = (bodies, encodings, texts, numbers, dates, ids, shapes, paths, queries, headers)


@cache
def corpus() -> tuple[Case, ...]:
    """Return all cases, in a fixed order."""
    return tuple(case for part in _PARTS for case in part.cases())
