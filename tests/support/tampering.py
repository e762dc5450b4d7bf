"""What somebody with all rights on the database may do to the log, at random.

Each edit runs in a transaction that is rolled back after the verifier has looked at it. The forger knows the code and
recomputes whatever can be computed; he has neither the signing key nor the checkpoints that others kept.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text, update

from app.audit.jobs import HEIGHT, WIDTH
from app.audit.leaves import leaf_text
from app.audit.merkle import fold, grow, leaf_hash, root_of
from app.audit.models import AuditCheckpoint, AuditKey, AuditLeaf, AuditRecord, AuditTile
from app.audit.signing import Signer, load_signer, write_new_key_file
from app.core.db import WriteSession
from app.core.ids import new_id

Edit = Callable[["Forger"], Awaitable[None]]


class Forger:
    """Edits the log of `size` sealed records in one session."""

    def __init__(self, db: WriteSession, numbers: random.Random, size: int, signer: Signer, folder: Path) -> None:
        self.db, self.numbers, self.size = db, numbers, size
        path = folder / "forger.json"
        write_new_key_file(path)
        forged = load_signer(path)
        self.signer = Signer(signer.origin, forged.current)  # the right name, another key

    async def change_a_field(self) -> None:
        """One record, one column."""
        record = await self._record(self.numbers.randrange(self.size))
        name, value = self.numbers.choice(list(_others(record, self.numbers).items()))
        await self._set(record.id, {name: value})

    async def change_a_field_and_its_leaf(self) -> None:
        """The same, with the stored leaf made to fit."""
        place = self.numbers.randrange(self.size)
        record = await self._record(place)
        name, value = self.numbers.choice(list(_others(record, self.numbers).items()))
        await self._set(record.id, {name: value})
        await self._reseal(place, place + 1)

    async def delete_a_record(self) -> None:
        """The record only."""
        record = await self._record(self.numbers.randrange(self.size))
        await self._run("DELETE FROM audit_records WHERE id = :id", id=record.id)

    async def delete_a_record_and_its_place(self) -> None:
        """The record and its leaf: a gap."""
        place = self.numbers.randrange(self.size)
        await self._delete_at(place)

    async def delete_a_record_and_close_the_gap(self) -> None:
        """The record and its leaf, everything behind moved up, hashes, tiles and checkpoints made anew."""
        place = self.numbers.randrange(self.size)
        await self._delete_at(place)
        await self._shift(place, -1)
        self.size -= 1
        await self._rebuild()

    async def insert_unsealed_under_an_old_date(self) -> None:
        """A record that says it was there long ago, left to be sealed."""
        await self._insert(self.numbers.randrange(self.size), txid=2**40)

    async def insert_where_sealing_has_passed(self) -> None:
        """A record among transactions that were sealed."""
        record = await self._record(self.numbers.randrange(self.size))
        await self._insert(self.numbers.randrange(self.size), txid=record.txid - 1)

    async def insert_into_the_middle(self) -> None:
        """A record with a place, everything behind moved down, hashes, tiles and checkpoints made anew."""
        place = self.numbers.randrange(self.size)
        inserted = await self._insert(place, txid=1)
        await self._shift(place, 1)
        self.size += 1
        await self._place(inserted, place)
        await self._rebuild()

    async def append_with_a_place(self) -> None:
        """A record with the next place, under no checkpoint."""
        inserted = await self._insert(self.size - 1, txid=1)
        await self._place(inserted, self.size)

    async def swap_two_records(self) -> None:
        """Two places change their records; leaves stay, or go with them."""
        one, two = self.numbers.sample(range(self.size), 2)
        first, second = await self._record(one), await self._record(two)
        for record, place in ((new_id(), one), (first.id, two), (second.id, one)):
            await self._run("UPDATE audit_leaves SET record_id = :r WHERE position = :p", r=record, p=place)
        if self.numbers.random() < 0.5:
            await self._reseal(one, one + 1)
            await self._reseal(two, two + 1)

    async def cut_the_tail(self) -> None:
        """The last records, with everything that tells of them."""
        await self._cut(self.numbers.randint(1, self.size - 1))

    async def rewrite_the_tail(self) -> None:
        """All records from somewhere on, with leaves, tiles, checkpoints and the key of the forger."""
        start = self.numbers.randrange(self.size)
        for place in range(start, self.size):
            record = await self._record(place)
            name, value = self.numbers.choice(list(_others(record, self.numbers).items()))
            await self._set(record.id, {name: value})
        await self._reseal(start, self.size)
        await self._rebuild()

    async def rewrite_the_tail_under_the_old_checkpoints(self) -> None:
        """The same, but the signed checkpoints stay as they were."""
        start = self.numbers.randrange(self.size)
        for place in range(start, self.size):
            record = await self._record(place)
            await self._set(record.id, {"detail": {"n": self.numbers.randint(10**6, 10**9)}})
        await self._reseal(start, self.size)
        await self._rebuild_tiles()

    async def change_a_checkpoint(self) -> None:
        """What one published state says."""
        size = self.numbers.choice(await self._sizes())
        note = await self.db.scalar(select(AuditCheckpoint.note).where(AuditCheckpoint.size == size))
        assert note is not None
        at = self.numbers.randrange(len(note))
        forged = note[:at] + ("B" if note[at] != "B" else "C") + note[at + 1 :]
        await self.db.execute(update(AuditCheckpoint).where(AuditCheckpoint.size == size).values(note=forged))

    async def delete_checkpoints(self) -> None:
        """One of them, or some, or all."""
        sizes = await self._sizes()
        gone = self.numbers.sample(sizes, self.numbers.randint(1, len(sizes)))
        await self._run("DELETE FROM audit_checkpoints WHERE size = ANY(:gone)", gone=gone)

    async def sign_checkpoints_anew(self) -> None:
        """Right roots, another key."""
        await self._rebuild()

    async def _record(self, place: int) -> Any:
        query = select(*AuditRecord.__table__.columns).join(AuditLeaf, AuditLeaf.record_id == AuditRecord.id)
        return (await self.db.execute(query.where(AuditLeaf.position == place))).one()

    async def _set(self, record: Any, values: dict[str, Any]) -> None:
        await self.db.execute(update(AuditRecord).where(AuditRecord.id == record).values(**values))

    async def _run(self, statement: str, **values: Any) -> None:
        await self.db.execute(text(statement), values)

    async def _sizes(self) -> list[int]:
        return list((await self.db.execute(select(AuditCheckpoint.size).order_by(AuditCheckpoint.size))).scalars())

    async def _delete_at(self, place: int) -> None:
        record = await self._record(place)
        await self._run("DELETE FROM audit_leaves WHERE position = :place", place=place)
        await self._run("DELETE FROM audit_records WHERE id = :id", id=record.id)

    async def _shift(self, place: int, by: int) -> None:
        far = 10**9  # over a distance, so that no two rows want one place for a moment
        await self._run("UPDATE audit_leaves SET position = position + :d WHERE position >= :p", d=far, p=place)
        await self._run("UPDATE audit_leaves SET position = position - :d WHERE position >= :f", d=far - by, f=far)

    async def _insert(self, like: int, *, txid: int) -> Any:
        record = await self._record(like)
        values = {**record._mapping, "id": new_id(), "txid": txid}
        await self.db.execute(insert(AuditRecord).values(**values))
        return values["id"]

    async def _place(self, record: Any, place: int) -> None:
        await self.db.execute(insert(AuditLeaf).values(position=place, record_id=record, hash=b""))
        await self._reseal(place, place + 1)

    async def _cut(self, count: int) -> None:
        left = self.size - count
        gone = "SELECT record_id FROM audit_leaves WHERE position >= :left"
        await self._run(f"DELETE FROM audit_records WHERE id IN ({gone})", left=left)
        await self._run("DELETE FROM audit_leaves WHERE position >= :left", left=left)
        await self._run("DELETE FROM audit_checkpoints WHERE size > :left", left=left)
        self.size = left
        if self.numbers.random() < 0.5:
            await self._rebuild()

    async def _reseal(self, start: int, end: int) -> None:
        for place in range(start, end):
            each = leaf_hash(leaf_text(await self._record(place)).encode())
            await self.db.execute(update(AuditLeaf).where(AuditLeaf.position == place).values(hash=each))

    async def _rebuild_tiles(self) -> list[bytes]:
        hashes = list((await self.db.execute(select(AuditLeaf.hash).order_by(AuditLeaf.position))).scalars())
        await self._run("DELETE FROM audit_tiles")
        level, here = 0, hashes
        while len(here) >> HEIGHT:
            tiles = [here[at : at + WIDTH] for at in range(0, len(here) - WIDTH + 1, WIDTH)]
            for position, tile in enumerate(tiles):
                row = {"level": level, "position": position, "root": root_of(tile), "hashes": b"".join(tile)}
                await self.db.execute(insert(AuditTile).values(**row))
            level, here = level + 1, [root_of(tile) for tile in tiles]
        return hashes

    async def _rebuild(self) -> None:
        """Make tiles and checkpoints fit the leaves, signed with the forger's key."""
        hashes = await self._rebuild_tiles()
        rows = (await self.db.execute(select(AuditCheckpoint))).scalars().all()
        if not rows:
            return  # cut so far that no checkpoint is left to be forged
        old, last = {row.size: row.at for row in rows}, rows[0]
        await self._run("DELETE FROM audit_checkpoints")
        edge = list[bytes]()
        wanted = {min(size, len(hashes)): at for size, at in sorted(old.items())} | {len(hashes): max(old.values())}
        for size, each in enumerate(hashes, start=1):
            grow(edge, size - 1, each)
            if size in wanted:
                row = {
                    "size": size, "root": fold(edge), "at": wanted[size], "key_id": self.signer.key_id,
                    "note": self.signer.sign(size, fold(edge), wanted[size]), "edge": b"".join(edge),
                    "last_txid": last.last_txid, "last_record_id": last.last_record_id,
                }  # fmt: skip
                await self.db.execute(insert(AuditCheckpoint).values(**row))
        key = {"id": self.signer.key_id, "verifier_key": self.signer.verifier_key, "since": min(old.values())}
        await self._run("DELETE FROM audit_keys")
        await self.db.execute(insert(AuditKey).values(**key))


