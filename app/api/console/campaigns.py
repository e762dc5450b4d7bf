"""Re-verification of whole divisions: planned by one, approved by another; how far it is, and what it found."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Page
from app.api.console.campaign_schemas import (
    CampaignFindingOut,
    CampaignOut,
    CampaignSummary,
    PlanIn,
    SkippedOut,
    shape_campaign,
)
from app.audit.commands import record_look
from app.awards.findings import open_finding
from app.awards.models import Award
from app.campaigns.commands import (
    Plan,
    approve_campaign,
    end_campaign,
    pause_campaign,
    plan_campaign,
    resume_campaign,
)
from app.campaigns.errors import CampaignNotFound, CampaignUnderWay, NobodyReceives, NotOfThisLevel
from app.campaigns.lifecycle import Status
from app.campaigns.models import Campaign
from app.campaigns.pacing import Ahead, estimate_end
from app.campaigns.queries.reading import (
    Counts,
    count_differing,
    get_campaign,
    list_campaigns,
    list_found,
    list_members,
    list_skipped,
    read_books,
    sum_waiting,
)
from app.core.clock import today
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.identity.actors import Actor
from app.identity.errors import TokenRejected
from app.programs.errors import ProgramUnknown
from app.reference.errors import DivisionMalformed, DivisionUnknown, OutsideYourDivision
from app.reference.term_queries import load_procedure

router = Router(prefix="/v1/console/campaigns", tags=["console: campaigns"])

_ACTING = (TokenRejected, CampaignNotFound, RoleNotAllowed, StepNotAllowed, OutsideYourDivision)


async def _shape(db: ReadSession, actor: Actor, campaign: Campaign) -> CampaignOut:
    books = await read_books(db, actor, [campaign.id])
    differing = (await count_differing(db, actor, [campaign.id])).get(campaign.id, 0)
    return shape_campaign(actor, campaign, books, differing, await _estimate(db, campaign, books))


async def _estimate(db: ReadSession, campaign: Campaign, books: Sequence[Counts]) -> datetime | None:
    if campaign.status != Status.RUNNING or campaign.opened_at is None or campaign.approved_at is None:
        return None
    province = campaign.division[:2]
    procedure = await load_procedure(db, province.ljust(12, "0"), today(db.clock))
    total = await sum_waiting(db, province)
    own = {partner: sum(row.waiting for row in books if row.partner == partner) for partner in total}
    ahead = [
        Ahead(own.get(partner, 0), waiting, procedure.campaign_hourly_of(partner).value)
        for partner, waiting in total.items()
    ]
    settled = sum(row.answered + row.none + row.unavailable for row in books)
    open_ = sum(row.waiting + row.asked for row in books)
    paused = timedelta(seconds=campaign.paused_seconds)
    return estimate_end(db.clock.now(), campaign.approved_at, paused, settled, open_, ahead)


@router.post(
    "",
    status_code=201,
    operation_id="plan_campaign",
    summary="Plan a re-verification of a division",
    responses=problems(
        TokenRejected,
        RoleNotAllowed,
        DivisionMalformed,
        DivisionUnknown,
        NotOfThisLevel,
        OutsideYourDivision,
        ProgramUnknown,
        NobodyReceives,
        CampaignUnderWay,
    ),
)
async def plan(body: PlanIn, actor: Caseworker, db: Db) -> CampaignOut:
    """County handlers for their county, supervisors for their division. Nobody is asked about before another person has
    approved it. A review asks all that the program needs, a match one item; of every household with an award in force.
    """
    campaign = await plan_campaign(db, actor, Plan(body.kind, body.division, body.program, body.note))
    return await _shape(db, actor, campaign)


@router.get(
    "",
    operation_id="list_campaigns",
    summary="List campaigns",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: ReadDb,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[CampaignSummary]:
    """Those of the caller's division, of what lies below it and of what it lies in, newest first; counted within the
    caller's division. For who plans, approves and supervises; others find none."""
    name = f"console-campaigns:{status}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_campaigns(db, actor, status=status, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    shown = rows[:limit]
    ids = [row.id for row in shown]
    books, differing = await read_books(db, actor, ids), await count_differing(db, actor, ids)
    items = [
        CampaignSummary.shaped(row, [each for each in books if each.campaign == row.id], differing.get(row.id, 0))
        for row in shown
    ]
    return Page(items=items, next=following)


