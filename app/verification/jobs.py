"""Reactions to events, the jobs that put questions, and the sweeps that keep questions going."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from uuid import UUID

from app.applications.events import (
    ApplicationAccepted,
    ApplicationEvent,
    AuthorisationWithdrawn,
)
from app.core.clock import today
from app.core.db import Database
from app.partners.base import Partner
from app.reference.procedure import Mode
from app.verification.agency_models import WHOLE
from app.verification.agency_queries import find_silence, list_open_outages, list_owed, list_waiting, reroutes
from app.verification.commands import (
    cancel_void_checks,
    follow_supporters,
    give_away,
    hand_over_due_checks,
    is_about_one_item,
    open_application_checks,
    reroute,
    tell_of_answers,
    tell_of_silence,
    wholes_and_items,
)
from app.verification.errors import CheckNotFound
from app.verification.group_queries import find_application_of
from app.verification.need_queries import forget_needs_of
from app.verification.patience import Patience
from app.verification.putting import Turn, ask_about
from app.verification.queries import list_asked_of

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


async def see_to_supporters(database: Database, payload: Mapping[str, str]) -> None:
    """Ask about supporters outside the household who authorised it, and no more about those who withdrew."""
    async with database.unit_of_work() as db:
        await follow_supporters(db, UUID(payload["application"]))


async def forget_needs(database: Database, payload: Mapping[str, str]) -> None:
    """Forget who was asked about for a draft that was thrown away, or for a member taken out of one."""
    async with database.unit_of_work() as db:
        await forget_needs_of(db, UUID(payload["application"]))


async def ask_checks(
    database: Database, payload: Mapping[str, str], *, partners: Mapping[str, Partner], patience: Patience, turn: Turn
) -> None:
    """Put questions about one household to their agencies and keep what comes of them; nothing once its draft was
    thrown away."""
    with suppress(CheckNotFound):
        if "check" in payload:  # a job of an earlier release, which put each question by itself
            attempts = {UUID(payload["check"]): int(payload["attempt"])}
            async with database.reading() as db:
                application_id = await find_application_of(db, *attempts)
        else:
            application_id, pairs = UUID(payload["application"]), payload["attempts"].split()
            attempts = {UUID(check): int(attempt) for check, _, attempt in (each.partition(":") for each in pairs)}
        await ask_about(database, application_id, attempts, partners, patience, turn)


async def pursue_checks(database: Database) -> None:
    """Enqueue the next attempt of every open check whose time has come."""
    handed_over = _BATCH
    while handed_over == _BATCH:
        async with database.unit_of_work() as db:
            handed_over = await hand_over_due_checks(db, _BATCH)


async def watch_agencies(database: Database) -> None:
    """Tell counties whose questions wait for an agency that it has been silent for too long, as a whole or about one
    item, and that it answers again."""
    now = database.clock.now()
    async with database.reading() as db:
        waiting, told = wholes_and_items(await list_waiting(db, now)), await list_open_outages(db)
        places = {(each.partner, each.item) for each in waiting} | {(outage.partner, outage.item) for outage in told}
        silences = {place: await find_silence(db, place[0], now, place[1]) for place in places}
    known = {(outage.county, outage.partner, outage.item) for outage in told}
    for each in waiting:
        silence = silences[each.partner, each.item]
        if silence is None or not known.isdisjoint({(*each[:2], WHOLE), each[:3]}) or is_about_one_item(each, silence):
            continue
        async with database.unit_of_work() as db:
            if await tell_of_silence(db, each, silence):
                known.add(each[:3])
    for outage in told:
        if silences[outage.partner, outage.item] is None:
            async with database.unit_of_work() as db:
                await tell_of_answers(db, outage, now)


async def give_away_unasked(database: Database, *, unconnected: Mapping[Mode, Collection[str]]) -> None:
    """Give what would be asked of agencies that this installation is not connected with to the counties, each question
    in a transaction of its own. Where all are connected nothing is looked for."""
    for mode, partners in unconnected.items():
        if partners:
            async with database.reading() as db:
                waiting = await list_asked_of(db, partners, mode, _BATCH)
            for check_id in waiting:
                async with database.unit_of_work() as db:
                    await give_away(db, check_id)


async def reroute_owed_answers(database: Database) -> None:
    """Give what silent agencies owe to the counties that want it so; each question in a transaction of its own."""
    async with database.reading() as db:
        outages = await list_open_outages(db)
        ruled = {outage.id for outage in outages if await reroutes(db, outage.county, today(database.clock))}
    for outage in outages:
        if outage.id in ruled:
            async with database.reading() as db:
                owed = await list_owed(db, outage, database.clock.now(), _BATCH)
            for check_id in owed:
                async with database.unit_of_work() as db:
                    await reroute(db, check_id)
