"""Posting. The books refuse a second posting of the same cause: whoever tries has a bug, and its transaction fails."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from app.core.db import WriteSession
from app.ledger.queries import add_postings, add_postings_selected


@dataclass(frozen=True)
class Entry:
    """Move `amount_fen` (above 0) from `credit` to `debit`, because of one row of the caller's."""

    county: str
    debit: str
    credit: str
    amount_fen: int
    cause_type: str
    cause_id: UUID


async def post(db: WriteSession, entries: Sequence[Entry]) -> None:
    """Post entries.

    Raises:
        sqlalchemy.exc.IntegrityError: a cause was posted before, or an amount is not above 0.
    """
    now = db.clock.now()
    if entries:
        await add_postings(db, [{**asdict(entry), "posted_at": now} for entry in entries])


async def post_selected(db: WriteSession, source: Select[*tuple[Any, ...]]) -> int:
    """Post one entry for each row of a query with the columns of `queries.COLUMNS`; return how many.

    Raises:
        sqlalchemy.exc.IntegrityError: a cause was posted before, or an amount is not above 0.
    """
    return await add_postings_selected(db, source)