@router.get(
    "/{campaign_id}",
    operation_id="get_campaign",
    summary="See how far a campaign is",
    responses=problems(TokenRejected, CampaignNotFound),
)
async def get(campaign_id: UUID, actor: Caseworker, db: ReadDb) -> CampaignOut:
    """Questions to ask, asked and answered, by county and by agency, and an estimated end; within the caller's
    division. Counts only: nobody is shown."""
    return await _shape(db, actor, await get_campaign(db, actor, campaign_id))


@router.post(
    "/{campaign_id}/approve",
    operation_id="approve_campaign",
    summary="Let a campaign begin",
    responses=problems(*_ACTING, SamePersonNotAllowed),
)
async def approve(campaign_id: UUID, actor: Caseworker, db: Db) -> CampaignOut:
    """County confirmers and supervisors; another person than who planned it. Agencies are asked from now on, at the
    pace agreed with each, the counties in turn."""
    return await _shape(db, actor, await approve_campaign(db, actor, campaign_id))


@router.post(
    "/{campaign_id}/pause",
    operation_id="pause_campaign",
    summary="Put no more questions for now",
    responses=problems(*_ACTING),
)
async def pause(campaign_id: UUID, actor: Caseworker, db: Db) -> CampaignOut:
    """What was put is still answered, and seen to."""
    return await _shape(db, actor, await pause_campaign(db, actor, campaign_id))


@router.post(
    "/{campaign_id}/resume",
    operation_id="resume_campaign",
    summary="Go on with a campaign",
    responses=problems(*_ACTING),
)
async def resume(campaign_id: UUID, actor: Caseworker, db: Db) -> CampaignOut:
    """It goes on where it was."""
    return await _shape(db, actor, await resume_campaign(db, actor, campaign_id))


@router.post(
    "/{campaign_id}/end",
    operation_id="end_campaign",
    summary="End a campaign",
    responses=problems(*_ACTING),
)
async def end(campaign_id: UUID, actor: Caseworker, db: Db) -> CampaignOut:
    """What was not put is left out, with the reason; what was is still answered, and seen to. One that was only planned
    is over at once."""
    return await _shape(db, actor, await end_campaign(db, actor, campaign_id))


@router.get(
    "/{campaign_id}/skipped",
    operation_id="list_campaign_skipped",
    summary="List whom a campaign asks nobody about",
    responses=problems(TokenRejected, CampaignNotFound, CursorRejected),
)
async def skipped(
    campaign_id: UUID, actor: Caseworker, db: Db, limit: Limit = 20, cursor: Cursor = None
) -> Page[SkippedOut]:
    """By item, with the reason: no authorisation, withdrawn, an award that has ended, an agency that the place asks on
    paper, a campaign that was ended. Within the caller's division; the cases of one's close relatives are left out.
    That the caller saw them is recorded."""
    campaign = await get_campaign(db, actor, campaign_id)
    name = f"campaign-skipped:{campaign_id}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_skipped(db, actor, campaign, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].question.id)) if len(rows) > limit else None
    shown = rows[:limit]
    if shown:
        await _record_look(db, actor, "campaign.list_skipped", campaign, [row.award for row in shown])
    return Page(items=[SkippedOut.of(db, row) for row in shown], next=following)


@router.get(
    "/{campaign_id}/findings",
    operation_id="list_campaign_findings",
    summary="List what a campaign found",
    responses=problems(TokenRejected, CampaignNotFound, CursorRejected),
)
async def findings(
    campaign_id: UUID, actor: Caseworker, db: Db, limit: Limit = 20, cursor: Cursor = None
) -> Page[CampaignFindingOut]:
    """Households about which agencies say something new, with what it is and whether a person has settled it. Within
    the caller's division; the cases of one's close relatives are left out. That the caller saw them is recorded."""
    campaign = await get_campaign(db, actor, campaign_id)
    name = f"campaign-findings:{campaign_id}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_found(db, actor, campaign, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].household.id)) if len(rows) > limit else None
    shown = rows[:limit]
    if shown:
        await _record_look(db, actor, "campaign.list_findings", campaign, [row.award for row in shown])
    about = {change.member for row in shown for change in open_finding(db, row.finding)}
    members = await list_members(db, sorted(about))
    return Page(items=[CampaignFindingOut.of(db, row, members) for row in shown], next=following)


async def _record_look(
    db: WriteSession, actor: Actor, action: str, campaign: Campaign, awards: Iterable[Award]
) -> None:
    cases = {award.case for award in awards}
    county = actor.division[:6] if actor.division else None
    await record_look(db, actor, action, "campaign", campaign.id, cases=cases, county=county, count=len(cases))
