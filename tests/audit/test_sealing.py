"""Sealing: everything committed gets one place, in one tree, whoever seals, however often it is interrupted."""

import asyncio
import json
import random
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import text

from app.audit.commands import record_act
from app.audit.export import export_records
from app.audit.jobs import TreeDamaged, seal_batch, seal_records
from app.audit.merkle import leaf_hash, root_of
from app.audit.proofs import prove_consistency, prove_inclusion
from app.audit.queries import find_last_checkpoint, list_edge, list_tail
from app.core.ids import new_id
from app.identity.actors import SYSTEM
from tests.builders.records import build_log, build_records, seal_all, seal_one
from tests.support.verifier import verifier

_NUMBERS = random.Random(20261123)


async def _rows(url: str, query: str, *values) -> list:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *values)]
    finally:
        await connection.close()


async def test_every_record_gets_one_place_and_the_root_is_over_all_leaves(database, signer):
    await build_records(database, 50)

    await seal_all(database, signer)

    async with database.reading() as db:
        checkpoint = await find_last_checkpoint(db)
        leaves = await list_edge(db, 0, 0, 100)
    assert (checkpoint.size, len(leaves), checkpoint.root) == (50, 50, root_of(leaves))
    assert signer.has_signed(checkpoint.note, 50, checkpoint.root)


async def test_sealing_again_changes_nothing(database, signer, database_url):
    await build_records(database, 5)
    await seal_all(database, signer)
    before = await _rows(database_url, "SELECT size, note FROM audit_checkpoints ORDER BY size")

    await seal_records(database, signer=signer)

    assert await _rows(database_url, "SELECT size, note FROM audit_checkpoints ORDER BY size") == before


async def test_the_tree_grows_batch_by_batch_over_tiles_and_every_proof_holds(database, signer):
    await build_records(database, 700, at_once=100)
    while await seal_one(database, signer, _NUMBERS.randint(30, 120)) or await _has_tail(database):
        pass

    async with database.reading() as db:
        checkpoint = await find_last_checkpoint(db)
        leaves = await list_edge(db, 0, 0, 1000)
        assert (len(leaves), checkpoint.root) == (700, root_of(leaves))
        proofs = await prove_inclusion(db, range(700), 700)
        for position, proof in proofs.items():
            assert verifier.root_by_inclusion(leaves[position], position, 700, proof) == checkpoint.root
        for first in (1, 2, 255, 256, 257, 511, 512, 513, 699):
            proof = await prove_consistency(db, first, 700)
            assert verifier.is_consistent(first, 700, root_of(leaves[:first]), checkpoint.root, proof)


async def test_a_proof_reads_as_few_rows_as_the_tree_is_high(database, signer, database_url):
    await build_records(database, 600, at_once=200)
    await seal_all(database, signer)

    tiles = await _rows(database_url, "SELECT level, position, length(hashes) FROM audit_tiles ORDER BY 1, 2")

    assert tiles == [(0, 0, 256 * 32), (0, 1, 256 * 32)]


async def test_what_an_older_running_transaction_might_slip_in_before_waits_for_it(database, signer):
    async with database.unit_of_work() as slow:
        await slow.execute(text("SELECT pg_current_xact_id()"))
        await build_records(database, 3)
        await seal_records(database, signer=signer)
        async with database.reading() as db:
            assert await find_last_checkpoint(db) is None
    await seal_all(database, signer)

    async with database.reading() as db:
        assert (await find_last_checkpoint(db)).size == 3


async def test_what_is_rolled_back_is_in_no_tree(database, signer):
    async with database.unit_of_work() as db:
        await _record_one(db)
        await db.rollback()
    await build_records(database, 1)

    await seal_all(database, signer)

    async with database.reading() as db:
        assert (await find_last_checkpoint(db)).size == 1


async def test_many_writers_and_several_workers_at_once_lose_nothing_and_double_nothing(database, signer, database_url):
    done = asyncio.Event()

    async def write() -> None:
        for _ in range(8):
            await build_records(database, 6, at_once=3)

    async def seal() -> None:
        while not done.is_set():
            await seal_records(database, signer=signer)
            await asyncio.sleep(0)

    workers = [asyncio.create_task(seal()) for _ in range(3)]
    await asyncio.gather(*(write() for _ in range(4)))
    done.set()
    await asyncio.gather(*workers)
    await seal_all(database, signer)

    places = await _rows(database_url, "SELECT position FROM audit_leaves ORDER BY position")
    assert places == [(place,) for place in range(4 * 8 * 6)]
    await _verify(database, signer, database_url)


