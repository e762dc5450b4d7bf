"""Households of which nothing is open any more: what is settled in sets, and what has to be looked into one by one."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import DateTime, Integer, func, select, update

from app.campaigns.lifecycle import HouseholdStatus
from app.campaigns.models import Campaign, CampaignHousehold, CampaignQuestion
from app.campaigns.queries import statement
from app.core.db import ReadSession, WriteSession
from app.core.sql import written_out
from app.verification.models import Check

_INSTANT = DateTime(timezone=True)

# A match without a record says nothing, and of whom nobody was asked there is no report: neither needs to be opened.
_PLAIN = statement(
    """
    WITH ready AS (
        SELECT h.id,
               EXISTS (SELECT FROM campaign_questions q
                       WHERE q.household_id = h.id AND q.status = 'unavailable') AS open,
               EXISTS (SELECT FROM campaign_questions q
                       WHERE q.household_id = h.id AND q.status IN ('none', 'unavailable')) AS asked
        FROM campaign_households h JOIN campaigns c ON c.id = h.campaign_id
        WHERE h.status = 'ready' AND h.look_at <= :now AND NOT EXISTS (
            SELECT FROM campaign_questions q WHERE q.household_id = h.id AND (
                q.status = 'answered'
                OR c.kind IN ('yearly_review', 'half_yearly_review') AND q.status IN ('none', 'unavailable')))
        ORDER BY h.look_at LIMIT :most FOR UPDATE OF h SKIP LOCKED
    )
    UPDATE campaign_households h
    SET status = 'settled', settled_at = :now,
        outcome = CASE WHEN ready.open THEN 'incomplete' WHEN ready.asked THEN 'unchanged' ELSE 'skipped' END
    FROM ready WHERE h.id = ready.id
    """,
    now=_INSTANT,
    most=Integer,
)


async def settle_plain(db: WriteSession, now: datetime, limit: int) -> int:
    """Settle households that need nobody to look: by what their questions came to; returns how many."""
    result = await db.execute(_PLAIN, {"now": now, "most": limit})
    return int(result.rowcount)  # type: ignore[attr-defined]  # of an UPDATE


async def list_ready(db: ReadSession, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Return household and application of what is to be looked into, who has waited longest first."""
    query = select(CampaignHousehold.id, CampaignHousehold.application_id).where(
        CampaignHousehold.status == written_out("ready"), CampaignHousehold.look_at <= now
    )
    rows = await db.execute(query.order_by(CampaignHousehold.look_at).limit(limit))
    return [(row[0], row[1]) for row in rows]


async def began_to_ask(db: ReadSession, application_id: UUID, campaign_id: UUID) -> datetime | None:
    """Return when a campaign put its first question about a case; None where it put none."""
    query = select(func.min(Check.opened_at)).where(
        Check.application_id == application_id, Check.campaign_id == campaign_id
    )
    began: datetime | None = await db.scalar(query)
    return began


class ToSettle(NamedTuple):
    """A household, and the campaign it is in."""

    household: CampaignHousehold
    campaign: Campaign


async def take_household(db: WriteSession, household_id: UUID) -> ToSettle:
    """Return a household, locked, and its campaign. Who asks holds the application."""
    query = (
        select(CampaignHousehold, Campaign)
        .join(Campaign, Campaign.id == CampaignHousehold.campaign_id)
        .where(CampaignHousehold.id == household_id)
        .with_for_update(of=CampaignHousehold)
        .execution_options(populate_existing=True)
    )
    return ToSettle(*(await db.execute(query)).one())


async def list_questions(db: ReadSession, household_id: UUID) -> Sequence[CampaignQuestion]:
    """Return what was asked about a household."""
    query = select(CampaignQuestion).where(CampaignQuestion.household_id == household_id)
    return (await db.execute(query.order_by(CampaignQuestion.id))).scalars().all()


async def list_steps_due(db: ReadSession, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Return household and application of those whose timeline is to tell of the review."""
    query = select(CampaignHousehold.id, CampaignHousehold.application_id).where(CampaignHousehold.step_due)
    return [(row[0], row[1]) for row in await db.execute(query.order_by(CampaignHousehold.id).limit(limit))]


async def list_running_of(db: ReadSession, application_id: UUID) -> Sequence[UUID]:
    """Return the campaigns that have not settled a household."""
    query = select(CampaignHousehold.campaign_id).where(
        CampaignHousehold.application_id == application_id, CampaignHousehold.status != HouseholdStatus.SETTLED
    )
    return (await db.execute(query.order_by(CampaignHousehold.campaign_id))).scalars().all()


# ---- campaigns of which nothing is open any more ----

_DONE = statement(
    """
    SELECT c.id FROM campaigns c
    WHERE c.finished_at IS NULL AND c.status IN ('running', 'paused', 'ended')
      AND (c.status = 'ended' OR c.status = 'running' AND c.opened_at IS NOT NULL)
      AND NOT EXISTS (SELECT FROM campaign_lanes l WHERE l.campaign_id = c.id AND (l.waiting > 0 OR l.asked > 0))
      AND NOT EXISTS (SELECT FROM campaign_households h WHERE h.campaign_id = c.id AND h.status <> 'settled')
    """
)
_ENDED_WITH_REST = statement(
    """
    SELECT c.id FROM campaigns c
    WHERE c.finished_at IS NULL AND c.status IN ('running', 'paused', 'ended') AND c.status = 'ended'
      AND EXISTS (SELECT FROM campaign_lanes l WHERE l.campaign_id = c.id AND l.waiting > 0)
    """
)


async def list_done(db: ReadSession) -> Sequence[UUID]:
    """Return campaigns of which nothing is open any more."""
    return (await db.execute(_DONE)).scalars().all()


async def list_ended_with_rest(db: ReadSession) -> Sequence[UUID]:
    """Return campaigns that were ended, and have not left out all that was not put."""
    return (await db.execute(_ENDED_WITH_REST)).scalars().all()


async def note_look(db: WriteSession, household_id: UUID, at: datetime) -> None:
    """Look at a household again at an instant."""
    await db.execute(
        update(CampaignHousehold)
        .where(CampaignHousehold.id == household_id)
        .values(look_at=at)
        .execution_options(synchronize_session=False)
    )
