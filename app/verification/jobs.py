"""Reactions to events, the job that puts one question, and the sweep that keeps questions going.

No transaction is open while an agency is waited for. A worker may be killed anywhere: an attempt is counted before the
call, the sweep takes up again what nothing came of, and the agency sees the same reference a second time at most.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

import structlog

from app.applications.events import (
    ApplicationAccepted,
    ApplicationEvent,
    AuthorisationWithdrawn,
)
from app.core.clock import today
from app.core.db import Database
from app.identity.actors import SYSTEM
from app.partners.base import Acknowledged, HeldBack, Partner, PartnerUnavailable
from app.partners.calling.guarded import held_back_for
from app.verification.agency_queries import find_silence, list_open_outages, list_owed, list_waiting, reroutes
from app.verification.commands import (
    cancel_void_checks,
    claim_check,
    hand_over_due_checks,
    keep_attempt,
    open_application_checks,
    record_answer,
    record_hold,
    record_silence,
    record_ticket,
    reroute,
    tell_of_answers,
    tell_of_silence,
)
from app.verification.errors import CheckNotFound
from app.verification.need_queries import forget_needs_of
from app.verification.patience import Patience

_BATCH = 100


async def open_checks(database: Database, event: ApplicationAccepted) -> None:
    """Put down what has to be asked about an accepted household."""
    async with database.unit_of_work() as db:
        await open_application_checks(db, event.subject)


async def cancel_member_checks(database: Database, event: AuthorisationWithdrawn) -> None:
    """Ask nothing more about a person who withdrew the authorisation."""
    async with database.unit_of_work() as db:
        await cancel_void_checks(db, event.subject)


async def cancel_application_checks(database: Database, event: ApplicationEvent) -> None:
    """Ask nothing more for a matter that has ended."""
    async with database.unit_of_work() as db:
        await cancel_void_checks(db, event.subject)


async def forget_needs(database: Database, payload: Mapping[str, str]) -> None:
    """Forget who was asked about for a draft that was thrown away, or for a member taken out of one."""
    async with database.unit_of_work() as db:
        await forget_needs_of(db, UUID(payload["application"]))


async def ask_check(
    database: Database, payload: Mapping[str, str], *, partners: Mapping[str, Partner], patience: Patience
) -> None:
    """Put one question to its agency and keep what comes of it; nothing once its draft was thrown away."""
    with suppress(CheckNotFound):
        await _ask(database, payload, partners, patience)


async def _ask(
    database: Database, payload: Mapping[str, str], partners: Mapping[str, Partner], patience: Patience
) -> None:
    check_id, attempt = UUID(payload["check"]), int(payload["attempt"])
    async with database.unit_of_work() as db:
        claimed = await claim_check(db, check_id, attempt, patience, lambda code: held_back_for(partners[code]))
    if claimed is None:
        return
    began = time.perf_counter()
    try:
        answer = await partners[claimed.partner].ask(claimed.query)
    except HeldBack as held:  # between the look and the call another question found the agency down
        async with database.unit_of_work() as db:
            await record_hold(db, check_id, attempt, held, patience)
        return
    except PartnerUnavailable as error:
        took = time.perf_counter() - began
        structlog.get_logger().info(
            "agency silent", partner=error.partner, reason=error.reason, item=claimed.query.item, check_id=str(check_id)
        )
        async with database.unit_of_work() as db:
            await record_silence(db, check_id, error.reason, patience)
            keep_attempt(db, claimed, took, error.reason)
        return
    took = time.perf_counter() - began
    async with database.unit_of_work() as db:
        if isinstance(answer, Acknowledged):
            await record_ticket(db, check_id, answer.ticket, patience)
        else:
            await record_answer(db, SYSTEM, check_id, answer)
        keep_attempt(db, claimed, took, answer)


async def pursue_checks(database: Database) -> None:
    """Enqueue the next attempt of every open check whose time has come."""
    handed_over = _BATCH
    while handed_over == _BATCH:
        async with database.unit_of_work() as db:
            handed_over = await hand_over_due_checks(db, _BATCH)


async def watch_agencies(database: Database) -> None:
    """Tell counties whose questions wait for an agency that it has been silent for too long, and that it answers
    again."""
    async with database.reading() as db:
        waiting, told = await list_waiting(db), await list_open_outages(db)
        partners = {each.partner for each in waiting} | {outage.partner for outage in told}
        silences = {partner: await find_silence(db, partner) for partner in partners}
    known = {(outage.county, outage.partner) for outage in told}
    for each in waiting:
        silence = silences[each.partner]
        if silence is not None and (each.county, each.partner) not in known:
            async with database.unit_of_work() as db:
                await tell_of_silence(db, each, silence)
    for outage in told:
        if silences[outage.partner] is None:
            async with database.unit_of_work() as db:
                await tell_of_answers(db, outage, database.clock.now())


async def reroute_owed_answers(database: Database) -> None:
    """Give what silent agencies owe to the counties that want it so; each question in a transaction of its own."""
    async with database.reading() as db:
        outages = await list_open_outages(db)
        ruled = {outage.id for outage in outages if await reroutes(db, outage.county, today(database.clock))}
    for outage in outages:
        if outage.id in ruled:
            async with database.reading() as db:
                owed = await list_owed(db, outage, _BATCH)
            for check_id in owed:
                async with database.unit_of_work() as db:
                    await reroute(db, check_id)
