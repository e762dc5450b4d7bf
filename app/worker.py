"""Builds the background process: event → handlers, the whole story in one table.

    application.accepted    → verification opens the checks, agencies are asked, one by one or by file
    verification.completed  → review learns that the report is there
    opinion.given           → the notice is posted; when it ends, the county's turn begins
    decision.made           → an award is opened; the month's payroll pays it
    what a household is told → is written in a letter, once
    campaign approved       → whole divisions are asked about again; what is new waits for a person
    standard.changed        → the awards it bears on are worked out anew; what would fall waits for a person
    every event             → partners by webhook, the applicant by message
    a registry's search     → worked out, and the signed answer sent until it arrives
    every audit record      → the Merkle tree, signed, within a second or so
    every working day       → what an office did not do in time is told to its supervisors
    every night             → a sample of decisions is judged again; what the law has not kept any longer is erased

Started with `python -m app.worker`; any number may run over one database.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import asyncpg
import httpx
import structlog
from pgqueuer import DatabaseRetryEntrypointExecutor, PgQueuer
from pgqueuer.models import Job as QueuedJob

from app.applications.commands.drafts import FORGET_NEEDS
from app.applications.events import (
    ApplicationAccepted,
    ApplicationEvent,
    ApplicationRedirected,
    ApplicationSubmitted,
    ApplicationSupplemented,
    ApplicationTerminated,
    ApplicationWithdrawn,
    AuthorisationWithdrawn,
    Entrusted,
    PromiseFoundBroken,
    SupplementRequested,
)
from app.applications.jobs import escalate_overdue, forget_unconfirmed, tell_principal
from app.applications.queries import find_receipt_number
from app.audit.jobs import seal_records
from app.audit.signing import Signer, load_signer
from app.awards.events import (
    AwardEvent,
    AwardIncreased,
    AwardOpened,
    AwardReduced,
    AwardResumed,
    AwardStopped,
    AwardSuspended,
)
from app.awards.jobs import (
    RECOMPUTE,
    begin_recomputation,
    open_award,
    recompute_awards,
    recompute_opened_award,
    review_broken_promise,
)
from app.campaigns.commands import OPEN_CAMPAIGN
from app.campaigns.jobs import leave_out_stopped, open_campaign, pursue_campaigns
from app.complaints.events import ComplaintAnswered
from app.complaints.jobs import tell_reporter
from app.core.clock import OffsetClock, SystemClock
from app.core.crypto import make_vault
from app.core.db import A_JOBS_WAIT, APPLICATION_ROLE, Database, make_engine
from app.core.errors import CannotStart
from app.core.logs import configure_logs
from app.core.reach import EVERYTHING
from app.core.starting import refuse_outdated_schema
from app.core.storage import Storage, open_storage
from app.corrections.events import CorrectionDecided
from app.disbursement.events import PaymentFailed, PayrollReleased
from app.disbursement.jobs import check_books, free_households, send_batch, settle_late_batches
from app.events.base import Event
from app.events.commands import DISPATCH
from app.events.handlers import Handlers, Job, dispatch, handle, name_of, read_payload
from app.files.jobs import remove_orphans, tidy_up
from app.idempotency.jobs import forget_old_answers
from app.identity.keys import KeyRing, load_key_ring
from app.keys import KEYS_ROLE
from app.keys.jobs import reseal, seal_what_is_clear
from app.keys.loading import vault_opened
from app.letters.jobs import write_letter, write_letter_of_agent, write_letters_of_promises
from app.limits.commands import forget_ended_windows
from app.notices.jobs import end_notices, post_notice, settle_notices, take_notices_down, take_void_notices_down
from app.notifications.commands import SEND_CODE, SEND_MESSAGE
from app.notifications.jobs import enqueue_due_messages, notify_applicant, send_message, send_one_time_code
from app.notifications.sms import SmsGateway
from app.overpayments.events import RecoveryCorrected, RecoveryOrdered, RecoveryProposed
from app.overpayments.jobs import correct_recovery, write_letter_of_recovery
from app.partners.base import Partner
from app.partners.batch import BatchPartner
from app.partners.paying_bank.base import PayingBank
from app.partners.registry import build_batch_partners, build_partners, build_paying_bank
from app.partners.transport import partner_client
from app.relatives.commands import REGISTER_RELATIVE
from app.retention import ERASER_ROLE
from app.retention.jobs import erase_what_is_due
from app.review.events import DecisionMade, OpinionGiven, ReviewSentBack
from app.review.jobs import (
    let_results_stand,
    register_relative,
    replay_sample,
    start_review,
    stop_review,
    take_up_report,
)
from app.settings import Settings, load_settings
from app.standards.events import ParameterChanged, StandardChanged
from app.status_queries.commands.messages import ANSWER
from app.status_queries.jobs import answer_registry_message, enqueue_due_answers
from app.verification.batch_jobs import pursue_batches, work_batch
from app.verification.commands import ASK_CHECK, ASK_CHECKS, WORK_BATCH
from app.verification.events import VerificationCompleted
from app.verification.jobs import (
    ask_checks,
    cancel_application_checks,
    cancel_member_checks,
    forget_needs,
    open_checks,
    pursue_checks,
    reroute_owed_answers,
    watch_agencies,
)
from app.verification.patience import PATIENCE, SANDBOX_PATIENCE, Patience
from app.verification.putting import Turn, new_turn
from app.verification.report_jobs import end_disputes, pursue_disputes, renew_expired_reports, settle_by_new_report
from app.webhooks.jobs import DELIVER, deliver, end_endpoints_below_counties, enqueue_due_deliveries, fan_out
from app.webhooks.sending import WebhookSender, delivery_client

Sweep = Callable[[Database], Awaitable[None]]

# How long a job of a killed worker lies still before another takes it up.
_HEARTBEAT_TIMEOUT = timedelta(seconds=10)
_MAX_ATTEMPTS = 8


@dataclass(frozen=True)
class WorkerTools:
    """What jobs reach outside with."""

    partners: dict[str, Partner]
    sms: SmsGateway
    bank: PayingBank
    webhooks: WebhookSender
    storage: Storage
    keys: KeyRing  # sign answers to other registries
    patience: Patience = PATIENCE
    batch_partners: dict[str, BatchPartner] = field(default_factory=dict)
    turn: Turn = field(default_factory=new_turn)


def handlers(tools: WorkerTools) -> Handlers:
    """What each event sets going. A handler of a base class hears all its subclasses."""
    notify = partial(notify_applicant, number_of=find_receipt_number)
    return {
        Event: [fan_out],
        ApplicationEvent: [notify],
        AwardEvent: [notify],
        ApplicationAccepted: [open_checks, start_review, write_letter],
        SupplementRequested: [write_letter],
        ApplicationWithdrawn: [cancel_application_checks, end_disputes, stop_review, take_notices_down],
        ApplicationRedirected: [write_letter],
        ApplicationTerminated: [cancel_application_checks, end_disputes, stop_review, take_notices_down, write_letter],
        ApplicationSubmitted: [write_letter_of_agent, write_letters_of_promises],
        ApplicationSupplemented: [write_letters_of_promises],
        PromiseFoundBroken: [review_broken_promise, write_letter],
        Entrusted: [tell_principal],
        AuthorisationWithdrawn: [cancel_member_checks],
        VerificationCompleted: [take_up_report, settle_by_new_report],
        OpinionGiven: [post_notice],
        ReviewSentBack: [take_void_notices_down],
        DecisionMade: [settle_notices, open_award, write_letter],
        AwardOpened: [recompute_opened_award],
        AwardSuspended: [write_letter],
        AwardResumed: [write_letter],
        AwardStopped: [write_letter, leave_out_stopped],
        AwardReduced: [write_letter],
        AwardIncreased: [write_letter],
        RecoveryProposed: [write_letter_of_recovery],
        RecoveryOrdered: [write_letter_of_recovery],
        RecoveryCorrected: [write_letter_of_recovery],
        PaymentFailed: [correct_recovery],
        StandardChanged: [begin_recomputation],
        ParameterChanged: [begin_recomputation],
        PayrollReleased: [partial(send_batch, bank=tools.bank)],
        ComplaintAnswered: [tell_reporter],
        CorrectionDecided: [notify],
    }


def jobs(tools: WorkerTools) -> Mapping[str, Job]:
    """Jobs that are enqueued by name rather than by an event."""

    async def send_code(database: Database, payload: Mapping[str, str]) -> None:
        await send_one_time_code(database, tools.sms, UUID(payload["code"]), use=payload.get("use", "sign_in"))

    ask = partial(ask_checks, partners=tools.partners, patience=tools.patience, turn=tools.turn)
    return {
        SEND_CODE: send_code,
        SEND_MESSAGE: partial(send_message, gateway=tools.sms),
        REGISTER_RELATIVE: register_relative,
        FORGET_NEEDS: forget_needs,
        DELIVER: partial(deliver, sender=tools.webhooks),
        RECOMPUTE: recompute_awards,
        OPEN_CAMPAIGN: open_campaign,
        ANSWER: partial(answer_registry_message, sender=tools.webhooks, keys=tools.keys),
        ASK_CHECKS: ask,
        ASK_CHECK: ask,
        WORK_BATCH: partial(work_batch, partners=tools.batch_partners, patience=tools.patience),
    }


def sweeps(tools: WorkerTools) -> Sequence[Sweep]:
    """What is looked for again and again: whatever has fallen due by the clock."""
    return (
        pursue_checks,
        pursue_campaigns,
        partial(pursue_batches, patience=tools.patience),
        renew_expired_reports,
        watch_agencies,
        reroute_owed_answers,
        end_notices,
        let_results_stand,
        escalate_overdue,
        pursue_disputes,
        enqueue_due_deliveries,
        end_endpoints_below_counties,
        enqueue_due_messages,
        enqueue_due_answers,
        forget_unconfirmed,
        forget_ended_windows,
        forget_old_answers,
        partial(settle_late_batches, bank=tools.bank),
        partial(check_books, bank=tools.bank.code),
        free_households,
        replay_sample,
        partial(remove_orphans, storage=tools.storage),
        partial(tidy_up, storage=tools.storage),
    )


def build_tools(settings: Settings, http: httpx.AsyncClient, outward: httpx.AsyncClient) -> WorkerTools:
    """Read the connections and put together what jobs reach outside with; `outward` is the client for webhooks."""
    connections = settings.partners()
    patience = SANDBOX_PATIENCE if settings.environment == "sandbox" else PATIENCE
    return WorkerTools(
        partners=build_partners(connections, http),
        batch_partners=build_batch_partners(connections, http),
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
    table = handlers(tools)
    by_name: dict[str, Job] = {DISPATCH: lambda db, payload: dispatch(db, table, payload)}
    for handler in {name_of(h): h for each in table.values() for h in each}.values():
        by_name[name_of(handler)] = partial(_handle, handler)
    for name, job in {**by_name, **jobs(tools)}.items():
        _register(queue, name, job, database)
    return queue


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
    queue.entrypoint(entry, on_failure="hold", executor_factory=lambda parameters: executor(parameters=parameters))(run)


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
