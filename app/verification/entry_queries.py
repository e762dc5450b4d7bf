"""What there is for the county to find out on paper and enter."""

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.core.db import ReadSession
from app.reference.procedure import Mode
from app.verification.conclusion_models import ReportConclusion
from app.verification.dispute_lifecycle import PENDING
from app.verification.dispute_models import ReportDispute
from app.verification.lifecycle import Status
from app.verification.models import Check, HouseholdReport
from app.verification.prefill import PREFILLING


async def has_to_be_entered(db: ReadSession, application: Application) -> bool:
    """Say whether there is something for the county to enter: a check that awaits it, or one that was given up, from
    then on, while nobody has concluded from a report that is silent of it.

    What the county itself was to find out, and did not, is not given to it again. After a grant only what is disputed
    is entered, and what was given up of that while the dispute waits for an answer.
    """
    of_case = and_(Check.application_id == application.id, ~Check.of_supporter, Check.round != PREFILLING)
    awaiting = exists().where(of_case, Check.status == Status.AWAITING_ENTRY)
    if application.status == ApplicationStatus.ACCEPTED:
        return bool(await db.scalar(select(or_(awaiting, _given_up(of_case, application)))))
    if application.status == ApplicationStatus.APPROVED:
        disputed = exists().where(of_case, ReportDispute.recheck_id == Check.id)
        awaited = disputed.where(Check.status == Status.AWAITING_ENTRY)
        silent = disputed.where(
            Check.status == Status.UNAVAILABLE, Check.mode != Mode.MANUAL, ReportDispute.status.in_(PENDING)
        )
        return bool(await db.scalar(select(or_(awaited, silent))))
    return False


def _given_up(of_case: ColumnElement[bool], application: Application) -> ColumnElement[bool]:
    later = aliased(Check)
    asked_since = exists().where(
        later.application_id == Check.application_id,
        later.member_id == Check.member_id,
        later.item == Check.item,
        later.round > Check.round,
    )
    concluded = exists().where(
        ReportConclusion.report_id == HouseholdReport.id, ReportConclusion.superseded_at.is_(None)
    )
    # A report of before the question was put has not been silent about it, and there may be none yet.
    concluded_without = exists().where(
        HouseholdReport.application_id == application.id,
        HouseholdReport.superseded_at.is_(None),
        HouseholdReport.issued_at >= func.coalesce(Check.asked_at, Check.opened_at),
        concluded,
    )
    return exists().where(
        of_case, Check.status == Status.UNAVAILABLE, Check.mode != Mode.MANUAL, ~asked_since, ~concluded_without
    )