def _others(record: Any, numbers: random.Random) -> dict[str, Any]:
    """Return another value for each column of a record that says anything."""
    return {
        "at": record.at + timedelta(microseconds=numbers.choice((-1, 1))),
        "county": "530000" if record.county != "530000" else None,
        "actor_id": new_id(),
        "actor_role": "supervisor" if record.actor_role != "supervisor" else "system",
        "actor_division": "530000000000" if record.actor_division != "530000000000" else None,
        "actor_level": "province" if record.actor_level != "province" else None,
        "action": record.action + "x",
        "look": not record.look,
        "object_type": record.object_type + "x",
        "object_id": new_id(),
        "object_version": (record.object_version or 0) + 1,
        "purpose": "supervision" if record.purpose != "supervision" else "casework",
        "citizens": [*record.citizens, new_id()] if numbers.random() < 0.5 or not record.citizens else [],
        "applications": [new_id()],
        "before_digest": numbers.randbytes(32),
        "after_digest": numbers.randbytes(32),
        "reason_digest": numbers.randbytes(32),
        "detail": {**record.detail, "n": numbers.randint(10**6, 10**9)},
        "trace": record.trace + "x",
        "salt": numbers.randbytes(16),
    }


EDITS: tuple[Edit, ...] = (
    Forger.change_a_field,
    Forger.change_a_field_and_its_leaf,
    Forger.delete_a_record,
    Forger.delete_a_record_and_its_place,
    Forger.delete_a_record_and_close_the_gap,
    Forger.insert_unsealed_under_an_old_date,
    Forger.insert_where_sealing_has_passed,
    Forger.insert_into_the_middle,
    Forger.append_with_a_place,
    Forger.swap_two_records,
    Forger.cut_the_tail,
    Forger.rewrite_the_tail,
    Forger.rewrite_the_tail_under_the_old_checkpoints,
    Forger.change_a_checkpoint,
    Forger.delete_checkpoints,
    Forger.sign_checkpoints_anew,
)
