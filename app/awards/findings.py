"""What agencies say anew about a household with an award: a task for the county, and nothing by itself.

Nobody's allowance is held back, lowered or stopped by a match (个人信息保护法 art. 24, 社会救助法 art. 48): the county
looks, and suspends, adjusts, stops or keeps, as with what a changed standard left open.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.applications.clocks import StepKind
from app.applications.models import Application
from app.applications.steps import close_step, open_step
from app.audit.commands import record_act
from app.awards import recomputing_queries
from app.awards.errors import FindingsInvalid
from app.awards.finding_models import AwardFinding
from app.awards.finding_queries import add_finding, find_finding, has_open_finding, list_open_findings
from app.awards.lifecycle import AdjustGround, Kept, Settlement
from app.awards.models import Award, AwardAdjustment
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault
from app.core.ids import new_id
from app.facts import FactKey, Item, Unit
from app.identity.actors import SYSTEM, Actor
from app.verification.comparison import Difference
from app.verification.values import PlainValue


class FoundChange(BaseModel):
    """One field of one member. `before`: what was found as far as the county had seen it; None where nothing was.
    `difference`: from the declaration; None where the form does not ask."""

    model_config = ConfigDict(frozen=True)

    member: UUID
    item: Item
    key: FactKey
    unit: Unit
    before: PlainValue | None
    found: PlainValue | None
    as_of: date | None
    difference: Difference | None


# They stand where what a campaign found has the kind of it.
FOUND_BY_DISPUTE = "dispute"
FOUND_BY_LATE_ANSWER = "late_answer"
_CHANGES = TypeAdapter(tuple[FoundChange, ...])


async def raise_finding(
    db: WriteSession,
    award: Award,
    application: Application,
    changes: Sequence[FoundChange],
    *,
    found_by: str,
    campaign_id: UUID | None,
    report_id: UUID | None,
) -> AwardFinding:
    """Keep what was found and have the county look at it; what was found before by the same report, or by a match ever,
    stays as it is, settled or not.

    `campaign_id`: none where no campaign asked. `report_id`: the report that says so; none of a match, whose register
    is compared with nothing.

    The application is locked by whoever calls.
    """
    row_id = new_id()
    of_campaign: dict[str, Any] = {} if campaign_id is None else {"campaign": str(campaign_id)}
    digest = _digest(db, changes, report_id)
    text = _CHANGES.dump_json(tuple(changes)).decode()
    added = await add_finding(
        db,
        {
            "id": row_id,
            "county": award.county,
            "division": award.division,
            "award_id": award.id,
            "found_by": found_by,
            "campaign_id": campaign_id,
            "report_id": report_id,
            "found_at": db.clock.now(),
            "digest": digest,
            "content_sealed": db.vault.seal("award_findings.content", row_id, text, division=award.county),
            "settlement": Settlement.OPEN,
        },
    )
    finding = await find_finding(db, award.id, digest)
    if added:
        await open_step(db, application, StepKind.AWARD_REVIEW)
        await record_act(
            db,
            SYSTEM,
            "award.find",
            "award",
            award.id,
            row=finding,
            case=award.case,
            finding=str(finding.id),
            found_by=found_by,
            **of_campaign,
            fields=len(changes),
        )
    return finding


def _digest(db: ReadSession, changes: Sequence[FoundChange], report_id: UUID | None) -> bytes:
    """Say of which finding this is a retry. What a report says anew is measured against all that was shown before
    (`unseen`), so that another report which says it says something new. A register that is wrong says the same with
    each match."""
    by_report = [] if report_id is None else [f"report {report_id}"]
    said = sorted(f"{each.member} {each.key} {each.found}" for each in changes)
    return db.vault.index("award_findings.digest", "\n".join([*by_report, *said]))


async def take_answered(
    db: WriteSession, award: Award, ground: AdjustGround, named: Sequence[UUID]
) -> tuple[Sequence[AwardFinding], list[Fault]]:
    """Return the findings that a proposal names as what it answers, locked, and what is wrong with them."""
    if ground is AdjustGround.STANDARD and named:
        return [], [Fault("/findings", "not_expected", "standard")]
    return await _take_named(db, award, named)


async def answer(db: WriteSession, found: Sequence[AwardFinding], adjustment: AwardAdjustment) -> None:
    """Keep that a proposal answers these findings: its approval settles them."""
    for finding in found:
        finding.adjustment_id = adjustment.id
    await db.flush()


async def take_kept(
    db: WriteSession, award: Award, what: Kept | None, named: Sequence[UUID] | None
) -> Sequence[AwardFinding]:
    """Return the findings that an award is kept about, locked: those that are named, and none about a standard.

    Raises:
        FindingsInvalid: some wait and none is named; or what is named does not wait, or is not what this is about.
    """
    faults: list[Fault] = []
    found: list[AwardFinding] = []
    if what is Kept.STANDARD:
        faults = [Fault("/findings", "not_expected", "standard")] if named else []
    elif named is not None:
        found, faults = await _take_named(db, award, named)
    elif await has_open_finding(db, award.id):
        faults = [Fault("/findings", "required", "findings")]
    if faults:
        raise FindingsInvalid(faults=tuple(faults))
    return found


async def let_go_of_findings(db: WriteSession, award_id: UUID) -> None:
    """Have what a proposal would have answered wait for another answer: it was not approved. The award is locked."""
    for finding in await list_open_findings(db, award_id, lock=True):
        finding.adjustment_id = None
    await db.flush()


async def settle_findings(
    db: WriteSession,
    actor: Actor,
    award: Award,
    settlement: Settlement,
    found: Sequence[AwardFinding],
    *,
    reason: str | None = None,
) -> bool:
    """Settle these findings; says whether there are any. Application and award are locked."""
    for finding in found:
        finding.settlement, finding.settled_by, finding.settled_at = settlement, actor.id, db.clock.now()
        if reason is not None:
            finding.settled_reason_sealed = db.vault.seal(
                "award_findings.settled_reason", finding.id, reason, division=award.county
            )
    await db.flush()
    return bool(found)


async def close_review(
    db: WriteSession, application: Application, award_id: UUID, outcome: str, *, by: Actor | None = None
) -> None:
    """End the county's step unless something else about the award still waits for a person."""
    if await has_open_finding(db, award_id) or await recomputing_queries.find_open(db, award_id) is not None:
        return
    await close_step(db, application, StepKind.AWARD_REVIEW, outcome, by=by)


def open_finding(db: ReadSession, finding: AwardFinding) -> tuple[FoundChange, ...]:
    """Unseal what was found."""
    return _CHANGES.validate_json(db.vault.open("award_findings.content", finding.id, finding.content_sealed))


async def _take_named(db: WriteSession, award: Award, named: Sequence[UUID]) -> tuple[list[AwardFinding], list[Fault]]:
    """Return the open findings of an award that somebody names, locked, and what is wrong with the names.

    Who decides settles what he has seen, and nothing that was found meanwhile.
    """
    waiting = {each.id: each for each in await list_open_findings(db, award.id, lock=True)} if named else {}
    faults = [Fault(f"/findings/{at}", "not_open", "finding") for at, each in enumerate(named) if each not in waiting]
    faults += [
        Fault(f"/findings/{at}", "named_twice", "finding") for at, each in enumerate(named) if each in named[:at]
    ]
    return [finding for finding in waiting.values() if finding.id in named], faults
