"""Expressions that set-based statements of several stages share."""

from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, String, Text, Uuid, cast, func, literal

from app.core.ids import new_id

_TIME_AND_VERSION = 15  # characters of a written UUIDv7 before its random part: 'tttttttt-tttt-7'


def written_out(code: str) -> BindParameter[str]:
    """Return a code that stands in the statement itself.

    A plan that is kept for all values (PostgreSQL makes one after five runs) uses a partial index only where the
    statement says outright that the index's condition holds.
    """
    return literal(str(code), String, literal_execute=True)


def id_stem() -> str:
    """Return what written UUIDv7 of this moment begin with, where a statement as text gives each row one of its own:
    CAST(:stem || substr(CAST(gen_random_uuid() AS text), 16) AS uuid)."""
    return str(new_id())[:_TIME_AND_VERSION]


def new_id_for_each_row() -> ColumnElement[UUID]:
    """Return an expression that gives every row of INSERT … SELECT a UUIDv7 of its own.

    PostgreSQL before 18 has no uuidv7(): time and version come from a fresh id, the random part from the row.
    """
    random = func.substr(cast(func.gen_random_uuid(), String), _TIME_AND_VERSION + 1)
    return cast(literal(id_stem(), Text).concat(random), Uuid)
