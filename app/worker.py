"""Builds the background process, which does what stands in `schedule.py`.

Started with `python -m app.worker`; any number may run over one database.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

import asyncpg
import httpx
import structlog
from pgqueuer import DatabaseRetryEntrypointExecutor, PgQueuer
from pgqueuer.models import Job as QueuedJob

from app.audit.jobs import seal_records
from app.audit.signing import Signer, load_signer
from app.core.clock import OffsetClock, SystemClock
from app.core.crypto import make_vault
from app.core.db import A_JOBS_WAIT, APPLICATION_ROLE, Database, make_engine
from app.core.errors import CannotStart
from app.core.logs import configure_logs
from app.core.reach import EVERYTHING
from app.core.starting import refuse_outdated_schema
from app.core.storage import open_storage
from app.events.commands import DISPATCH
from app.events.handlers import Job, dispatch, handle, name_of, read_payload
from app.events.queries import count_unknown_jobs
from app.identity.keys import load_key_ring
from app.keys import KEYS_ROLE
from app.keys.jobs import reseal, seal_what_is_clear
from app.keys.loading import vault_opened
from app.notifications.sms import SmsGateway
from app.partners.registry import build_batch_partners, build_partners, build_paying_bank, unconnected
from app.partners.transport import partner_client
from app.retention import ERASER_ROLE
from app.retention.jobs import erase_what_is_due
from app.schedule import AT_ONCE, WorkerTools, handlers, jobs, sweeps
from app.settings import Settings, load_settings
from app.verification.patience import PATIENCE, SANDBOX_PATIENCE
from app.webhooks.sending import WebhookSender, delivery_client

# How long a job of a killed worker lies still before another takes it up.
_HEARTBEAT_TIMEOUT = timedelta(seconds=10)
_MAX_ATTEMPTS = 8
_LOOK_AT_QUEUE = 60.0  # seconds between looks for jobs of an unknown kind


def build_tools(settings: Settings, http: httpx.AsyncClient, outward: httpx.AsyncClient) -> WorkerTools:
    """Read the connections and put together what jobs reach outside with; `outward` is the client for webhooks."""
    connections = settings.partners()
    for partner in sorted(frozenset().union(*unconnected(connections).values())):
        structlog.get_logger().warning("agency not connected", partner=partner)
    patience = SANDBOX_PATIENCE if settings.environment == "sandbox" else PATIENCE
    return WorkerTools(
        partners=build_partners(connections, http),
        batch_partners=build_batch_partners(connections, http),
        unconnected=unconnected(connections),
        sms=SmsGateway(connections["sms_gateway"], http),
        bank=build_paying_bank(connections, http),
        webhooks=WebhookSender(outward, settings.public_url, sandbox=settings.environment == "sandbox"),
        storage=open_storage(settings.storage_dir, settings.storage_s3_file),
        keys=load_key_ring(settings.token_key_file),
        patience=patience,
    )


def build_queue(connection: asyncpg.Connection, database: Database, tools: WorkerTools) -> PgQueuer:
    """Register an entry point for every job there is."""
    queue = PgQueuer.from_asyncpg_connection(connection)
    for name, job in all_jobs(tools).items():
        _register(queue, name, job, database)
    return queue


def all_jobs(tools: WorkerTools) -> Mapping[str, Job]:
    """Return every job there is, by the name under which it is enqueued."""
    table = handlers(tools)
    by_name: dict[str, Job] = {DISPATCH: lambda db, payload: dispatch(db, table, payload)}
    for handler in {name_of(h): h for each in table.values() for h in each}.values():
        by_name[name_of(handler)] = partial(_handle, handler)
    return {**by_name, **jobs(tools)}


async def _handle(handler: Callable[..., Awaitable[None]], database: Database, payload: Mapping[str, str]) -> None:
    await handle(database, handler, payload)


def _register(queue: PgQueuer, entry: str, job: Job, database: Database) -> None:
    async def run(queued: QueuedJob) -> None:
        try:
            await job(database, read_payload(queued.payload))
        except Exception as error:
            structlog.get_logger().warning(
                "job failed",
                job=entry,
                job_id=queued.id,
                attempt=queued.attempts,
                error_type=type(error).__name__,
            )
            raise

    executor = partial(
        DatabaseRetryEntrypointExecutor,
        max_attempts=_MAX_ATTEMPTS,
        initial_delay=timedelta(seconds=0.5),
        max_delay=timedelta(minutes=5),
    )
    queue.entrypoint(
        entry,
        on_failure="hold",
        concurrency_limit=AT_ONCE.get(entry, 0),
        executor_factory=lambda parameters: executor(parameters=parameters),
    )(run)


async def sweep_forever(database: Database, tools: WorkerTools, every: float, stop: asyncio.Event) -> None:
    """Run all sweeps again and again until told to stop; one that fails does not keep the others from running."""
    while not stop.is_set():
        for sweep in sweeps(tools):
            try:
                await sweep(database)
            except Exception as error:
                structlog.get_logger().exception("sweep failed", job=name_of(sweep), error_type=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), every)
        except TimeoutError:
            continue


async def watch_queue_forever(database: Database, known: Collection[str], every: float, stop: asyncio.Event) -> None:
    """Tell of jobs that no worker of this release knows, each time their number changes: another release enqueued them,
    and what they were for is not done."""
    told: Mapping[str, int] = {}
    while not stop.is_set():
        try:
            told = await tell_of_unknown_jobs(database, known, told)
        except Exception as error:
            structlog.get_logger().exception("sweep failed", job="watch_queue", error_type=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)


async def tell_of_unknown_jobs(
    database: Database, known: Collection[str], told: Mapping[str, int]
) -> Mapping[str, int]:
    """Log what lies in the queue under names that nobody knows, where it is not what was told before; returns it."""
    async with database.reading() as db:
        unknown = await count_unknown_jobs(db, known)
    for job, count in unknown.items():
        if told.get(job) != count:
            structlog.get_logger().error("jobs of an unknown kind", job=job, count=count)
    return unknown


async def reseal_forever(database: Database, every: float, stop: asyncio.Event) -> None:
    """Bring values under the present keys whenever a rotation asks for it, beside the sweeps: it may take hours."""
    first = True
    while not stop.is_set():
        try:
            if first:
                await seal_what_is_clear(database)
                first = False
            await reseal(database)
        except Exception as error:
            structlog.get_logger().exception("sweep failed", job="reseal", error_type=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)


async def erase_forever(database: Database, every: float, stop: asyncio.Event) -> None:
    """Look again and again whether a night's erasures are to be done, beside the sweeps: a night may take hours."""
    while not stop.is_set():
        try:
            await erase_what_is_due(database)
        except Exception as error:
            structlog.get_logger().exception("sweep failed", job="erase_what_is_due", error_type=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)


