"""Planning a campaign, approving it, pausing, going on, ending: what persons decide."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.audit.commands import record_act
from app.campaigns.commands.listing import OPEN_CAMPAIGN
from app.campaigns.errors import CampaignUnderWay, NobodyReceives, NotOfThisLevel
from app.campaigns.lifecycle import LIFECYCLE, PLANNERS, Action, Kind, Status
from app.campaigns.models import Campaign
from app.campaigns.needs import items_of
from app.campaigns.queries.reading import get_campaign
from app.core.clock import today
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.core.ids import new_id
from app.events.commands import enqueue
from app.identity.actors import SYSTEM, Actor
from app.programs.registry import get_program
from app.reference.divisions import Level, county_of, covers, level_of
from app.reference.errors import OutsideYourDivision
from app.reference.queries import get_division

_LEVELS = (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)


@dataclass(frozen=True)
class Plan:
    """What is to be looked into where. `note`: what it rests on, in words."""

    kind: Kind
    division: str
    program: str
    note: str


async def plan_campaign(db: WriteSession, actor: Actor, plan: Plan) -> Campaign:
    """Plan a campaign; nobody is asked about before another person has approved it.

    Raises:
        RoleNotAllowed: not for this role.
        DivisionMalformed, DivisionUnknown: there is no such place.
        NotOfThisLevel: a township or village.
        OutsideYourDivision: the place is not theirs.
        ProgramUnknown: there is no such program.
        NobodyReceives: its aid is not granted here.
        CampaignUnderWay: the same is planned or runs there.
    """
    if actor.role not in PLANNERS:
        raise RoleNotAllowed
    await get_division(db, plan.division, today(db.clock))
    if level_of(plan.division) not in _LEVELS:
        raise NotOfThisLevel
    _require_own(actor, plan.division)
    if not get_program(plan.program).open_for_applications:
        raise NobodyReceives
    campaign = Campaign(
        id=new_id(),
        county=county_of(plan.division),
        division=plan.division,
        kind=plan.kind,
        program=plan.program,
        items=items_of(plan.kind, plan.program),
        note=plan.note,
        status=Status.PLANNED,
        planned_by=actor.id,
        planned_at=db.clock.now(),
        paused_seconds=0,
    )
    try:
        async with db.begin_nested():
            db.add(campaign)
            await db.flush()
    except IntegrityError:
        raise CampaignUnderWay from None
    await _record(db, actor, "plan", campaign)
    return campaign


async def approve_campaign(db: WriteSession, actor: Actor, campaign_id: UUID) -> Campaign:
    """Let a campaign begin: from now on households are listed and agencies asked.

    Raises:
        CampaignNotFound: there is none, or it does not concern the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        OutsideYourDivision: the place is not theirs.
        SamePersonNotAllowed: the actor planned it.
    """
    campaign = await _take(db, actor, campaign_id, Action.APPROVE)
    if actor.id == campaign.planned_by:
        raise SamePersonNotAllowed
    campaign.approved_by, campaign.approved_at = actor.id, db.clock.now()
    await db.flush()
    await _record(db, actor, "approve", campaign)
    await enqueue(db, OPEN_CAMPAIGN, {"campaign": str(campaign.id)})
    return campaign


async def pause_campaign(db: WriteSession, actor: Actor, campaign_id: UUID) -> Campaign:
    """Put no more questions; what was put is still answered.

    Raises:
        CampaignNotFound, StepNotAllowed, RoleNotAllowed, OutsideYourDivision: as for approving.
    """
    campaign = await _take(db, actor, campaign_id, Action.PAUSE)
    campaign.paused_at = db.clock.now()
    await db.flush()
    await _record(db, actor, "pause", campaign)
    return campaign


async def resume_campaign(db: WriteSession, actor: Actor, campaign_id: UUID) -> Campaign:
    """Go on where it was.

    Raises:
        CampaignNotFound, StepNotAllowed, RoleNotAllowed, OutsideYourDivision: as for approving.
    """
    campaign = await _take(db, actor, campaign_id, Action.RESUME)
    _end_pause(db, campaign)
    await db.flush()
    await _record(db, actor, "resume", campaign)
    if campaign.opened_at is None:
        await enqueue(db, OPEN_CAMPAIGN, {"campaign": str(campaign.id)})
    return campaign


async def end_campaign(db: WriteSession, actor: Actor, campaign_id: UUID) -> Campaign:
    """End a campaign: what was not put is left out, what was is still answered, and seen to.

    Raises:
        CampaignNotFound, StepNotAllowed, RoleNotAllowed, OutsideYourDivision: as for approving.
    """
    campaign = await _take(db, actor, campaign_id, Action.END)
    _end_pause(db, campaign)
    campaign.ended_by, campaign.ended_at = actor.id, db.clock.now()
    if campaign.approved_at is None:
        campaign.finished_at = db.clock.now()  # nothing was listed
    await db.flush()
    await _record(db, actor, "end", campaign)
    return campaign


async def finish_campaign(db: WriteSession, campaign_id: UUID) -> None:
    """Note that nothing of a campaign is open any more; who has found that out looked before its row was locked."""
    campaign = await get_campaign(db, SYSTEM, campaign_id, lock=True)
    if campaign.finished_at is not None or campaign.status not in (Status.RUNNING, Status.ENDED):
        return
    if campaign.status == Status.RUNNING:
        campaign.status = LIFECYCLE.step(campaign.status, Action.FINISH, SYSTEM.role).target
    campaign.finished_at = db.clock.now()
    await db.flush()
    await _record(db, SYSTEM, "finish", campaign)


async def _take(db: WriteSession, actor: Actor, campaign_id: UUID, action: Action) -> Campaign:
    campaign = await get_campaign(db, actor, campaign_id, lock=True)
    step = LIFECYCLE.step(campaign.status, action, actor.role)
    _require_own(actor, campaign.division)
    campaign.status = step.target
    return campaign


def _require_own(actor: Actor, division: str) -> None:
    if actor.division is None or not covers(actor.division, division):
        raise OutsideYourDivision


def _end_pause(db: WriteSession, campaign: Campaign) -> None:
    if campaign.paused_at is not None:
        campaign.paused_seconds += int((db.clock.now() - campaign.paused_at).total_seconds())
        campaign.paused_at = None


async def _record(db: WriteSession, actor: Actor, what: str, campaign: Campaign) -> None:
    await record_act(
        db,
        actor,
        f"campaign.{what}",
        "campaign",
        campaign.id,
        county=campaign.county,
        row=campaign,
        kind=campaign.kind,
        division=campaign.division,
    )
