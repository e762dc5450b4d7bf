"""Reads of results told to households. Whoever asks has read the application, which says whether he may."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.core.db import ReadSession
from app.review.check_result_lifecycle import OPEN, Status
from app.review.check_result_models import CheckResult
from app.review.errors import CheckResultNotFound


async def list_check_results(db: ReadSession, application_id: UUID) -> Sequence[CheckResult]:
    """Return what was told about a household, oldest first."""
    query = select(CheckResult).where(CheckResult.application_id == application_id).order_by(CheckResult.id)
    return (await db.execute(query)).scalars().all()


async def get_check_result(db: ReadSession, application_id: UUID, result_id: UUID) -> CheckResult:
    """Return one of a case that is locked already: freshly read.

    Raises:
        CheckResultNotFound: there is none in this case.
    """
    query = select(CheckResult).where(CheckResult.id == result_id, CheckResult.application_id == application_id)
    found = (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if found is None:
        raise CheckResultNotFound
    return found


async def find_open_check_result(db: ReadSession, application_id: UUID) -> CheckResult | None:
    """Return the one that is not settled."""
    query = select(CheckResult).where(CheckResult.application_id == application_id, CheckResult.status.in_(OPEN))
    return (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def find_unanswered(db: ReadSession, application_id: UUID) -> CheckResult | None:
    """Return the one about which agencies were asked again in vain: should one answer after all, it counts."""
    query = select(CheckResult).where(
        CheckResult.application_id == application_id, CheckResult.status == Status.NOT_ANSWERED
    )
    query = query.order_by(CheckResult.id.desc()).limit(1).execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def was_told(db: ReadSession, application_id: UUID) -> bool:
    """Say whether a result was ever told in a case: a second one opens no second period."""
    return bool(await db.scalar(select(exists().where(CheckResult.application_id == application_id))))


async def list_unopposed(db: ReadSession, before: date, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Return application and id of those whose last day for an objection has passed."""
    query = select(CheckResult.application_id, CheckResult.id)
    query = query.join(Application, Application.id == CheckResult.application_id)
    query = query.where(Application.status == ApplicationStatus.ACCEPTED)
    query = query.where(CheckResult.status == Status.TOLD, CheckResult.object_by < before)
    return [(row[0], row[1]) for row in (await db.execute(query.order_by(CheckResult.id).limit(limit))).all()]