async def seal_forever(database: Database, signer: Signer, every: float, stop: asyncio.Event) -> None:
    """Seal audit records again and again until told to stop: in a loop of its own, because what is not sealed yet is
    protected by the database's rights alone, and because no slow sweep may stretch that time."""
    while not stop.is_set():
        try:
            await seal_records(database, signer=signer)
        except Exception as error:
            structlog.get_logger().exception("sealing failed", job="seal_records", error_type=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)


async def run(settings: Settings) -> None:
    """Work until told to stop.

    Raises:
        CannotStart: the schema is not the code's, the keys are not the database's, or one is missing.
    """
    clock = SystemClock()
    if settings.environment == "sandbox" and settings.sandbox_clock_file is not None:
        clock = OffsetClock(settings.sandbox_clock_file)  # type: ignore[assignment]
    vault = make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock)
    engine = make_engine(settings.database_url, settings.pool_size, wait=A_JOBS_WAIT)
    database = Database(engine, clock, vault, reach=EVERYTHING)
    await refuse_outdated_schema(database)
    if settings.evidence_key_file is None:
        raise CannotStart("DIBAO_EVIDENCE_KEY_FILE is not set: nothing would be sealed.")
    signer = load_signer(settings.evidence_key_file)
    for_keys = replace(database, engine=make_engine(settings.database_url, 1, role=KEYS_ROLE))
    for_erasure = replace(database, engine=make_engine(settings.database_url, 1, role=ERASER_ROLE))
    connection = await asyncpg.connect(settings.database_url, server_settings={"role": APPLICATION_ROLE})
    try:
        clients = partner_client(settings.partners()), delivery_client()
        async with clients[0] as http, clients[1] as outward, vault_opened(database):
            tools = build_tools(settings, http, outward)
            queue = build_queue(connection, database, tools)
            loop = asyncio.get_running_loop()
            for signal_number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(signal_number, queue.shutdown.set)
            await asyncio.gather(
                queue.run(dequeue_timeout=timedelta(seconds=5), heartbeat_timeout=_HEARTBEAT_TIMEOUT),
                sweep_forever(database, tools, settings.sweep_seconds, queue.shutdown),
                watch_queue_forever(database, all_jobs(tools).keys(), _LOOK_AT_QUEUE, queue.shutdown),
                reseal_forever(for_keys, settings.sweep_seconds, queue.shutdown),
                erase_forever(for_erasure, settings.sweep_seconds, queue.shutdown),
                seal_forever(database, signer, settings.seal_seconds, queue.shutdown),
            )
    finally:
        await connection.close()
        await for_keys.engine.dispose()
        await for_erasure.engine.dispose()
        await database.engine.dispose()


def main() -> None:
    """Start the worker from the environment."""
    settings = load_settings()
    configure_logs(settings.log_level)
    try:
        asyncio.run(run(settings))
    except CannotStart as error:
        sys.stderr.write(f"worker: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
