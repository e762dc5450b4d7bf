"""Answers that come in pages. A page that is missing, or says something else than the first, makes all of it garbage:
half a list must never pass for the whole."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from app.partners.exchange import unavailable

RowT = TypeVar("RowT")

_MOST_PAGES = 20  # who has more is not answered about: nobody owns hundreds of anything


@dataclass(frozen=True)
class PageOf(Generic[RowT]):
    """One page, in nobody's words: its place from 1, how many pages and rows there are in all, and its rows."""

    number: int
    pages: int
    total: int
    as_of: date
    rows: tuple[RowT, ...]


async def collect(partner: str, fetch: Callable[[int], Awaitable[PageOf[RowT]]]) -> tuple[date, list[RowT]]:
    """Fetch all pages, one after another, and return the date they hold for with all rows.

    Raises:
        PartnerUnavailable: 'garbage' where the pages do not make up one whole; or what `fetch` raises.
    """
    first = await fetch(1)
    if first.number != 1 or not 0 <= first.pages <= _MOST_PAGES:
        unavailable(partner, "garbage")
    rows = list(first.rows)
    for number in range(2, first.pages + 1):
        page = await fetch(number)
        if (page.number, page.pages, page.total, page.as_of) != (number, first.pages, first.total, first.as_of):
            unavailable(partner, "garbage")
        if not page.rows:
            unavailable(partner, "garbage")
        rows += page.rows
    if len(rows) != first.total:
        unavailable(partner, "garbage")
    return first.as_of, rows
