"""As what a row is kept, and until when: the national rules, with what places put in their stead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.applications.lifecycle import Status
from app.awards.lifecycle import Status as AwardStatus
from app.core.clock import SHANGHAI, legal_date
from app.core.db import ReadSession
from app.core.months import next_month
from app.reference.queries import list_all_parameters
from app.reference.retention import PROGRAM, Kept, Period, Rule, read_period, rule_on
from app.retention.queries import CaseState, Cutoff

_UNSUCCESSFUL = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.TERMINATED, Status.REDIRECTED})


@dataclass(frozen=True)
class Keeping:
    """As what something is kept, since what day its period runs, and its last day; None: it has not begun."""

    kept: Kept
    start: date | None
    until: date | None = None


@dataclass(frozen=True)
class Periods:
    """The periods of a day. `local`: (area, class) → what a place put in a rule's stead."""

    on: date
    local: Mapping[tuple[str, Kept], Period]

    def rule(self, kept: Kept) -> Rule:
        """Return the national rule of a class."""
        return rule_on(kept, self.on)

    def period(self, kept: Kept, county: str | None = None) -> Period:
        """Return the period that holds in a county: its own, its prefecture's, its province's, else the nation's."""
        rule = self.rule(kept)
        if rule.local and county is not None:
            for digits in (6, 4, 2, 0):
                found = self.local.get((county[:digits].ljust(12, "0"), kept))
                if found is not None:
                    return found
        return rule.period

    def of(self, kept: Kept, start: date | None, county: str | None = None) -> Keeping:
        """Return how something of a class is kept whose period began on a day, or has not begun."""
        return Keeping(kept, start, None if start is None else self.period(kept, county).after(start))

    def cutoff(self, kept: Kept, county: str | None = None) -> Cutoff:
        """Return the first day whose period is still running: what began before it may go."""
        return day_of(self.period(kept, county).latest_start(self.on) + timedelta(days=1))

    def of_case(self, case: CaseState, last_use: datetime | None) -> Keeping:
        """Return how a case's file is kept: as a draft, as one that led to nothing, or as an approval file."""
        if case.status == Status.DRAFT:
            return self.of(Kept.DRAFT, legal_date(max(case.created_at, last_use or case.created_at)), case.county)
        if case.status == Status.DISCARDED:
            # Thrown away by its owner: nothing is left to wait for.
            return Keeping(Kept.DRAFT, ended := legal_date(case.ended_at or case.created_at), ended)
        if case.status in _UNSUCCESSFUL and case.ended_at is not None:
            return self.of(Kept.UNSUCCESSFUL, legal_date(case.ended_at), case.county)
        stopped = stopped_on(case.award_status, case.to_month, case.stopped_at)
        return self.of(Kept.APPROVAL_FILE, stopped, case.county)


def stopped_on(status: str | None, to_month: date | None, stopped_at: datetime | None) -> date | None:
    """Return the day an award ended: the last of its last month, or of the decision if that came later."""
    if status != AwardStatus.STOPPED or to_month is None or stopped_at is None:
        return None
    return max(next_month(to_month) - timedelta(days=1), legal_date(stopped_at))


async def load_periods(db: ReadSession, on: date) -> Periods:
    """Return the periods of a day, with the rows of `parameters` that hold on it.

    Raises:
        ValueError: a row does not say a period; it is refused when it is put, so somebody wrote past that.
    """
    rows = await list_all_parameters(db, PROGRAM, on)
    return Periods(on, {(row.area, Kept(row.name)): read_period(row.value) for row in rows})


def day_of(day: date) -> Cutoff:
    """Return a day with the instant at which it begins in China."""
    return Cutoff(day, datetime.combine(day, time(), SHANGHAI))
