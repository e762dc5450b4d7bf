"""Putting the next questions to one agency: as many as its pace allows, one for each county in turn."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from app.audit.commands import record_act_on_many
from app.campaigns.lifecycle import REVIEWS, QuestionStatus
from app.campaigns.models import Campaign
from app.campaigns.pace_models import Pace
from app.campaigns.pacing import Waiting, refill, share
from app.campaigns.queries import releasing as queries
from app.campaigns.queries.books import Moves
from app.campaigns.queries.releasing import Desk, Picked, Put, Rules
from app.core.clock import today
from app.core.db import WriteSession
from app.events.commands import enqueue_many
from app.facts import Item
from app.identity.actors import SYSTEM
from app.reference.procedure import Mode
from app.reference.term_queries import load_calendar, load_procedure, load_procedures
from app.verification.commands import ASK_CHECKS, asking_by_case
from app.verification.commands.opening import BY_SYSTEM
from app.verification.patience import DUE_WORKING_DAYS, QUEUED
from app.verification.ways import mode_in

_MOST = 1_000  # questions in one transaction


async def release_next(db: WriteSession, desk: Desk) -> int:
    """Put the next questions to an agency; returns how many of those that waited are seen to.

    Each goes out on an authorisation that is in force now. Who has none any more, or no award, is left out; what the
    agency said lately in the same case is used; what it is being asked there waits for the answer. None of it costs the
    agency anything.
    """
    now = db.clock.now()
    pace = await queries.take_pace(db, desk, now)
    if pace is None:
        return 0  # another worker is at it
    budget = await _budget(db, desk, pace)
    if budget <= 0:
        return 0
    waiting, campaigns = await queries.take_waiting(db, desk)
    picked = await _pick(db, waiting, min(budget, _MOST))
    if not picked:
        return 0
    put = await _put(db, picked, campaigns)
    pace.left -= put
    await db.flush()
    return len(picked)


async def _pick(db: WriteSession, waiting: Sequence[Waiting], budget: int) -> Sequence[Picked]:
    """Return whose turn it is. Lanes of which nothing can be put just now, since another campaign is asking the same,
    give their turn to the others: else who has waited longest would keep everybody waiting."""
    while waiting:
        given = share(waiting, budget)
        picked = await queries.pick(db, given)
        if picked:
            return picked
        waiting = [each for each in waiting if each.lane not in given]
    return []


async def _budget(db: WriteSession, desk: Desk, pace: Pace) -> int:
    procedure = await load_procedure(db, desk.province.ljust(12, "0"), today(db.clock))
    now = db.clock.now()
    pace.left = refill(pace.left, pace.filled_at, now, procedure.campaign_hourly_of(desk.partner).value)
    pace.filled_at = now
    room: int = procedure.campaign_at_once_of(desk.partner).value - await queries.count_open(db, desk.partner)
    return min(int(pace.left), room)


async def _put(db: WriteSession, picked: Sequence[Picked], campaigns: Mapping[UUID, Campaign]) -> int:
    ids, now = [each.id for each in picked], db.clock.now()
    rules = await _rules(db, {each.county for each in picked}, {c for each in campaigns.values() for c in each.items})
    skipped = await queries.skip_ended(db, ids, rules)
    fresh = await queries.use_fresh(db, ids, rules)
    rest = [each for each in ids if each not in skipped and each not in fresh]
    calendar = await load_calendar(db, next(iter(campaigns.values())).division[:2].ljust(12, "0"))
    due = calendar.add_working_days(today(db.clock), DUE_WORKING_DAYS).on
    put = await queries.put_checks(db, rest, rules, operator=BY_SYSTEM, now=now, looked_at_again=now + QUEUED, due=due)
    at_once = [each for each in picked if each.id in put and put[each.id].mode != Mode.BATCH]
    first = ((each.application, put[each.id].check, 0) for each in at_once)
    await enqueue_many(db, ASK_CHECKS, asking_by_case(first))
    for campaign in campaigns.values():
        own = [each for each in picked if each.campaign == campaign.id]
        await _keep_books(db, campaign, own, skipped, fresh, put)
    return len(put)


async def _keep_books(
    db: WriteSession,
    campaign: Campaign,
    picked: Sequence[Picked],
    skipped: set[UUID],
    fresh: Mapping[UUID, str],
    put: Mapping[UUID, Put],
) -> None:
    moves = Moves()
    for each in picked:
        if each.id in skipped:
            moves.add(each.lane, each.household, QuestionStatus.TO_ASK, QuestionStatus.SKIPPED)
        elif each.id in fresh:
            status = QuestionStatus(fresh[each.id])
            moves.add(each.lane, each.household, QuestionStatus.TO_ASK, status, used=True)
        elif each.id in put:
            moves.add(each.lane, each.household, QuestionStatus.TO_ASK, QuestionStatus.ASKED)
    await moves.write(db, served_at=db.clock.now(), with_step=campaign.kind in REVIEWS)
    asked = [each for each in picked if each.id in put]
    cases = await queries.list_cases(db, {each.household for each in asked})
    for county in sorted({each.county for each in asked}):
        own = [each for each in asked if each.county == county]
        await record_act_on_many(
            db,
            SYSTEM,
            "checks.open",
            "campaign",
            campaign.id,
            {each.household: cases[each.household] for each in own}.values(),
            county=county,
            program=campaign.program,
            kind=campaign.kind,
            count=len(own),
        )


async def _rules(db: WriteSession, counties: set[str], items: set[str]) -> Rules:
    """Return how each county asks about each item."""
    on_paper, by_file, fresh_since = set(), set(), {}
    procedures = await load_procedures(db, {county.ljust(12, "0") for county in counties}, today(db.clock))
    for division, procedure in procedures.items():
        county = division[:6]
        for item in items:
            mode = mode_in(procedure, Item(item)).value
            if mode == Mode.MANUAL:
                on_paper.add((county, item))
            elif mode == Mode.BATCH:
                by_file.add((county, item))
            days = procedure.fresh_days_of(item).value
            if days:
                fresh_since[county, item] = db.clock.now() - timedelta(days=days)
    return Rules(on_paper, by_file, fresh_since)
