"""Putting questions: which agencies have room, whose turn it is, and a batch that goes out set by set.

A batch is a few hundred questions. Whoever puts one holds the agency's pace and the campaigns' rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Integer, String, Text, Uuid, func, select
from sqlalchemy.dialects.postgresql import insert

from app.audit.subjects import Case
from app.campaigns.lifecycle import Status
from app.campaigns.models import Campaign
from app.campaigns.pace_models import Pace
from app.campaigns.pacing import Waiting
from app.campaigns.queries import statement
from app.core.db import ReadSession, WriteSession
from app.core.sql import id_stem, written_out
from app.verification.models import Check

_INSTANT = DateTime(timezone=True)
_FULL = 1e9  # more than any bucket holds


class Desk(NamedTuple):
    """An agency of a province that campaigns have something to ask."""

    province: str
    partner: str


async def list_desks(db: ReadSession) -> Sequence[Desk]:
    """Return where questions of running campaigns wait."""
    rows = await db.execute(_DESKS)
    return [Desk(*row) for row in rows]


_DESKS = statement(
    """
    SELECT DISTINCT left(l.county, 2), l.partner FROM campaign_lanes l JOIN campaigns c ON c.id = l.campaign_id
    WHERE l.waiting > 0 AND c.status = 'running' ORDER BY 1, 2
    """
)

_WAITING = statement(
    """
    SELECT l.id, l.county, l.waiting, l.served_at, l.campaign_id
    FROM campaign_lanes l JOIN campaigns c ON c.id = l.campaign_id
    WHERE l.waiting > 0 AND l.partner = :partner AND left(l.county, 2) = :province AND c.status = 'running'
    """,
    partner=String,
    province=String,
)


async def take_pace(db: WriteSession, desk: Desk, now: datetime) -> Pace | None:
    """Return how much an agency is given just now, locked; None while somebody else puts questions to it."""
    await db.execute(
        insert(Pace)
        .values(province=desk.province, partner=desk.partner, left=_FULL, filled_at=now)
        .on_conflict_do_nothing()
    )
    query = select(Pace).where(Pace.province == desk.province, Pace.partner == desk.partner)
    query = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def count_open(db: ReadSession, partner: str) -> int:
    """Return how many questions of campaigns an agency has not taken yet."""
    # As the partial index says it.
    query = select(func.count()).where(
        Check.partner == partner, Check.campaign_id.is_not(None), Check.status == written_out("requested")
    )
    return int(await db.scalar(query) or 0)


async def take_waiting(db: WriteSession, desk: Desk) -> tuple[list[Waiting], dict[UUID, Campaign]]:
    """Return what waits for an agency, and the running campaigns it belongs to, locked."""
    found = (await db.execute(_WAITING, desk._asdict())).all()
    ids = {row.campaign_id for row in found}
    query = select(Campaign).where(Campaign.id.in_(ids), Campaign.status == Status.RUNNING).order_by(Campaign.id)
    locked = (await db.execute(query.with_for_update().execution_options(populate_existing=True))).scalars()
    campaigns = {campaign.id: campaign for campaign in locked}
    # Looked at again: what was seen is older than the locks.
    rows = [row for row in await db.execute(_WAITING, desk._asdict()) if row.campaign_id in campaigns]
    return [Waiting(row.id, row.county, row.waiting, row.served_at) for row in rows], campaigns


class Picked(NamedTuple):
    """A question that is to go out."""

    id: UUID
    lane: UUID
    county: str
    household: UUID
    campaign: UUID
    application: UUID


# What another campaign that reaches the case is asking about it waits for that answer. OFFSET keeps the look one by
# index, question by question.
_PICK = statement(
    """
    SELECT q.id, l.id, q.county, q.household_id, q.campaign_id, q.application_id
    FROM unnest(:lanes, :shares) AS turn (lane, share)
    JOIN campaign_lanes l ON l.id = turn.lane
    CROSS JOIN LATERAL (
        SELECT id, county, household_id, campaign_id, application_id FROM campaign_questions w
        WHERE status = 'to_ask' AND campaign_id = l.campaign_id AND county = l.county AND partner = l.partner
          AND NOT EXISTS (
              SELECT FROM checks c
              WHERE c.application_id = w.application_id AND c.member_id = w.member_id AND c.item = w.item
                AND c.status IN ('requested', 'dispatched') OFFSET 0)
        ORDER BY id LIMIT turn.share
    ) AS q
    """,
    lanes=ARRAY(Uuid),
    shares=ARRAY(Integer),
)


async def pick(db: ReadSession, shares: Mapping[UUID, int]) -> Sequence[Picked]:
    """Return the next questions of lanes, as many as each one's share; fewer where the same is being asked already."""
    rows = await db.execute(_PICK, {"lanes": list(shares), "shares": list(shares.values())})
    return [Picked(*row) for row in rows]


