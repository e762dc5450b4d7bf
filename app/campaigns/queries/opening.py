"""Listing whom a campaign asks about: a slice of households is four statements, however many persons and items."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, DateTime, Integer, String, Text, Uuid, select
from sqlalchemy.orm import selectinload

from app.applications.models import Application
from app.campaigns.models import Campaign
from app.campaigns.queries import statement
from app.core.db import ReadSession, WriteSession
from app.core.sql import id_stem
from app.reference.divisions import scope_of
from app.verification.expected import registered_elsewhere

# The next awards in force, by id: the one order that an index gives without the rule on rows in its way.
_AWARDS = statement(
    """
    SELECT id, application_id, county FROM awards
    WHERE id > :after AND division BETWEEN :low AND :high AND status IN ('active', 'suspended') AND program = :program
    ORDER BY id LIMIT :most
    """,
    low=String,
    high=String,
    program=String,
    after=Uuid,
    most=Integer,
)

_HOUSEHOLDS = statement(
    """
    INSERT INTO campaign_households
        (id, county, division, campaign_id, application_id, award_id, status, unsettled, step_due)
    SELECT {new_id}, county, division, :campaign, application_id, id, 'listed', 0, false
    FROM awards WHERE id = ANY(:awards)
    ON CONFLICT (application_id, campaign_id) DO NOTHING
    RETURNING id
    """,
    stem=Text,
    campaign=Uuid,
    awards=ARRAY(Uuid),
)

# Each item of each person the award is for; a review also of whom agencies were asked about before the decision. An
# item with a county is asked there only, one with members about them only. Who has no authorisation in force is listed,
# and not to be asked. OFFSET keeps each look one by index, household by household: joined as a whole, the rules on rows
# would be gone through for everybody there is, with every slice.
_QUESTIONS = statement(
    """
    WITH listed AS (
        INSERT INTO campaign_questions (id, county, division, campaign_id, household_id, application_id, member_id,
                                        item, partner, status, reason, used)
        SELECT {new_id}, h.county, h.division, h.campaign_id, h.id, h.application_id, m.id, each.item, each.partner,
               CASE WHEN live.id IS NULL THEN 'skipped' ELSE 'to_ask' END,
               CASE WHEN live.id IS NOT NULL THEN NULL
                    WHEN EXISTS (SELECT FROM authorisations w WHERE w.member_id = m.id) THEN 'authorisation_withdrawn'
                    ELSE 'no_authorisation' END,
               false
        FROM campaign_households h
        CROSS JOIN LATERAL (
            SELECT id, claimed FROM members
            WHERE application_id = h.application_id AND supporter_ref IS NULL OFFSET 0
        ) AS m
        LEFT JOIN LATERAL (
            SELECT id FROM authorisations WHERE member_id = m.id AND withdrawn_at IS NULL OFFSET 0
        ) AS live ON true
        CROSS JOIN unnest(:items, :partners, :counties) AS each (item, partner, county)
        WHERE h.id = ANY(:households)
          AND (each.county IS NULL OR each.county = h.county)
          AND (each.item <> ALL(:narrow) OR m.id = ANY(:concerned))
          AND (m.claimed OR :whole AND EXISTS (
              SELECT FROM checks c WHERE c.application_id = h.application_id AND c.member_id = m.id))
        ON CONFLICT (application_id, campaign_id, member_id, item) DO NOTHING
        RETURNING county, partner, household_id, status
    ), lanes AS (
        INSERT INTO campaign_lanes (id, county, division, campaign_id, partner, waiting, asked, answered, none,
                                    unavailable, skipped, used)
        SELECT {new_id}, county, rpad(county, 12, '0'), :campaign, partner,
               count(*) FILTER (WHERE status = 'to_ask'), 0, 0, 0, 0, count(*) FILTER (WHERE status = 'skipped'), 0
        FROM listed GROUP BY county, partner
        ON CONFLICT (campaign_id, county, partner) DO UPDATE
        SET waiting = campaign_lanes.waiting + excluded.waiting, skipped = campaign_lanes.skipped + excluded.skipped
    )
    SELECT household_id, count(*) AS open FROM listed WHERE status = 'to_ask' GROUP BY household_id
    """,
    stem=Text,
    campaign=Uuid,
    items=ARRAY(String),
    partners=ARRAY(String),
    counties=ARRAY(String),
    narrow=ARRAY(String),
    concerned=ARRAY(Uuid),
    households=ARRAY(Uuid),
    whole=Boolean,
)

_COUNT = statement(
    """
    UPDATE campaign_households h
    SET unsettled = coalesce(counted.open, 0),
        status = CASE WHEN counted.open > 0 THEN 'listed' ELSE 'ready' END,
        look_at = CASE WHEN counted.open > 0 THEN NULL ELSE :now END
    FROM unnest(:households) AS slice (id)
    LEFT JOIN unnest(:counted, :open) AS counted (household_id, open) ON counted.household_id = slice.id
    WHERE h.id = slice.id
    """,
    households=ARRAY(Uuid),
    counted=ARRAY(Uuid),
    open=ARRAY(Integer),
    now=DateTime(timezone=True),
)

_NOBODY = UUID(int=0)


class Asking(NamedTuple):
    """An item that is asked, and by whom it is answered. `county`: where alone it is asked; None: everywhere.
    `of_members`: about whom alone; None: about everybody."""

    item: str
    partner: str
    county: str | None = None
    of_members: Collection[UUID] | None = None


class Slice(NamedTuple):
    """The next awards in force of a campaign, by id, and the counties that pay them."""

    awards: Sequence[UUID]
    cases: Sequence[UUID]
    counties: frozenset[str]


async def next_slice(db: ReadSession, campaign: Campaign, *, limit: int) -> Slice:
    """Return the next awards that a campaign has to list; the campaign is locked by whoever calls."""
    low, high = scope_of(campaign.division)
    where = {"low": low, "high": high, "program": campaign.program, "after": campaign.after or _NOBODY, "most": limit}
    rows = (await db.execute(_AWARDS, where)).all()
    return Slice([row.id for row in rows], [row.application_id for row in rows], frozenset(row.county for row in rows))


async def list_registered_elsewhere(db: ReadSession, cases: Collection[UUID]) -> set[UUID]:
    """Return the members of cases who are registered in another province, by what was declared."""
    query = select(Application).where(Application.id.in_(cases)).options(selectinload(Application.members))
    applications = (await db.execute(query)).scalars()
    return {
        member.id
        for application in applications
        for member in application.members
        if member.supporter_ref is None and registered_elsewhere(db, application, member) is not None
    }


async def list_slice(
    db: WriteSession,
    campaign: Campaign,
    awards: Sequence[UUID],
    asking: Sequence[Asking],
    *,
    whole: bool,
    now: datetime,
) -> None:
    """List the households of awards with all their questions.

    `whole`: also about whom the award is not for, but agencies were asked about.
    """
    about = {"stem": id_stem(), "campaign": campaign.id}
    listed = await db.execute(_HOUSEHOLDS, {**about, "awards": list(awards)})
    households = [row.id for row in listed]
    narrow = [each for each in asking if each.of_members is not None]
    asked = {
        "items": [each.item for each in asking],
        "partners": [each.partner for each in asking],
        "counties": [each.county for each in asking],
        "narrow": [each.item for each in narrow],
        "concerned": list({member for each in narrow for member in each.of_members or ()}),
        "households": households,
        "whole": whole,
    }
    counted = {row.household_id: row.open for row in await db.execute(_QUESTIONS, {**about, **asked})}
    books = {"households": households, "counted": list(counted), "open": list(counted.values()), "now": now}
    await db.execute(_COUNT, books)
