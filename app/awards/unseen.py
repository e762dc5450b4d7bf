"""What a report says that nobody who decides about the award has seen yet."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from app.awards.comparing import changes_between
from app.awards.finding_queries import find_seen_report
from app.awards.findings import FoundChange
from app.awards.models import Award
from app.core.db import ReadSession
from app.verification.models import HouseholdReport
from app.verification.queries import open_report


class Unseen(NamedTuple):
    """`since`: the last report that a person has seen, or the one before where nobody has seen any; none where nothing
    is compared with a report."""

    changes: Sequence[FoundChange] = ()
    since: UUID | None = None


async def changes_unseen(
    db: ReadSession, award: Award, later: HouseholdReport, before: HouseholdReport | None
) -> Unseen:
    """List the fields of which a report says something new: since the last one that a person has seen, and since the
    one `before`.

    Between the two there may be reports that nobody was shown: compared with the latest of them alone, what it brought
    would stay unseen for good; compared with the former alone, what changed about something that had no answer then.
    """
    seen = await find_seen_report(db, award)
    if seen is not None and seen.number >= later.number:
        return Unseen()
    compared = _earlier(seen, before)
    found: dict[tuple[object, ...], FoundChange] = {}
    for earlier in compared:
        if earlier is not None and earlier.id == later.id:
            continue
        content = None if earlier is None else open_report(db, earlier)
        for change in changes_between(content, open_report(db, later), award.program):
            found.setdefault((change.member, change.item, change.key), change)
    return Unseen(tuple(found.values()), None if compared[0] is None else compared[0].id)


def _earlier(seen: HouseholdReport | None, before: HouseholdReport | None) -> Sequence[HouseholdReport | None]:
    if seen is None:
        return (before,)
    return (seen,) if before is None or before.number <= seen.number else (seen, before)
