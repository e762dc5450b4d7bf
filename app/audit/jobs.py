"""Sealing: what has been committed goes into the tree, in batches, and each batch is signed.

One batch is one transaction: leaves, tiles and checkpoint are there together or not at all, so a worker may be killed
at any point. Two workers that take the same records give them the same places; the second is refused by the unique key
of the place and has done nothing. A checkpoint is public only once it is committed, so none was ever seen that is not
kept.

Until it is sealed, a record is protected by the database's rights alone. That window is the sweep's interval plus the
longest writing transaction on the server: records are taken in the order of their transactions, and none is taken that
an older, still running one could slip in before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError

from app.audit.leaves import leaf_text
from app.audit.merkle import fold, grow, leaf_hash, root_of
from app.audit.models import AuditCheckpoint
from app.audit.proofs import HEIGHT, WIDTH
from app.audit.queries import (
    add_key,
    add_leaves,
    add_tile,
    find_last_checkpoint,
    list_edge,
    list_unsealed,
)
from app.audit.signing import Signer
from app.core.db import Database, WriteSession

BATCH = 2_000
_HASH = 32


class TreeDamaged(Exception):
    """What was sealed is not as we left it: nothing is put on top of it."""


async def seal_records(database: Database, *, signer: Signer) -> None:
    """Seal what has been committed since the last time, until nothing is left or another worker is at it.

    Raises:
        TreeDamaged: somebody changed what was sealed.
    """
    sealed = BATCH
    while sealed == BATCH:
        size = await _size(database)
        try:
            async with database.unit_of_work("seal") as db:
                sealed = await seal_batch(db, signer)
        except IntegrityError:
            # Whoever took the place has committed, or we would still be waiting: then the tree has grown.
            if await _size(database) == size:
                raise TreeDamaged(f"there are leaves beyond checkpoint {size}") from None
            structlog.get_logger().info("sealed by another worker")
            return


async def seal_batch(db: WriteSession, signer: Signer, limit: int = BATCH) -> int:
    """Put up to `limit` records into the tree and sign it; returns how many.

    Raises:
        TreeDamaged: the last checkpoint is not ours.
        IntegrityError: another worker has taken them.
    """
    # Of the moment before it looked: what is written meanwhile goes into the next batch, and is no older than this one.
    last, at = await find_last_checkpoint(db), db.clock.now()
    records = await list_unsealed(db, last, limit)
    if not records:
        return 0
    size = last.size if last else 0
    edge = _edge_of(last, signer)
    hashes = [leaf_hash(leaf_text(record).encode()) for record in records]
    await add_leaves(db, size, [record.id for record in records], hashes)
    for place, each in enumerate(hashes, start=size):
        grow(edge, place, each)
    await _complete_tiles(db, size, size + len(hashes))
    await _sign(db, signer, at, size + len(hashes), edge, records[-1])
    return len(records)


async def _size(database: Database) -> int:
    async with database.reading("seal") as db:
        last = await find_last_checkpoint(db)
        return last.size if last else 0


def _edge_of(last: AuditCheckpoint | None, signer: Signer) -> list[bytes]:
    if last is None:
        return []
    edge = [last.edge[at : at + _HASH] for at in range(0, len(last.edge), _HASH)]
    if not signer.has_signed(last.note, last.size, last.root) or fold(edge) != last.root:
        raise TreeDamaged(f"checkpoint {last.size}")
    return edge


async def _complete_tiles(db: WriteSession, before: int, now: int) -> None:
    """Keep the tiles that have become whole, on every level that has some."""
    level = 0
    while now >> HEIGHT:
        for place in range(before >> HEIGHT, now >> HEIGHT):
            hashes = await list_edge(db, level, place * WIDTH, (place + 1) * WIDTH)
            await add_tile(db, level, place, root_of(hashes), b"".join(hashes))
        level, before, now = level + 1, before >> HEIGHT, now >> HEIGHT


async def _sign(db: WriteSession, signer: Signer, at: datetime, size: int, edge: Sequence[bytes], last: Any) -> None:
    root = fold(edge)
    await add_key(db, signer.key_id, signer.verifier_key, at)
    db.add(
        AuditCheckpoint(
            size=size,
            root=root,
            at=at,
            key_id=signer.key_id,
            note=signer.sign(size, root, at),
            edge=b"".join(edge),
            last_txid=last.txid,
            last_record_id=last.id,
        )
    )
    await db.flush()
