"""Households with an award, and campaigns that ask about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, delete, func, select

from app.applications.models import Authorisation
from app.awards.models import Award
from app.campaigns.commands import Plan, approve_campaign, plan_campaign
from app.campaigns.jobs import open_campaign, pursue_campaigns
from app.campaigns.lifecycle import Kind
from app.campaigns.models import Campaign, CampaignHousehold, CampaignQuestion, Lane
from app.core.db import Database
from app.facts import FactKey, Item
from app.identity.actors import Actor, Role
from app.verification.lifecycle import ASKED
from app.verification.models import Check
from tests.builders.applications import VILLAGE, Household, build_accepted, build_household
from tests.builders.awards import Grant, build_award_of
from tests.builders.people import build_staff
from tests.builders.verification import AS_OF, Agencies, ask, build_agencies, call_back

HERE = "532529000000"
PREFECTURE = "532500000000"
PROVINCE = "530000000000"
LIVING_ALLOWANCE = "living_allowance"


@dataclass(frozen=True)
class Granted:
    """A household with an award in force."""

    award: Award
    household: Household

    @property
    def case(self) -> UUID:
        return self.award.application_id

    def number(self, relation: str) -> str:
        return next(details.id_number for _, details in self.household.members if details.relation == relation)

    def member(self, relation: str) -> UUID:
        return next(member_id for member_id, details in self.household.members if details.relation == relation)


async def build_granted(database: Database, *, village: str = VILLAGE) -> Granted:
    """Make an applicant with a spouse and a child of seven, who live on an award; of the child nobody signed."""
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_accepted(db, household, village=village)
        award = await build_award_of(db, application, Grant())
    return Granted(award, household)


async def build_granted_alone(database: Database) -> Granted:
    """Make somebody without a family, who lives on an award."""
    async with database.unit_of_work() as db:
        household = await build_household(db)
        household = Household(household.applicant, household.members[:1])
        award = await build_award_of(db, await build_accepted(db, household), Grant())
        award.members_count = 1
    return Granted(award, household)


@dataclass(frozen=True)
class Desks:
    """Who plans and who approves."""

    planner: Actor
    approver: Actor


async def build_desks(database: Database, division: str = HERE) -> Desks:
    """Open accounts of who plans and who approves a division's campaigns."""
    above = division != HERE
    async with database.unit_of_work() as db:
        return Desks(
            await build_staff(db, Role.SUPERVISOR if above else Role.COUNTY_HANDLER, division),
            await build_staff(db, Role.SUPERVISOR if above else Role.COUNTY_CONFIRMER, division),
        )


async def plan(database: Database, actor: Actor, kind: Kind, division: str = HERE) -> Campaign:
    """Plan a campaign."""
    async with database.unit_of_work() as db:
        return await plan_campaign(db, actor, Plan(kind, division, LIVING_ALLOWANCE, "测试批量核查"))


async def begin(database: Database, kind: Kind = Kind.DEATH_MATCH, division: str = HERE) -> Campaign:
    """Plan, approve and list a campaign; nothing is put yet."""
    desks = await build_desks(database, division)
    campaign = await plan(database, desks.planner, kind, division)
    async with database.unit_of_work() as db:
        await approve_campaign(db, desks.approver, campaign.id)
    await open_campaign(database, {"campaign": str(campaign.id)})
    return await campaign_of(database, campaign.id)


async def build_found(database: Database) -> Campaign:
    """Make a campaign that found a member dead and asked nobody about the child."""
    granted, agencies = await build_granted(database), build_agencies()
    async with database.unit_of_work() as db:
        await db.execute(delete(Authorisation).where(Authorisation.member_id == granted.member("child")))
    dead = {FactKey.DECEASED_ON: AS_OF}
    agencies.civil_affairs.learn(Item.DEATHS, granted.number("spouse"), dead, AS_OF)
    campaign = await begin(database)
    await carry_on(database, agencies, campaign)
    return campaign


