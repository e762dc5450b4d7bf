"""What the county has seen of a household with an award, field by field, and what a report says beyond it.

It has seen the report that the grant rests on, and of later ones what was put before it: the fields that a finding
names, and no other. After a hand-over, and where agencies were silent, nothing is known: what is found first is news
where it differs from the declaration.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.awards.comparing import Known, Place, changes_since, is_told, place_of, said_by, shown_by
from app.awards.finding_models import AwardFinding
from app.awards.finding_queries import find_granted_report, list_findings_about
from app.awards.findings import FoundChange, open_finding
from app.awards.lifecycle import Settlement
from app.awards.models import Award
from app.core.db import ReadSession
from app.verification.models import HouseholdReport
from app.verification.queries import open_report
from app.verification.report import Content


class Shown(NamedTuple):
    """What the county has seen of each field: `settled`, and with what waits for it as well (`all`).

    `granted_on`: the number of the report that the grant rests on; 0 without one. `findings`: the last that names a
    field, settled or not.
    """

    granted_on: int
    settled: Known
    all: Known
    findings: Mapping[Place, AwardFinding]


class Unseen(NamedTuple):
    """`told`: where something was found and all of it was put before the county already, the last finding that says
    so."""

    changes: Sequence[FoundChange] = ()
    told: AwardFinding | None = None


async def read_shown(db: ReadSession, award: Award) -> Shown:
    """Return what the county has seen. Who asks may see the award."""
    granted = await find_granted_report(db, award)
    number = 0 if granted is None else granted.number
    settled = {} if granted is None else said_by(open_report(db, granted), number)
    everything, findings = dict(settled), dict[Place, AwardFinding]()
    for finding, of_report in await list_findings_about(db, award):
        shown = shown_by(open_finding(db, finding), of_report)
        everything |= shown
        findings |= dict.fromkeys(shown, finding)
        if finding.settlement != Settlement.OPEN:
            settled |= shown
    return Shown(number, settled, everything, findings)


async def changes_unseen(
    db: ReadSession, award: Award, later: HouseholdReport, before: HouseholdReport | None
) -> Unseen:
    """List the fields of which a report says something that was not put before the county.

    `before`: the report that was the present one; what is no sum and was otherwise then is new since."""
    shown = await read_shown(db, award)
    if later.number <= shown.granted_on:
        return Unseen()
    content = open_report(db, later)
    said = said_before(db, later, before)
    changes = changes_since(shown.all, content, later.number, award.program, before=said)
    return Unseen(changes) if changes else Unseen((), _waiting(shown, content, later.number, award.program))


def _waiting(shown: Shown, content: Content, number: int, program: str) -> AwardFinding | None:
    if shown.all == shown.settled:
        return None
    places = (place_of(each) for each in changes_since(shown.settled, content, number, program))
    return max(
        (shown.findings[each] for each in places if each in shown.findings), key=lambda each: each.id, default=None
    )


async def matched_unseen(db: ReadSession, award: Award, changes: Sequence[FoundChange]) -> Unseen:
    """Leave out of what a match found what a finding has put before the county, waiting or settled: a register that is
    wrong says the same with each match."""
    shown = await read_shown(db, award)
    told = [each for each in changes if place_of(each) in shown.findings and is_told(shown.all[place_of(each)], each)]
    new = [each for each in changes if each not in told]
    return Unseen(new, None if new else shown.findings[place_of(told[-1])])


def said_before(db: ReadSession, later: HouseholdReport, before: HouseholdReport | None) -> Known:
    """Return what the report before said; nothing where it is none, or no earlier one."""
    if before is None or before.number >= later.number:
        return {}
    return said_by(open_report(db, before), before.number)
