"""Reads for people; every one starts at `visible_to`. What was found is shown within one's own division alone."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select

from app.applications.conflict_queries import is_kept_from
from app.applications.models import Member
from app.awards.finding_models import AwardFinding
from app.awards.models import Award
from app.campaigns.errors import CampaignNotFound
from app.campaigns.lifecycle import READERS, Outcome, QuestionStatus, Status
from app.campaigns.models import Campaign, CampaignHousehold, CampaignQuestion, Lane
from app.core.db import ReadSession
from app.core.sql import written_out
from app.identity.actors import Actor, Role
from app.reference.divisions import lineage, scope_of


def visible_to(actor: Actor) -> Select[Campaign]:
    """Select the campaigns of the places that an actor's division lies in, and of all below it: they concern it."""
    query = select(Campaign)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role in READERS and actor.division is not None:
        above = Campaign.division.in_(lineage(actor.division))
        return query.where(or_(above, Campaign.division.between(*scope_of(actor.division))))
    return query.where(false())


async def get_campaign(db: ReadSession, actor: Actor, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """Return one campaign, locked when it is to be changed, or its books.

    Raises:
        CampaignNotFound: there is none, or it does not concern the actor's division.
    """
    query = visible_to(actor).where(Campaign.id == campaign_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise CampaignNotFound
    return found


async def list_campaigns(
    db: ReadSession, actor: Actor, *, status: Status | None, after: UUID | None, limit: int
) -> Sequence[Campaign]:
    """Return a page of campaigns, newest first."""
    query = visible_to(actor).order_by(Campaign.id.desc()).limit(limit)
    if status is not None:
        query = query.where(Campaign.status == status)
    if after is not None:
        query = query.where(Campaign.id < after)
    return (await db.execute(query)).scalars().all()


class Counts(NamedTuple):
    """The books of a campaign in one county, of one agency."""

    campaign: UUID
    county: str
    partner: str
    waiting: int
    asked: int
    answered: int
    none: int
    unavailable: int
    skipped: int
    used: int


_COUNTED = tuple(getattr(Lane, name) for name in Counts._fields[3:])


async def read_books(db: ReadSession, actor: Actor, campaigns: Sequence[UUID]) -> Sequence[Counts]:
    """Return the books of campaigns that the actor may see, as far as his division reaches."""
    query = select(Lane.campaign_id, Lane.county, Lane.partner, *_COUNTED).where(Lane.campaign_id.in_(campaigns))
    if actor.division is not None:
        query = query.where(Lane.division.between(*scope_of(actor.division)))
    rows = await db.execute(query.order_by(Lane.campaign_id, Lane.county, Lane.partner))
    return [Counts(*row) for row in rows]


async def count_differing(db: ReadSession, actor: Actor, campaigns: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return for how many households of each campaign something was found."""
    differing = CampaignHousehold.outcome == written_out(Outcome.DIFFERS)
    query = select(CampaignHousehold.campaign_id, func.count()).where(
        CampaignHousehold.campaign_id.in_(campaigns), differing
    )
    if actor.division is not None:
        query = query.where(CampaignHousehold.division.between(*scope_of(actor.division)))
    rows = await db.execute(query.group_by(CampaignHousehold.campaign_id))
    return {row[0]: row[1] for row in rows}


async def sum_waiting(db: ReadSession, province: str) -> Mapping[str, int]:
    """Return how many questions of all running campaigns of a province wait for each agency."""
    query = (
        select(Lane.partner, func.sum(Lane.waiting))
        .join(Campaign, Campaign.id == Lane.campaign_id)
        .where(Lane.waiting > 0, Campaign.status == Status.RUNNING, Lane.county.startswith(province, autoescape=True))
        .group_by(Lane.partner)
    )
    return {row[0]: int(row[1]) for row in await db.execute(query)}


class Skipped(NamedTuple):
    """A question that was not put, whose household, and about whom."""

    question: CampaignQuestion
    member: Member
    award: Award


async def list_skipped(
    db: ReadSession, actor: Actor, campaign: Campaign, *, after: UUID | None, limit: int
) -> Sequence[Skipped]:
    """Return a page of whom nobody was asked about, in order; those of close relatives of who asks are left out."""
    query = (
        select(CampaignQuestion, Member, Award)
        .join(Member, Member.id == CampaignQuestion.member_id)
        .join(Award, Award.application_id == CampaignQuestion.application_id)
        .where(
            CampaignQuestion.campaign_id == campaign.id,
            CampaignQuestion.status == written_out(QuestionStatus.SKIPPED),
            ~is_kept_from(actor.id, CampaignQuestion.application_id),
        )
        .order_by(CampaignQuestion.id)
        .limit(limit)
    )
    if actor.division is not None:
        query = query.where(CampaignQuestion.division.between(*scope_of(actor.division)))
    if after is not None:
        query = query.where(CampaignQuestion.id > after)
    return [Skipped(*row) for row in await db.execute(query)]


class Found(NamedTuple):
    """A household that a person is to look at."""

    household: CampaignHousehold
    award: Award
    finding: AwardFinding


async def list_found(
    db: ReadSession, actor: Actor, campaign: Campaign, *, after: UUID | None, limit: int
) -> Sequence[Found]:
    """Return a page of households about whom something was found, in order; those of close relatives of who asks are
    left out."""
    query = (
        select(CampaignHousehold, Award, AwardFinding)
        .join(Award, Award.id == CampaignHousehold.award_id)
        .join(AwardFinding, AwardFinding.id == CampaignHousehold.finding_id)
        .where(
            CampaignHousehold.campaign_id == campaign.id,
            CampaignHousehold.outcome == written_out(Outcome.DIFFERS),
            ~is_kept_from(actor.id, CampaignHousehold.application_id),
        )
        .order_by(CampaignHousehold.id)
        .limit(limit)
    )
    if actor.division is not None:
        query = query.where(CampaignHousehold.division.between(*scope_of(actor.division)))
    if after is not None:
        query = query.where(CampaignHousehold.id > after)
    return [Found(*row) for row in await db.execute(query)]


async def list_members(db: ReadSession, ids: Sequence[UUID]) -> Mapping[UUID, Member]:
    """Return the members that a page speaks of."""
    return {row.id: row for row in (await db.execute(select(Member).where(Member.id.in_(ids)))).scalars()}