# Nobody is asked about whose authorisation or award has ended since he was listed, nor where the place asks on paper.
_SKIP = statement(
    """
    UPDATE campaign_questions q SET status = 'skipped', reason = found.reason
    FROM (
        SELECT w.id,
               CASE WHEN NOT EXISTS (
                        SELECT FROM awards a WHERE a.id = h.award_id AND a.status IN ('active', 'suspended')
                    ) THEN 'award_ended'
                    WHEN NOT EXISTS (
                        SELECT FROM authorisations s WHERE s.member_id = w.member_id AND s.withdrawn_at IS NULL
                    ) THEN 'authorisation_withdrawn'
                    WHEN EXISTS (
                        SELECT FROM unnest(:paper_counties, :paper_items) AS paper (county, item)
                        WHERE paper.county = w.county AND paper.item = w.item
                    ) THEN 'asked_on_paper' END AS reason
        FROM campaign_questions w JOIN campaign_households h ON h.id = w.household_id
        WHERE w.id = ANY(:ids)
    ) AS found
    WHERE q.id = found.id AND found.reason IS NOT NULL
    RETURNING q.id
    """,
    ids=ARRAY(Uuid),
    paper_counties=ARRAY(String),
    paper_items=ARRAY(String),
)

# What an agency itself said in this very case, while it is fresh there.
_USE = statement(
    """
    UPDATE campaign_questions q
    SET status = CASE answer.outcome WHEN 'hit' THEN 'answered' ELSE 'none' END, check_id = answer.id, used = true
    FROM campaign_questions w
    JOIN unnest(:fresh_counties, :fresh_items, :since) AS fresh (county, item, since)
      ON fresh.county = w.county AND fresh.item = w.item
    CROSS JOIN LATERAL (
        SELECT c.id, c.outcome FROM checks c
        WHERE c.application_id = w.application_id AND c.member_id = w.member_id AND c.item = w.item
          AND c.status = 'answered' AND c.answered_by IS NULL AND c.answered_at >= fresh.since
        ORDER BY c.answered_at DESC LIMIT 1
    ) AS answer
    WHERE w.id = ANY(:ids) AND w.status = 'to_ask' AND q.id = w.id
    RETURNING q.id, q.status
    """,
    ids=ARRAY(Uuid),
    fresh_counties=ARRAY(String),
    fresh_items=ARRAY(String),
    since=ARRAY(_INSTANT),
)

