"""Builds the web process: the only place that mounts routers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline

from app.api.applicant import applications as applicant_applications
from app.api.applicant import (
    assessment,
    check_results,
    data,
    disputes,
    documents,
    erasures,
    evidence,
    me,
    own_authorisations,
    prefill,
    report,
    support_requests,
    supporters,
    timeline,
)
from app.api.applicant import awards as applicant_awards
from app.api.applicant import complaints as applicant_complaints
from app.api.applicant import corrections as applicant_corrections
from app.api.applicant import entrustments as applicant_entrustments
from app.api.applicant import human_reviews as applicant_human_reviews
from app.api.applicant import letters as applicant_letters
from app.api.applicant import promises as applicant_promises
from app.api.applicant import recoveries as applicant_recoveries
from app.api.common import auth, health, key_set, problem_pages, step_up, uploads
from app.api.common.compression import Compression
from app.api.common.conditional import Conditional
from app.api.common.contract import install_contract
from app.api.common.deps import Tools
from app.api.common.directory import Shortcut
from app.api.common.free_words import MaskedWords
from app.api.common.intake import RECEIVE_SECONDS, Intake
from app.api.common.limits import LimitHeaders
from app.api.common.methods import Methods
from app.api.common.paging import Linking
from app.api.common.plain_start import PlainStart
from app.api.common.problems import install_problem_handlers
from app.api.common.strict_address import strict_address
from app.api.common.tracing import Tracing
from app.api.console import (
    agencies,
    batches,
    campaigns,
    check_batches,
    decisions,
    effects,
    escalations,
    evidence_letters,
    exports,
    legal_holds,
    parameters,
    payrolls,
    staff,
    standards,
    tasks,
    unmaskings,
    workload,
)
from app.api.console import applications as console_applications
from app.api.console import audit as console_audit
from app.api.console import awards as console_awards
from app.api.console import check_results as console_check_results
from app.api.console import checks as console_checks
from app.api.console import complaints as console_complaints
from app.api.console import conflicts as console_conflicts
from app.api.console import corrections as console_corrections
from app.api.console import disputes as console_disputes
from app.api.console import documents as console_documents
from app.api.console import entrustments as console_entrustments
from app.api.console import handovers as console_handovers
from app.api.console import human_reviews as console_human_reviews
from app.api.console import letters as console_letters
from app.api.console import me as console_me
from app.api.console import notices as console_notices
from app.api.console import promises as console_promises
from app.api.console import query_partners as console_query_partners
from app.api.console import recoveries as console_recoveries
from app.api.console import relatives as console_relatives
from app.api.console import reports as console_reports
from app.api.console import review as console_review
from app.api.console import webhooks as console_webhooks
from app.api.partner import check_answers, check_files, receipts, registry, status_queries
from app.api.partner import events as partner_events
from app.api.public import audit_checkpoints, eligibility_checks, objections, service_items, status
from app.api.public import complaints as public_complaints
from app.api.public import letters as public_letters
from app.api.public import notices as public_notices
from app.api.public import reference as public_reference
from app.core.clock import Clock, OffsetClock, SystemClock
from app.core.crypto import make_vault
from app.core.db import Database, make_engine, make_hot_pool
from app.core.logs import configure_logs
from app.core.starting import refuse_outdated_schema
from app.core.storage import open_storage
from app.identity.keys import load_key_ring
from app.keys.loading import vault_opened
from app.partners.registry import build_partners, unconnected
from app.partners.transport import partner_client
from app.settings import Settings, load_settings

_CONNECTIONS_ASIDE = 3
_CONNECTIONS_HOT = 4  # held for less than a millisecond each: more than one process can keep busy

ROUTERS = (
    auth.router,
    step_up.router,
    key_set.router,
    me.router,
    data.router,
    erasures.router,
    applicant_corrections.router,
    check_results.router,
    disputes.router,
    applicant_entrustments.router,
    applicant_human_reviews.router,
    applicant_applications.router,
    applicant_promises.router,
    supporters.router,
    support_requests.router,
    own_authorisations.router,
    prefill.router,
    timeline.router,
    report.router,
    assessment.router,
    applicant_letters.router,
    applicant_awards.router,
    applicant_recoveries.router,
    applicant_complaints.router,
    uploads.router,
    documents.router,
    evidence.router,
    console_me.router,
    console_applications.router,
    console_check_results.router,
    console_documents.router,
    console_promises.router,
    console_entrustments.router,
    console_checks.router,
    console_reports.router,
    console_disputes.router,
    agencies.router,
    agencies.modes,
    check_batches.router,
    console_review.router,
    decisions.router,
    console_human_reviews.router,
    evidence_letters.router,
    console_letters.router,
    console_notices.router,
    console_awards.router,
    console_recoveries.router,
    console_handovers.router,
    payrolls.router,
    standards.router,
    parameters.router,
    effects.router,
    campaigns.router,
    console_complaints.router,
    console_conflicts.router,
    console_corrections.router,
    console_relatives.router,
    unmaskings.router,
    exports.router,
    legal_holds.router,
    console_webhooks.router,
    console_query_partners.router,
    staff.router,
    console_audit.router,
    tasks.router,
    batches.router,
    workload.router,
    escalations.router,
    check_answers.router,
    check_files.router,
    receipts.router,
    partner_events.router,
    status_queries.router,
    registry.router,
    public_reference.router,
    public_notices.router,
    service_items.router,
    eligibility_checks.router,
    status.router,
    public_complaints.router,
    public_letters.router,
    objections.router,
    audit_checkpoints.router,
    health.router,
    problem_pages.router,
)


def make_clock(settings: Settings) -> Clock:
    """Return the machine's clock, or in the sandbox one that can be moved."""
    if settings.environment == "sandbox" and settings.sandbox_clock_file is not None:
        return OffsetClock(settings.sandbox_clock_file)
    return SystemClock()


