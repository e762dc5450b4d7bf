"""How many questions are put when, and about whom next. Pure.

An agency gets so many questions an hour, whatever the campaigns, and has so many open that it has not taken. Among
counties it is one question each, in turn, beginning with who has waited longest: a large county takes longer and keeps
no small one waiting.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

_SECONDS = 3_600
_BUCKET = timedelta(minutes=1)  # no more than a minute's questions are put at once, however long nobody asked


@dataclass(frozen=True)
class Waiting:
    """What waits in one lane; `served_at`: when it last had its turn."""

    lane: UUID
    county: str
    questions: int
    served_at: datetime | None


def refill(left: float, filled_at: datetime, now: datetime, hourly: int) -> float:
    """Return what a bucket holds now that held `left` at an instant."""
    most = max(1.0, hourly * _BUCKET.total_seconds() / _SECONDS)
    since = max(0.0, (now - filled_at).total_seconds())
    return min(most, left + since * hourly / _SECONDS)


def share(waiting: Iterable[Waiting], budget: int) -> dict[UUID, int]:
    """Divide a budget among lanes: one question for each county in turn, within a county for each lane in turn.

    Nothing of it is left over while anything waits.
    """
    # Who never had a turn comes first, then who has waited longest.
    lanes = sorted(waiting, key=lambda each: (each.served_at is not None, each.served_at, str(each.lane)))
    left = {each.lane: each.questions for each in lanes if each.questions > 0}
    counties: dict[str, deque[UUID]] = {}
    for each in lanes:
        if each.lane in left:
            counties.setdefault(each.county, deque()).append(each.lane)
    turns, given = deque(counties.values()), dict[UUID, int]()
    while budget > 0 and turns:
        county = turns.popleft()
        lane = county.popleft()
        given[lane] = given.get(lane, 0) + 1
        left[lane] -= 1
        budget -= 1
        if left[lane]:
            county.append(lane)
        if county:
            turns.append(county)
    return given


@dataclass(frozen=True)
class Ahead:
    """What one agency has still to be asked: by this campaign, by all of them, and how many it takes in an hour."""

    own: int
    total: int
    hourly: int


def estimate_end(
    now: datetime, started_at: datetime, paused: timedelta, settled: int, open_: int, ahead: Sequence[Ahead]
) -> datetime | None:
    """Say when a campaign will have been answered: the agency that takes longest by its pace, or by how it went so far,
    whichever is later. None where nothing is open, or nothing was settled yet to judge by."""
    if open_ == 0:
        return None
    by_pace = max((each.total / each.hourly for each in ahead if each.own), default=0.0)
    took = max(0.0, (now - started_at - paused).total_seconds())
    if not settled and not by_pace:
        return None
    so_far = took / settled * open_ if settled else 0.0
    return now + timedelta(seconds=max(by_pace * _SECONDS, so_far))
