"""Shapes of campaigns: how far one is, whom it does not ask about, and what it found."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.reports import PlainOut, plain_out
from app.api.common.schemas import DivisionCode, In, Moment, Out, Paragraph
from app.applications.household import name_of
from app.applications.models import Member
from app.awards.finding_models import AwardFinding
from app.awards.findings import FoundChange, open_finding
from app.awards.lifecycle import Settlement
from app.awards.payees import payee_of
from app.campaigns.lifecycle import LIFECYCLE, Action, Kind, SkipReason, Status
from app.campaigns.models import Campaign
from app.campaigns.queries.reading import Counts, Found, Skipped
from app.core.db import ReadSession
from app.facts import FactKey, Item, Unit
from app.identity.actors import Actor
from app.identity.masks import mask_name
from app.reference.divisions import covers
from app.verification import words
from app.verification.comparison import Difference
from app.verification.masking import mask_value

_SUMS = ("waiting", "asked", "answered", "none", "unavailable", "skipped", "used")


class PlanIn(In):
    """What is to be looked into where: for a county, a prefecture or the province, of one program. `note`: what it
    rests on, in words."""

    kind: Annotated[Kind, Field(strict=False)]
    division: Annotated[DivisionCode, Field(examples=["532502000000"])]
    program: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$", examples=["living_allowance"])]
    note: Annotated[Paragraph, Field(examples=["2026年度最低生活保障对象定期核查。"])]


class ProgressOut(Out):
    """How many questions are how far. `none`: the agency looked and has no record; `unavailable`: it gave no usable
    answer, which is never the same. `used`: of those answered, how many by an answer that was still fresh. `skipped`:
    nobody is asked, see the reasons."""

    to_ask: int
    asked: int
    answered: int
    none: int
    unavailable: int
    skipped: int
    used: int

    @classmethod
    def of(cls, books: Iterable[Counts]) -> "ProgressOut":
        """Sum books up."""
        rows = list(books)
        sums = {name: sum(getattr(row, name) for row in rows) for name in _SUMS}
        return cls(to_ask=sums.pop("waiting"), **sums)


class CountyProgressOut(ProgressOut):
    """The same of one county."""

    county: str


class AgencyProgressOut(ProgressOut):
    """The same of one agency."""

    partner: str


class CampaignSummary(Out):
    """A campaign and how far it is, within the caller's division. `listed`: all it asks about is listed. `differing`:
    households about whom something new was found, for a person to look at."""

    id: UUID
    kind: Kind
    division: str
    program: str
    items: list[Item]
    status: Status
    planned_at: Moment
    approved_at: Moment | None
    listed: bool
    finished_at: Moment | None
    progress: ProgressOut
    differing: int

    @classmethod
    def shaped(cls, campaign: Campaign, books: Sequence[Counts], differing: int) -> "CampaignSummary":
        """Shape one."""
        return cls(**_shared(campaign, books, differing))


def _shared(campaign: Campaign, books: Sequence[Counts], differing: int) -> Mapping[str, object]:
    return {
        "id": campaign.id,
        "kind": campaign.kind,
        "division": campaign.division,
        "program": campaign.program,
        "items": campaign.items,
        "status": campaign.status,
        "planned_at": campaign.planned_at,
        "approved_at": campaign.approved_at,
        "listed": campaign.opened_at is not None,
        "finished_at": campaign.finished_at,
        "progress": ProgressOut.of(books),
        "differing": differing,
    }


class CampaignOut(CampaignSummary):
    """A campaign with its progress by county and by agency. `estimated_end`: by the pace agreed with the agencies and
    by how it went so far, whichever is later; null while it does not run. `actions`: what the caller may do now."""

    note: str
    planned_by: UUID
    approved_by: UUID | None
    ended_by: UUID | None
    estimated_end: Moment | None
    counties: list[CountyProgressOut]
    agencies: list[AgencyProgressOut]
    actions: list[Action]


def shape_campaign(
    actor: Actor, campaign: Campaign, books: Sequence[Counts], differing: int, estimated_end: object
) -> CampaignOut:
    """Shape one for who asks."""
    counties = sorted({row.county for row in books})
    partners = sorted({row.partner for row in books})
    own = actor.division is not None and covers(actor.division, campaign.division)
    actions = [each for each in LIFECYCLE.actions(campaign.status, actor.role) if own]
    if campaign.planned_by == actor.id:
        actions = [each for each in actions if each is not Action.APPROVE]
    return CampaignOut.model_validate(
        {
            **_shared(campaign, books, differing),
            "note": campaign.note,
            "planned_by": campaign.planned_by,
            "approved_by": campaign.approved_by,
            "ended_by": campaign.ended_by,
            "estimated_end": estimated_end,
            "counties": [
                {"county": county, **ProgressOut.of(row for row in books if row.county == county).model_dump()}
                for county in counties
            ],
            "agencies": [
                {"partner": partner, **ProgressOut.of(row for row in books if row.partner == partner).model_dump()}
                for partner in partners
            ],
            "actions": actions,
        }
    )


class SkippedOut(Out):
    """An item of a person nobody is asked about, and why. The name is masked."""

    application_id: UUID
    award_id: UUID
    division: str
    member_id: UUID
    member_name: str
    item: Item
    reason: SkipReason

    @classmethod
    def of(cls, db: ReadSession, row: Skipped) -> "SkippedOut":
        """Shape one."""
        question = row.question
        assert question.reason is not None, "a question that is skipped says why"
        return cls(
            application_id=question.application_id,
            award_id=row.award.id,
            division=question.division,
            member_id=question.member_id,
            member_name=mask_name(name_of(db, row.member)),
            item=Item(question.item),
            reason=SkipReason(question.reason),
        )


class FoundChangeOut(Out):
    """One field of one member of which something new was found. `before`: what the report before found; `difference`:
    how it stands to the declaration, null where the form does not ask. Money is integer fen."""

    member_id: UUID
    item: Item
    key: FactKey
    label: str
    unit: Unit
    before: PlainOut | None
    found: PlainOut | None
    as_of: str | None
    difference: Difference | None

    @classmethod
    def of(cls, change: FoundChange) -> "FoundChangeOut":
        """Shape one, masked."""
        return cls(
            member_id=change.member,
            item=change.item,
            key=change.key,
            label=words.FIELDS[change.key],
            unit=change.unit,
            before=plain_out(mask_value(change.key, change.before)),
            found=plain_out(mask_value(change.key, change.found)),
            as_of=change.as_of.isoformat() if change.as_of else None,
            difference=change.difference,
        )


def _found_by(kept: str) -> Kind | Literal["dispute", "late_answer"]:
    match kept:
        case "dispute" | "late_answer":
            return kept
        case _:
            return Kind(kept)


class AwardFindingOut(Out):
    """What a review or a match found anew about a household, or what an agency says otherwise since a finding of it was
    disputed (`found_by` is dispute, `campaign_id` null), or answered only after the grant, be it that it had been
    silent or that it contradicts what was entered by hand (`late_answer`, `campaign_id` null), for a person to look at:
    nothing follows by itself. It is settled by keeping the award about it, by adjusting it with a proposal that answers
    it (`adjustment_id`), or by stopping it."""

    id: UUID
    found_by: Kind | Literal["dispute", "late_answer"]
    campaign_id: UUID | None
    found_at: Moment
    adjustment_id: UUID | None
    settlement: Settlement
    settled_at: Moment | None
    changes: list[FoundChangeOut]

    @classmethod
    def of(cls, db: ReadSession, finding: AwardFinding) -> "AwardFindingOut":
        """Shape one."""
        return cls(
            id=finding.id,
            found_by=_found_by(finding.found_by),
            campaign_id=finding.campaign_id,
            found_at=finding.found_at,
            adjustment_id=finding.adjustment_id,
            settlement=finding.settlement,
            settled_at=finding.settled_at,
            changes=[FoundChangeOut.of(change) for change in open_finding(db, finding)],
        )


class CampaignFindingOut(Out):
    """A household about which a campaign found something new. Names are masked."""

    application_id: UUID
    award_id: UUID
    division: str
    payee_name: str
    members: dict[str, str]
    report_id: UUID | None
    finding: AwardFindingOut

    @classmethod
    def of(cls, db: ReadSession, row: Found, members: Mapping[UUID, Member]) -> "CampaignFindingOut":
        """Shape one; `members`: those that its finding speaks of."""
        finding = AwardFindingOut.of(db, row.finding)
        about = {change.member_id for change in finding.changes}
        return cls(
            application_id=row.household.application_id,
            award_id=row.award.id,
            division=row.household.division,
            payee_name=mask_name(payee_of(db, row.award)),
            members={str(each): mask_name(name_of(db, members[each])) for each in sorted(about) if each in members},
            report_id=row.household.report_id,
            finding=finding,
        )