_PUT = statement(
    """
    WITH put AS (
        INSERT INTO checks (id, county, division, application_id, member_id, item, round, partner, mode, purpose,
                            authorisation_id, operator, status, attempts, attempts_before, opened_at, next_attempt_at,
                            due_on, campaign_id, to_take_up, version)
        SELECT {new_id}, q.county, q.division, q.application_id, q.member_id, q.item,
               (SELECT coalesce(max(c.round), 0) + 1 FROM checks c
                WHERE c.application_id = q.application_id AND c.member_id = q.member_id AND c.item = q.item),
               q.partner, CASE WHEN by_file.item IS NULL THEN 'interface' ELSE 'batch' END, p.program, s.id, :operator,
               'requested', 0, 0, :now, CASE WHEN by_file.item IS NULL THEN :looked_at_again ELSE :now END, :due,
               q.campaign_id, false, 1
        FROM campaign_questions q
        JOIN campaigns p ON p.id = q.campaign_id
        LEFT JOIN unnest(:file_counties, :file_items) AS by_file (county, item)
          ON by_file.county = q.county AND by_file.item = q.item
        CROSS JOIN LATERAL (
            SELECT id FROM authorisations WHERE member_id = q.member_id AND withdrawn_at IS NULL OFFSET 0
        ) AS s
        WHERE q.id = ANY(:ids) AND q.status = 'to_ask'
        ON CONFLICT (application_id, member_id, item, round) DO NOTHING
        RETURNING id, campaign_id, application_id, member_id, item, mode
    )
    UPDATE campaign_questions q SET status = 'asked', check_id = put.id
    FROM put
    WHERE q.application_id = put.application_id AND q.campaign_id = put.campaign_id
      AND q.member_id = put.member_id AND q.item = put.item
    RETURNING q.id, put.id AS check_id, put.mode
    """,
    stem=Text,
    ids=ARRAY(Uuid),
    file_counties=ARRAY(String),
    file_items=ARRAY(String),
    operator=String,
    now=_INSTANT,
    looked_at_again=_INSTANT,
    due=Date,
)


@dataclass(frozen=True)
class Rules:
    """How places ask, each county and item: on paper, by file, or by an answer of since when."""

    on_paper: Collection[tuple[str, str]]
    by_file: Collection[tuple[str, str]]
    fresh_since: Mapping[tuple[str, str], datetime]


async def skip_ended(db: WriteSession, ids: Sequence[UUID], rules: Rules) -> set[UUID]:
    """Leave out of a batch who may not be asked about any more; returns which questions."""
    paper = sorted(rules.on_paper)
    values = {"ids": list(ids), "paper_counties": [c for c, _ in paper], "paper_items": [i for _, i in paper]}
    return {row.id for row in await db.execute(_SKIP, values)}


async def use_fresh(db: WriteSession, ids: Sequence[UUID], rules: Rules) -> dict[UUID, str]:
    """Answer what of a batch was answered lately; returns question and its status."""
    places = list(rules.fresh_since)
    values = {
        "ids": list(ids),
        "fresh_counties": [county for county, _ in places],
        "fresh_items": [item for _, item in places],
        "since": [rules.fresh_since[place] for place in places],
    }
    return {row.id: row.status for row in await db.execute(_USE, values)}


class Put(NamedTuple):
    """The check that puts a question, and in which way it goes out."""

    check: UUID
    mode: str


async def put_checks(
    db: WriteSession,
    ids: Sequence[UUID],
    rules: Rules,
    *,
    operator: str,
    now: datetime,
    looked_at_again: datetime,
    due: date,
) -> dict[UUID, Put]:
    """Make the checks of the rest of a batch, on the authorisations in force, in the way of each place; what is asked
    by file waits for the next one. Returns question and check."""
    by_file = sorted(rules.by_file)
    values = {
        "stem": id_stem(),
        "ids": list(ids),
        "file_counties": [county for county, _ in by_file],
        "file_items": [item for _, item in by_file],
        "operator": operator,
        "now": now,
        "looked_at_again": looked_at_again,
        "due": due,
    }
    return {row.id: Put(row.check_id, row.mode) for row in await db.execute(_PUT, values)}


async def list_cases(db: ReadSession, households: Collection[UUID]) -> dict[UUID, Case]:
    """Return whom households are about, for the record."""
    rows = await db.execute(_CASES, {"ids": list(households)})
    return {row[0]: Case(*row[1:]) for row in rows}


_CASES = statement(
    """
    SELECT h.id, h.application_id, a.beneficiary_id, h.county
    FROM campaign_households h JOIN awards a ON a.id = h.award_id WHERE h.id = ANY(:ids)
    """,
    ids=ARRAY(Uuid),
)
