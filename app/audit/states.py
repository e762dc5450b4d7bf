"""What an object was before an act and after it, as digests.

A digest is HMAC-SHA-256 under the vault's index key over the canonical form of the object's row. Plain SHA-256 would
give the content away: an amount, a date or a yes has few values, and whoever holds the log could try them all. With the
key the digest still says what evidence needs: the same state has the same digest, so the state kept in the row, in a
backup or in a paper file can be compared with it; without the key it says nothing. Sealed fields count by their text,
not by their ciphertext, which changes when a key is rotated.

The state before is taken at the first flush that would change a row, whoever changes it: no command has to remember.
"""

from collections.abc import MutableMapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Column, event, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.base import NO_VALUE

from app.core.canonical import canonical_text
from app.core.crypto import SealedColumn, Vault
from app.core.crypto.columns import INFO
from app.core.db import Base, WriteSession

_KNOWN = "states_before"
_COLUMN = "audit_records.state"
_DERIVED = ("_index", "password_hash")  # blind indexes follow from a field that is digested; a hash opens a door

State = dict[str, Any]
_Opened = dict[tuple[str, Any, bytes], str]  # what was opened for one state of a row is not opened for the other again


class Change(NamedTuple):
    """The digests of an object before and after an act; None where there was, or is, no object."""

    before: bytes | None
    after: bytes | None
    version: int | None


async def change_of(db: WriteSession, row: Base) -> Change:
    """Send what is pending, and return what became of `row` since its last act in this unit of work."""
    await db.send_pending()
    known = _known(db.sync_session)
    before = known.pop(row, _Same)
    opened: _Opened = {}
    if inspect(row).was_deleted:
        return Change(_digest(db.vault, row, before, opened), None, None)
    if inspect(row).expired_attributes:
        await db.refresh(row, inspect(row).expired_attributes)
    after = _digest(db.vault, row, _present(row), opened)
    first = after if before is _Same else _digest(db.vault, row, before, opened)
    return Change(first, after, getattr(row, "version", None))


class _Same:
    """Stands for a row that no flush has changed."""


@event.listens_for(Session, "before_flush")
def _remember(session: Session, _context: object, _instances: object) -> None:
    known = _known(session)
    for row in session.new:
        known.setdefault(row, None)
    for row in (*session.dirty, *session.deleted):
        if row not in known:
            known[row] = _former(row)


def _known(session: Session) -> MutableMapping[Any, State | None]:
    known: MutableMapping[Any, State | None] = session.info.setdefault(_KNOWN, WeakKeyDictionary())
    return known


def _present(row: Any) -> State:
    # What a new row was never given is not there, and null in the database.
    return {attribute.key: row.__dict__.get(attribute.key) for attribute in inspect(row).mapper.column_attrs}


def _former(row: Any) -> State:
    """Return the row as it was loaded: SQLAlchemy keeps it until the flush.

    NO_VALUE stands for a column that was only flagged as modified, to raise the version: it is as it was.
    """
    state = inspect(row)
    committed = {key: value for key, value in state.committed_state.items() if value is not NO_VALUE}
    return {
        attribute.key: committed.get(attribute.key, row.__dict__.get(attribute.key))
        for attribute in state.mapper.column_attrs
    }


def _digest(vault: Vault, row: Any, state: Any, opened: _Opened) -> bytes | None:
    if state is None:
        return None
    mapper = inspect(row).mapper
    fields = {
        name: _plain(vault, mapper.columns[name], state, value, opened)
        for name, value in state.items()
        if not name.endswith(_DERIVED)
    }
    return vault.index(_COLUMN, canonical_text({"table": mapper.local_table.name, "row": fields}))


def _plain(vault: Vault, column: Column[Any], state: State, value: Any, opened: _Opened) -> Any:
    declared: SealedColumn | None = column.info.get(INFO)
    if declared is not None and value is not None:
        sealed = (declared.bound_as(column), state[declared.row], value)
        if sealed not in opened:
            opened[sealed] = vault.open(*sealed)
        return opened[sealed]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | date) else value
