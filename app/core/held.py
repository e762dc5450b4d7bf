"""What is held about one citizen: every table says which of its rows are about him, and one reader writes them out.

Rows are written by what the models declare: every column but those named `without`, sealed ones opened. So a column
that is added tomorrow is in the citizen's copy without anybody thinking of it; what is left out is left out by name.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, inspect, select

from app.core.clock import SHANGHAI
from app.core.crypto import ValueErased
from app.core.crypto.columns import INFO, SealedColumn
from app.core.db import Base, ReadSession

MOST = 200  # rows of one table in one copy, the newest: beyond it the copy says that it is not whole
_SEALED = "_sealed"


@dataclass(frozen=True)
class Subject:
    """A citizen, by everything that rows know him by.

    `cases`: applications he made. `memberships`: rows of `members` that are he himself, in whosever case. `wards`: the
    minors of his own cases. `awards`: award → its application. `indexes`: blind indexes, by 'table.column'.
    """

    citizen: UUID
    cases: frozenset[UUID]
    memberships: frozenset[UUID]
    wards: frozenset[UUID]
    awards: Mapping[UUID, UUID]
    indexes: Mapping[str, bytes]


Writer = Callable[[ReadSession, Any, Subject], Mapping[str, Any]]


@dataclass(frozen=True)
class Holding:
    """Which rows of a table are about a citizen.

    `without`: attributes that are not his to see, or tell nothing: who of the staff it was, workings of a queue. `adds`
    writes what no column says as it stands. `since`: the attribute that begins the row's own period, where it does not
    follow a case's. `withheld`: what is kept back for the sake of others, by name.
    """

    model: type[Base]
    belongs: Callable[[Subject], ColumnElement[bool]]
    without: frozenset[str] = frozenset()
    adds: Writer | None = None
    since: str | None = None
    withheld: tuple[str, ...] = ()
    most: int = MOST

    @property
    def table(self) -> str:
        """The table's name, which is the name of this part of a copy."""
        name: str = self.model.__tablename__
        return name


@dataclass(frozen=True)
class HeldRow:
    """One row, written out; `case`: the application whose file it belongs to; `since`: what begins its own period."""

    data: Mapping[str, Any]
    case: UUID | None
    since: date | None


@dataclass(frozen=True)
class HeldPart:
    """All of one table. Not `complete`: only the newest rows are here."""

    table: str
    rows: tuple[HeldRow, ...] = ()
    complete: bool = True
    withheld: tuple[str, ...] = field(default=())


async def read_held(db: ReadSession, holding: Holding, subject: Subject) -> HeldPart:
    """Return what one table holds about a citizen, the newest first."""
    key = inspect(holding.model).primary_key[0]
    query = select(holding.model).where(holding.belongs(subject)).order_by(key.desc()).limit(holding.most + 1)
    rows = (await db.execute(query)).scalars().all()
    written = tuple(_write(db, holding, row, subject) for row in rows[: holding.most])
    return HeldPart(holding.table, written, len(rows) <= holding.most, holding.withheld)


def plain(value: Any) -> Any:
    """Write a value as JSON has it: instants with China's offset, dates plain."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(each) for each in value]
    return value


def _write(db: ReadSession, holding: Holding, row: Base, subject: Subject) -> HeldRow:
    data = dict(_columns(db, holding, row))
    if holding.adds is not None:
        data |= {name: plain(value) for name, value in holding.adds(db, row, subject).items()}
    since = getattr(row, holding.since) if holding.since else None
    if isinstance(since, datetime):
        since = since.astimezone(SHANGHAI).date()
    return HeldRow(data, _case_of(row, subject), since)


def _columns(db: ReadSession, holding: Holding, row: Base) -> Iterable[tuple[str, Any]]:
    properties = inspect(holding.model).column_attrs
    clear = {each.clear for column in properties if (each := column.columns[0].info.get(INFO)) is not None}
    for each in properties:
        column, name = each.columns[0], each.key
        declared: SealedColumn | None = column.info.get(INFO)
        if name in holding.without or column.name in clear:
            continue
        if declared is not None:
            yield name.removesuffix(_SEALED), _open(db, row, name, column, declared)
        elif not isinstance(column.type, LargeBinary):  # blind indexes tell nothing
            yield name, plain(getattr(row, name))


def _open(db: ReadSession, row: Base, name: str, column: Any, declared: SealedColumn) -> Any:
    value = getattr(row, name)
    if value is None:
        return None if declared.clear is None else plain(getattr(row, f"{declared.clear}_clear"))
    try:
        text = db.vault.open(declared.bound_as(column), getattr(row, declared.row), value)
    except ValueErased:
        return None  # it is not held any more
    with contextlib.suppress(ValueError):
        return json.loads(text) if text[:1] in ("{", "[") else text
    return text  # somebody's words that begin like JSON


def _case_of(row: Any, subject: Subject) -> UUID | None:
    application: UUID | None = getattr(row, "application_id", None)
    award: UUID | None = getattr(row, "award_id", None)
    if row.__tablename__ == "applications":
        application = row.id
    if row.__tablename__ == "awards":
        award = row.id
    return application or (subject.awards.get(award) if award else None)