async def test_a_worker_that_loses_the_race_writes_nothing(database, signer, database_url):
    await build_records(database, 4)
    await _wait_until_sealable(database)
    async with database.unit_of_work() as first:
        assert await seal_batch(first, signer) == 4
        second = asyncio.create_task(seal_records(database, signer=signer))
        await asyncio.sleep(0.2)
        assert not second.done(), "it waits for the place it wants"
    await second

    assert await _rows(database_url, "SELECT size FROM audit_checkpoints") == [(4,)]
    await _verify(database, signer, database_url)


async def test_a_log_restored_into_a_server_that_counts_anew_goes_on(database, signer, database_url):
    await build_records(database, 5)
    await seal_all(database, signer)
    await build_records(database, 2)
    connection = await asyncpg.connect(database_url)  # what a dump from a server with higher numbers brings
    await connection.execute("UPDATE audit_records SET txid = txid + 1000000000")
    await connection.execute("UPDATE audit_checkpoints SET last_txid = last_txid + 1000000000")
    await connection.close()
    await build_records(database, 3)

    await seal_all(database, signer)
    await build_records(database, 1)
    await seal_all(database, signer)

    async with database.reading() as db:
        assert (await find_last_checkpoint(db)).size == 11
    await _verify(database, signer, database_url)


async def test_nothing_is_put_on_top_of_a_checkpoint_that_is_not_ours(database, signer, database_url):
    await build_records(database, 4)
    await seal_all(database, signer)
    await _rows(database_url, "UPDATE audit_checkpoints SET root = sha256('other') RETURNING 1")
    await build_records(database, 1)
    await _wait_until_sealable(database)

    with pytest.raises(TreeDamaged):
        await seal_records(database, signer=signer)


async def test_a_checkpoint_that_was_taken_away_stops_sealing_aloud(database, signer, database_url, clock):
    await build_log(database, signer, clock, [4, 2])
    await _rows(database_url, "DELETE FROM audit_checkpoints WHERE size = 6 RETURNING 1")
    await build_records(database, 1)
    await _wait_until_sealable(database)

    with pytest.raises(TreeDamaged):
        await seal_records(database, signer=signer)


@pytest.mark.parametrize("table", ["audit_records", "audit_leaves", "audit_tiles", "audit_checkpoints", "audit_keys"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {} = {}"])
async def test_the_products_role_can_only_add(database, table, change):
    column = {"audit_records": "action", "audit_leaves": "hash", "audit_tiles": "root"}.get(table, "key_id")
    column = "verifier_key" if table == "audit_keys" else column
    with pytest.raises(Exception, match="permission denied"):
        async with database.unit_of_work() as db:
            await db.execute(text(change.format(table, column, column)))


async def test_the_leaf_is_the_hash_of_the_exported_record(database, signer):
    await build_records(database, 3)
    await seal_all(database, signer)

    async with database.reading() as db:
        lines = [line async for line in export_records(db)]
        leaves = await list_edge(db, 0, 0, 10)

    entries = [json.loads(line) for line in lines]
    assert [leaf_hash(verifier.leaf_of(entry["record"])) for entry in entries] == list(leaves)


async def test_a_long_log_is_sealed_whole(database, signer, clock, database_url):
    await build_log(database, signer, clock, [40, 1, 256, 3])

    report = await _verify(database, signer, database_url)

    assert (report.sealed, report.covered, report.tail) == (300, 300, 0)


async def _record_one(db) -> None:
    await record_act(db, SYSTEM, "application.accept", "application", new_id())


async def _has_tail(database) -> bool:
    async with database.reading() as db:
        return bool(await list_tail(db))


async def _wait_until_sealable(database) -> None:
    query = """SELECT max(txid) < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint FROM audit_records"""
    async with asyncio.timeout(60):
        while True:
            async with database.reading() as db:
                if await db.scalar(text(query)):
                    return
            await asyncio.sleep(0.01)


async def _verify(database, signer, database_url):
    async with database.reading() as db:
        lines = [line async for line in export_records(db)]
    notes = [note for (note,) in await _rows(database_url, "SELECT note FROM audit_checkpoints ORDER BY size")]
    checkpoints = [verifier.read_note(note) for note in notes]
    keys = [verifier.Key.read(signer.verifier_key)]
    now = database.clock.now() + timedelta(seconds=1)
    report = verifier.verify(lines, checkpoints, checkpoints, keys, now=now)
    assert report.findings == []
    return report
