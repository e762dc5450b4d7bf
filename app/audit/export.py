"""The whole log as lines of JSON, for whoever verifies it outside: in the tree's order, then what is not sealed yet.

Each line is `{"leaf": stored hash, "position": place, "record": {open: …, concealed: …}}`; the two parts are those that
`leaves.py` makes a leaf of. A place whose record is gone has `"record": null`. After the sealed ones come records
without a place, with `"passed": true` where sealing has gone past their transaction, which never happens by itself.
"""

from collections.abc import AsyncIterator
from typing import Any

from app.audit.leaves import concealed_of, open_part_of
from app.audit.queries import find_last_checkpoint, list_sealed, list_tail
from app.core.canonical import Json, canonical_text
from app.core.db import ReadSession

_AT_ONCE = 2_000


async def export_records(db: ReadSession) -> AsyncIterator[str]:
    """Yield the log line by line; the session's transaction should see one state of the database throughout."""
    position = 0
    while rows := await list_sealed(db, position, _AT_ONCE):
        for row in rows:
            yield _line(row if row.id is not None else None, leaf=row.leaf.hex(), position=row.position)
        position = rows[-1].position + 1
    last = await find_last_checkpoint(db)
    for row in await list_tail(db):
        passed = last is not None and (row.txid, row.id) <= (last.last_txid, last.last_record_id)
        yield _line(row, leaf=None, position=None, passed=passed)


def _line(row: Any, **place: Json) -> str:
    record = None if row is None else {"concealed": concealed_of(row), "open": open_part_of(row)}
    return canonical_text({**place, "record": record})