async def campaign_of(database: Database, campaign_id: UUID) -> Campaign:
    """Return a campaign as it is now."""
    async with database.reading() as db:
        return (await db.execute(select(Campaign).where(Campaign.id == campaign_id))).scalar_one()


async def progress(database: Database, campaign: Campaign) -> dict[str, int]:
    """Return the books of a campaign, summed, without what is nought."""
    names = ("waiting", "asked", "answered", "none", "unavailable", "skipped", "used")
    async with database.reading() as db:
        sums = (
            await db.execute(
                select(*(func.sum(getattr(Lane, name)).label(name) for name in names)).where(
                    Lane.campaign_id == campaign.id
                )
            )
        ).one()
    return {name: int(value) for name, value in zip(names, sums, strict=True) if value}


async def counted(database: Database, campaign: Campaign) -> dict[str, int]:
    """Count the questions themselves, by the names of the books."""
    async with database.reading() as db:
        rows = await db.execute(
            select(CampaignQuestion.status, func.count())
            .where(CampaignQuestion.campaign_id == campaign.id)
            .group_by(CampaignQuestion.status)
        )
        found = {"waiting" if status == "to_ask" else str(status): count for status, count in rows}
        used = await db.scalar(
            select(func.count()).where(CampaignQuestion.campaign_id == campaign.id, CampaignQuestion.used)
        )
    return found | ({"used": used} if used else {})


async def questions_of(database: Database, campaign: Campaign) -> Sequence[CampaignQuestion]:
    """Return a campaign's questions."""
    query = select(CampaignQuestion).where(CampaignQuestion.campaign_id == campaign.id)
    async with database.reading() as db:
        return (await db.execute(query.order_by(CampaignQuestion.id))).scalars().all()


async def households_of(database: Database, campaign: Campaign) -> Mapping[UUID, CampaignHousehold]:
    """Return a campaign's households by case."""
    query = select(CampaignHousehold).where(CampaignHousehold.campaign_id == campaign.id)
    async with database.reading() as db:
        return {row.application_id: row for row in (await db.execute(query)).scalars()}


async def checks_put(database: Database, campaign: Campaign) -> Sequence[Check]:
    """Return the checks that a campaign put."""
    query = select(Check).where(Check.campaign_id == campaign.id)
    async with database.reading() as db:
        return (await db.execute(query.order_by(Check.id))).scalars().all()


async def open_checks_put(database: Database, campaign: Campaign) -> Sequence[Row[UUID, UUID, str, int, datetime]]:
    """Return those that are still asked or awaited: case, id, status, attempts, when they are due. By the index of what
    is due, which holds no other, so that looking costs by what is on its way and not by what the campaign has put."""
    columns = (Check.application_id, Check.id, Check.status, Check.attempts, Check.next_attempt_at)
    query = select(*columns).where(
        Check.next_attempt_at.is_not(None), Check.campaign_id == campaign.id, Check.status.in_(ASKED)
    )
    async with database.reading() as db:
        return (await db.execute(query.order_by(Check.next_attempt_at))).all()


async def answer_put(database: Database, agencies: Agencies, campaign: Campaign) -> None:
    """Let agencies answer whatever was put to them, the banks by call-back."""
    for check in await checks_put(database, campaign):
        if check.status == "requested":
            await ask(database, agencies, check)
    for check in await checks_put(database, campaign):
        if check.status == "dispatched":
            await call_back(database, agencies, check)


async def carry_on(database: Database, agencies: Agencies, campaign: Campaign, rounds: int = 10) -> None:
    """Go on until nothing is to be asked or answered: a minute passes with each round."""
    for _ in range(rounds):
        await pursue_campaigns(database)
        await answer_put(database, agencies, campaign)
        database.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
        await pursue_campaigns(database)
        if (await campaign_of(database, campaign.id)).finished_at is not None:
            return
