"""Telling from one row which file it was taken from, when it has turned up where it does not belong."""

import csv
from dataclasses import dataclass

from app.audit.commands import record_act
from app.audit.purposes import Purpose
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.core.watermarks import Mark, find_mark, read_mark
from app.exports.errors import RowUnknown
from app.exports.queries import Source, list_sources
from app.identity.actors import Actor, Role

_TRACERS = frozenset({Role.SUPERVISOR})


@dataclass(frozen=True)
class Traced:
    """The file a row was taken from, and what its mark says of the row."""

    source: Source
    mark: Mark


async def trace_row(db: WriteSession, actor: Actor, row: str) -> Traced:
    """Return which file a row is of: an export's or a payroll roster's.

    Raises:
        RoleNotAllowed: only supervisors trace.
        RowUnknown: it has no mark, or that of no file of the actor's division.
    """
    if actor.role not in _TRACERS:
        raise RoleNotAllowed
    cells = _cells_of(row)
    place = find_mark(cells)
    if place is None:
        raise RowUnknown
    # The words before the mark stand in every row; the row's own cells come first.
    mark, own = cells[place], cells[: max(place - 1, 0)]
    for source in await list_sources(db, actor):
        found = read_mark(db.vault, source.file, mark, own)
        if found is not None:
            await record_act(
                db,
                actor,
                "export.trace",
                source.object_type,
                source.object_id,
                county=actor.division and actor.division[:6],
                purpose=Purpose.SUPERVISION,
                file=source.file,
                place=found.place,
            )
            return Traced(source, found)
    raise RowUnknown


def _cells_of(row: str) -> list[str]:
    try:
        return next(csv.reader([row]), [])
    except csv.Error:  # not one line of a file
        return []
