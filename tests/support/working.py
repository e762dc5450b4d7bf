"""Running the worker's jobs and sweeps inside a test: the real queue, the real table, until nothing is left to do."""

from datetime import timedelta

import asyncpg
from pgqueuer.types import QueueExecutionMode
from sqlalchemy import text

from app.core.db import APPLICATION_ROLE, Database
from app.schedule import WorkerTools, sweeps
from app.worker import build_queue


async def drain(database: Database, url: str, tools: WorkerTools) -> None:
    """Run every sweep once, then every job, until the queue is empty; a parked job fails the test."""
    for sweep in sweeps(tools):
        await sweep(database)
    if not await _has_jobs(database):  # a queue takes longer to build than all sweeps that find nothing
        return
    connection = await asyncpg.connect(url, server_settings={"role": APPLICATION_ROLE})
    try:
        queue = build_queue(connection, database, tools)
        await queue.qm.run(mode=QueueExecutionMode.drain, dequeue_timeout=timedelta(seconds=0.05))
        parked = await connection.fetch("SELECT entrypoint, payload FROM pgqueuer")
        assert not parked, f"jobs left behind: {[row['entrypoint'] for row in parked]}"
    finally:
        await connection.close()


async def _has_jobs(database: Database) -> bool:
    async with database.reading() as db:
        return bool(await db.scalar(text("SELECT EXISTS (SELECT FROM pgqueuer)")))
