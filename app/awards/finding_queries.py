"""Reads and writes of what was found about households with an award."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.awards.finding_models import AwardFinding
from app.awards.lifecycle import Settlement
from app.awards.models import Award
from app.core.db import ReadSession, WriteSession
from app.review.models import Assessment, Decision
from app.verification.models import HouseholdReport


async def add_finding(db: WriteSession, row: Mapping[str, object]) -> bool:
    """Keep a finding; False where the very same was found about the award before."""
    added = insert(AwardFinding).values(row).on_conflict_do_nothing(index_elements=["award_id", "digest"])
    return await db.scalar(added.returning(AwardFinding.id)) is not None


async def find_finding(db: ReadSession, award_id: UUID, digest: bytes) -> AwardFinding:
    """Return the finding that says this."""
    query = select(AwardFinding).where(AwardFinding.award_id == award_id, AwardFinding.digest == digest)
    return (await db.execute(query)).scalar_one()


async def list_open_findings(db: ReadSession, award_id: UUID, *, lock: bool = False) -> Sequence[AwardFinding]:
    """Return what waits for a person, oldest first; who asks may see the award."""
    query = select(AwardFinding).where(AwardFinding.award_id == award_id, AwardFinding.settlement == Settlement.OPEN)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query.order_by(AwardFinding.id))).scalars().all()


async def list_answered(db: WriteSession, adjustment_id: UUID) -> Sequence[AwardFinding]:
    """Return the open findings that a proposed amount answers, locked."""
    query = select(AwardFinding).where(
        AwardFinding.adjustment_id == adjustment_id, AwardFinding.settlement == Settlement.OPEN
    )
    query = query.order_by(AwardFinding.id).with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query)).scalars().all()


async def has_open_finding(db: ReadSession, award_id: UUID) -> bool:
    """Say whether something found waits for a person."""
    return bool(
        await db.scalar(
            select(exists().where(AwardFinding.award_id == award_id, AwardFinding.settlement == Settlement.OPEN))
        )
    )


async def find_granted_report(db: ReadSession, award: Award) -> HouseholdReport | None:
    """Return the report that the grant rests on. None where there is none in this case, as after a hand-over."""
    query = (
        select(HouseholdReport)
        .join(Assessment, Assessment.report_id == HouseholdReport.id)
        .join(Decision, Decision.assessment_id == Assessment.id)
        .where(Decision.id == award.decision_id, HouseholdReport.application_id == award.application_id)
    )
    return (await db.execute(query)).scalar_one_or_none()


async def list_findings_about(db: ReadSession, award: Award) -> Sequence[tuple[AwardFinding, int]]:
    """Return all that was found about an award, settled or not, each with the number of the report that says so, in
    their order; of a match that of the report which was the present one, or 0."""
    of_case = HouseholdReport.application_id == award.application_id
    number = (
        select(func.coalesce(func.max(HouseholdReport.number), 0))
        .where(
            of_case,
            or_(
                HouseholdReport.id == AwardFinding.report_id,
                and_(AwardFinding.report_id.is_(None), HouseholdReport.issued_at <= AwardFinding.found_at),
            ),
        )
        .correlate(AwardFinding)
        .scalar_subquery()
    )
    query = select(AwardFinding, number).where(AwardFinding.award_id == award.id).order_by(number, AwardFinding.id)
    return [(finding, of_report) for finding, of_report in await db.execute(query)]


async def list_findings(db: ReadSession, ids: Collection[UUID]) -> Mapping[UUID, AwardFinding]:
    """Return findings by id; who asks has found them by what is his to see."""
    query = select(AwardFinding).where(AwardFinding.id.in_(ids))
    return {row.id: row for row in (await db.execute(query)).scalars()}
