"""Reads of the books, and the two inserts that the commands use."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, func, insert, select, union_all

from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.core.sql import new_id_for_each_row
from app.ledger.models import Posting

COLUMNS = ("county", "debit", "credit", "amount_fen", "cause_type", "cause_id", "posted_at")


def _sides() -> Any:
    debits = select(Posting.county, Posting.debit.label("account"), Posting.amount_fen.label("fen"))
    credits = select(Posting.county, Posting.credit, -Posting.amount_fen)
    return union_all(debits, credits).subquery("sides")


async def list_balances(db: ReadSession, county: str) -> Mapping[str, int]:
    """Return the balance of every account of a county in fen: debits less credits."""
    sides = _sides()
    query = select(sides.c.account, func.sum(sides.c.fen)).where(sides.c.county == county).group_by(sides.c.account)
    return {account: int(fen) for account, fen in (await db.execute(query)).all()}


async def get_balance(db: ReadSession, account: str) -> int:
    """Return the balance of one account in fen: debits less credits; 0 for an account nothing was posted to."""
    debits = select(func.coalesce(func.sum(Posting.amount_fen), 0)).where(Posting.debit == account)
    credits = select(func.coalesce(func.sum(Posting.amount_fen), 0)).where(Posting.credit == account)
    return int((await db.execute(select(debits.scalar_subquery() - credits.scalar_subquery()))).scalar_one())


async def sum_of_balances(db: ReadSession) -> int:
    """Return the sum over all accounts: 0, or the books are wrong."""
    sides = _sides()
    return int((await db.execute(select(func.coalesce(func.sum(sides.c.fen), 0)))).scalar_one())


async def list_postings_of(db: ReadSession, cause_id: UUID) -> Sequence[Posting]:
    """Return what was posted for one cause, in order."""
    query = select(Posting).where(Posting.cause_id == cause_id).order_by(Posting.id)
    return (await db.execute(query)).scalars().all()


async def add_postings(db: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add postings in one statement."""
    await db.execute(insert(Posting), [{"id": new_id(), **row} for row in rows])


async def add_postings_selected(db: WriteSession, source: Select[*tuple[Any, ...]]) -> int:
    """Add one posting for each row of `source`, whose columns are COLUMNS; return how many."""
    rows = source.subquery("source")
    columns = (rows.c[name] for name in COLUMNS)
    statement = insert(Posting).from_select(["id", *COLUMNS], select(new_id_for_each_row(), *columns))
    return cast("CursorResult[Any]", await db.execute(statement)).rowcount