def create_app() -> FastAPI:
    """Build the web process from the environment (uvicorn's factory)."""
    settings = load_settings()
    configure_logs(settings.log_level)
    return build_app(settings)


def build_app(settings: Settings, database: Database | None = None) -> FastAPI:
    """Build the web process; tests pass a database of their own."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with partner_client(settings.partners()) as http:
            app.state.tools = make_tools(settings, http, database)
            await refuse_outdated_schema(app.state.tools.database)
            if database is not None:
                yield
                return
            async with vault_opened(app.state.tools.database):
                yield
            await app.state.tools.database.dispose()

    return assemble(lifespan=lifespan)


def make_database(settings: Settings) -> Database:
    """Connect to the database, with a few connections set aside for what must not wait for the rest."""
    url, clock = settings.database_url, make_clock(settings)
    return Database(
        make_engine(url, settings.pool_size),
        clock,
        make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock),
        side=make_engine(url, _CONNECTIONS_ASIDE),
        hot=make_hot_pool(url, _CONNECTIONS_HOT),
    )


def make_tools(settings: Settings, http: httpx.AsyncClient, database: Database | None = None) -> Tools:
    """Read keys and connections, and put together what endpoints ask for."""
    connections = settings.partners()
    return Tools(
        settings=settings,
        database=database or make_database(settings),
        keys=load_key_ring(settings.token_key_file),
        storage=open_storage(settings.storage_dir, settings.storage_s3_file),
        partners=build_partners(connections, http),
        inbound_secrets={code: connection.inbound_secret for code, connection in connections.items()},
        inbound_keys={code: connection.inbound_key for code, connection in connections.items()},
        unconnected=frozenset().union(*unconnected(connections).values()),
    )


def assemble(*, receive_seconds: float = RECEIVE_SECONDS, **options: Any) -> FastAPI:
    """Mount everything; needs no settings, so that the contract can be written without a database.

    receive_seconds is how long a body may take to arrive.
    """
    app = FastAPIOffline(
        title="一部手机办低保",
        version="1.0.0",
        summary="Apply for the minimum-living allowance by phone, from application to payment",
        docs_url="/docs",
        redoc_url="/redoc",
        openapi_url="/openapi.json",
        redirect_slashes=False,  # the Location would repeat whatever Host the caller wrote
        **options,
    )
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(strict_address)])
    app.router.routes.insert(0, Shortcut(zip(ROUTERS, app.router.routes[-len(ROUTERS) :], strict=True)))
    install_problem_handlers(app)
    install_contract(app)
    app.add_middleware(MaskedWords)
    app.add_middleware(Linking)
    app.add_middleware(Conditional)
    app.add_middleware(Methods, paths=app.openapi()["paths"])
    app.add_middleware(Intake, seconds=receive_seconds)
    app.add_middleware(LimitHeaders)
    app.add_middleware(Compression)
    app.add_middleware(Tracing)
    app.add_middleware(PlainStart)
    return app


def openapi_document() -> dict[str, Any]:
    """Return the contract, as `openapi/openapi.json` holds it."""
    return assemble().openapi()
