"""The change that nearly every act makes, values in one row, as a prepared UPDATE.

The unit of work sorts, cascades and compiles for rows that depend on one another. For one row alone that takes ten
times as long as sending the statement does, and comes to the same: the same columns, the version counted, and nothing
changed where somebody else was first.
"""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, inspect, update
from sqlalchemy.orm import InstanceState, Mapper, Session
from sqlalchemy.orm.exc import StaleDataError

from app.core.prepared import Prepared, asked

_AS_READ = "as_read_"  # begins the places of what the row is found by


class Change(NamedTuple):
    """What is to be sent of one row: `statement` returns a row if it was as it had been read."""

    statement: Prepared
    values: dict[str, Any]
    state: InstanceState[Any]
    version: int | None


def only_change(session: Session) -> Change | None:
    """Return what the session has to send, if that is new values in the columns of one row; None: the mapper's to do.

    Within a savepoint it is the mapper that knows what to forget when that is undone.
    """
    if session.new or session.deleted or session.in_nested_transaction():
        return None
    dirty = list(session.dirty)
    state = inspect(dirty[0]) if len(dirty) == 1 else None
    names = _changed(state) if state is not None else ()
    if state is None or not names:
        return None
    session.dispatch.before_flush(session, None, None)  # for those who look at what a row was before
    mapper, row = state.mapper, state.dict
    counted = _version_of(mapper)
    version = None if counted is None else row[counted] + 1
    values = {mapper.columns[name].key: row[name] for name in names}
    values |= {_AS_READ + name: row[name] for name in _found_by(mapper)}
    if counted is not None:
        values[mapper.columns[counted].key] = version
    return Change(_statement(mapper, names), values, state, version)


def settle(session: Session, change: Change, *, found: bool) -> None:
    """Let the row be as it is now in the database.

    Raises:
        StaleDataError: it was not `found` as it had been read.
    """
    state, counted = change.state, _version_of(change.state.mapper)
    if not found:
        raise StaleDataError(f"a row of {state.class_.__name__} was changed or removed meanwhile")
    if counted is not None:
        state.dict[counted] = change.version
    state._commit_all(state.dict, session.identity_map)  # as the mapper does at the end of a flush


def _changed(state: InstanceState[Any]) -> tuple[str, ...]:
    """Return the attributes that have new values; none, if something else changed than values in columns."""
    mapper, row, former = state.mapper, state.dict, state.committed_state
    if any(name not in mapper.column_attrs or name not in row or _is_computed(row[name]) for name in former):
        return ()
    if any(name in former or name not in row for name in _found_by(mapper)):
        return ()
    return tuple(sorted(name for name in former if state.attrs[name].history.has_changes()))


def _is_computed(value: Any) -> bool:
    return isinstance(value, ClauseElement) or hasattr(value, "__clause_element__")


@cache
def _version_of(mapper: Mapper[Any]) -> str | None:
    return None if mapper.version_id_col is None else mapper.get_property_by_column(mapper.version_id_col).key


@cache
def _found_by(mapper: Mapper[Any]) -> tuple[str, ...]:
    """Return the attributes by which a row is found as it had been read."""
    counted = _version_of(mapper)
    keys = (mapper.get_property_by_column(column).key for column in mapper.primary_key)
    return (*keys, *(() if counted is None else (counted,)))


@cache
def _statement(mapper: Mapper[Any], names: tuple[str, ...]) -> Prepared:
    counted = _version_of(mapper)
    written = [mapper.columns[name].key for name in (*names, *(() if counted is None else (counted,)))]
    as_read = (mapper.columns[name] == asked(_AS_READ + name) for name in _found_by(mapper))
    return Prepared(update(mapper.class_).where(*as_read).returning(*mapper.primary_key), written)
