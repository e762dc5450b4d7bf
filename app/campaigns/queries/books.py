"""The books: what moved is added and taken away; nothing is counted over. Whoever writes holds the campaign's row."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, DateTime, Integer, String, Uuid

from app.campaigns.lifecycle import QuestionStatus
from app.campaigns.queries import statement
from app.core.db import ReadSession, WriteSession

_INSTANT = DateTime(timezone=True)
_COLUMN = {QuestionStatus.TO_ASK: "waiting"} | {
    status: status.value for status in QuestionStatus if status is not QuestionStatus.TO_ASK
}
_COUNTS = ("waiting", "asked", "answered", "none", "unavailable", "skipped", "used")

_LANES = statement(
    """
    UPDATE campaign_lanes l
    SET waiting = l.waiting + d.waiting, asked = l.asked + d.asked, answered = l.answered + d.answered,
        none = l.none + d.none, unavailable = l.unavailable + d.unavailable, skipped = l.skipped + d.skipped,
        used = l.used + d.used, served_at = coalesce(:served_at, l.served_at)
    FROM unnest(:lanes, :waiting, :asked, :answered, :none, :unavailable, :skipped, :used)
         AS d (lane, waiting, asked, answered, none, unavailable, skipped, used)
    WHERE l.id = d.lane
    """,
    lanes=ARRAY(Uuid),
    served_at=_INSTANT,
    **{name: ARRAY(Integer) for name in _COUNTS},
)

_HOUSEHOLDS = statement(
    """
    UPDATE campaign_households h
    SET unsettled = h.unsettled - moved.settled,
        status = CASE WHEN h.unsettled = moved.settled THEN 'ready' WHEN moved.put THEN 'running' ELSE h.status END,
        look_at = CASE WHEN h.unsettled = moved.settled THEN :now ELSE h.look_at END,
        step_due = h.step_due OR (moved.put AND h.status = 'listed' AND :with_step),
        settled_at = NULL, outcome = NULL, finding_id = NULL
    FROM unnest(:households, :settled, :put) AS moved (id, settled, put)
    WHERE h.id = moved.id
    """,
    households=ARRAY(Uuid),
    settled=ARRAY(Integer),
    put=ARRAY(Boolean),
    now=_INSTANT,
    with_step=Boolean,
)


class Moves:
    """What moved in the books of one campaign: from status to status, by lane; and what of each household was settled,
    or put."""

    def __init__(self) -> None:
        self._lanes: dict[UUID, Counter[str]] = {}
        self._settled: Counter[UUID] = Counter()
        self._put: dict[UUID, bool] = {}

    def add(
        self, lane: UUID, household: UUID, before: QuestionStatus, after: QuestionStatus, *, used: bool = False
    ) -> None:
        """Note that a question went from one status to another."""
        counts = self._lanes.setdefault(lane, Counter())
        counts[_COLUMN[before]] -= 1
        counts[_COLUMN[after]] += 1
        counts["used"] += used
        was_open, is_open = (each in (QuestionStatus.TO_ASK, QuestionStatus.ASKED) for each in (before, after))
        self._settled[household] += was_open and not is_open
        self._put[household] = self._put.get(household, False) or after is QuestionStatus.ASKED

    async def write(self, db: WriteSession, *, served_at: datetime | None, with_step: bool) -> None:
        """Write all of it: two statements. `served_at`: the lanes had their turn; `with_step`: the citizen sees it."""
        if not self._lanes:
            return
        counts = {name: [each[name] for each in self._lanes.values()] for name in _COUNTS}
        await db.execute(_LANES, {"lanes": list(self._lanes), "served_at": served_at, **counts})
        households = {
            "households": list(self._settled),
            "settled": list(self._settled.values()),
            "put": [self._put[each] for each in self._settled],
        }
        await db.execute(_HOUSEHOLDS, {**households, "now": db.clock.now(), "with_step": with_step})


# ---- taking up how checks ended ----

_FLAGGED = statement("SELECT campaign_id FROM checks WHERE to_take_up ORDER BY campaign_id LIMIT 1")

_ENDED = statement(
    """
    WITH ended AS (
        SELECT id, status, outcome, authorisation_id FROM checks
        WHERE to_take_up AND campaign_id = :campaign LIMIT :most FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE checks c SET to_take_up = false FROM ended WHERE c.id = ended.id
    )
    SELECT q.id, l.id AS lane, q.household_id, q.status AS before, ended.status, ended.outcome,
           EXISTS (SELECT FROM authorisations s WHERE s.id = ended.authorisation_id AND s.withdrawn_at IS NOT NULL)
           AS withdrawn
    FROM ended
    JOIN campaign_questions q ON q.check_id = ended.id AND NOT q.used
    JOIN campaign_lanes l ON l.campaign_id = q.campaign_id AND l.county = q.county AND l.partner = q.partner
    """,
    campaign=Uuid,
    most=Integer,
)

_SET = statement(
    """
    UPDATE campaign_questions q SET status = d.status, reason = d.reason
    FROM unnest(:ids, :statuses, :reasons) AS d (id, status, reason) WHERE q.id = d.id
    """,
    ids=ARRAY(Uuid),
    statuses=ARRAY(String),
    reasons=ARRAY(String),
)


class Ended(NamedTuple):
    """A check that ended, and the question it puts."""

    id: UUID
    lane: UUID
    household: UUID
    before: str
    status: str
    outcome: str | None
    withdrawn: bool


async def find_flagged(db: ReadSession) -> UUID | None:
    """Return a campaign some of whose checks have ended since it was looked."""
    campaign: UUID | None = await db.scalar(_FLAGGED)
    return campaign


async def take_ended(db: WriteSession, campaign_id: UUID, limit: int) -> Sequence[Ended]:
    """Take up how checks of a campaign ended; the next who looks finds others."""
    rows = await db.execute(_ENDED, {"campaign": campaign_id, "most": limit})
    return [Ended(*row) for row in rows]


async def set_statuses(db: WriteSession, rows: Mapping[UUID, tuple[str, str | None]]) -> None:
    """Write the status of questions, and why they are skipped."""
    if rows:
        values = {
            "ids": list(rows),
            "statuses": [status for status, _ in rows.values()],
            "reasons": [reason for _, reason in rows.values()],
        }
        await db.execute(_SET, values)


# ---- leaving out the rest of a campaign that was ended ----

_REST = statement(
    """
    WITH rest AS (
        SELECT q.id FROM campaign_lanes l
        JOIN campaign_questions q ON q.status = 'to_ask' AND q.campaign_id = l.campaign_id AND q.county = l.county
                                 AND q.partner = l.partner
        WHERE l.campaign_id = :campaign AND l.waiting > 0 LIMIT :most
    )
    UPDATE campaign_questions q SET status = 'skipped', reason = 'campaign_ended'
    FROM rest, campaign_lanes l
    WHERE q.id = rest.id AND l.campaign_id = q.campaign_id AND l.county = q.county AND l.partner = q.partner
    RETURNING l.id, q.household_id
    """,
    campaign=Uuid,
    most=Integer,
)

_LEFT_OUT = statement(
    """
    UPDATE campaign_questions q SET status = 'skipped', reason = :reason
    FROM campaign_households h, campaign_lanes l
    WHERE h.id = q.household_id AND h.application_id = :application AND q.application_id = :application
      AND q.status = 'to_ask' AND q.campaign_id = :campaign
      AND l.campaign_id = q.campaign_id AND l.county = q.county AND l.partner = q.partner
    RETURNING l.id, q.household_id
    """,
    reason=String,
    application=Uuid,
    campaign=Uuid,
)


async def leave_out_rest(db: WriteSession, campaign_id: UUID, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Leave out what was not put; returns lane and household of each question."""
    return [(row[0], row[1]) for row in await db.execute(_REST, {"campaign": campaign_id, "most": limit})]


async def leave_out_household(
    db: WriteSession, campaign_id: UUID, application_id: UUID, reason: str
) -> Collection[tuple[UUID, UUID]]:
    """Leave out what was not put about one household; returns lane and household of each question."""
    values = {"campaign": campaign_id, "application": application_id, "reason": reason}
    return [(row[0], row[1]) for row in await db.execute(_LEFT_OUT, values)]
