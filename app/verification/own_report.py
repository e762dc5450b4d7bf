"""The report as a citizen may read it: whole for the applicant, but for what was found about other adults; for another
member of the household, what was found about him."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from app.core.db import ReadSession
from app.identity.actors import SYSTEM, Actor
from app.verification.conclusion_models import ReportConclusion
from app.verification.models import HouseholdReport
from app.verification.queries import get_current_report, has_open_checks, open_report
from app.verification.report import Content
from app.verification.report_queries import Sight, find_conclusion, get_sight


@dataclass(frozen=True)
class OwnReport:
    """A report, and the members whose findings must not be shown with it."""

    report: HouseholdReport
    content: Content
    rechecking: bool
    conclusion: ReportConclusion | None
    withheld: Collection[UUID]


async def read_own_report(db: ReadSession, actor: Actor, application_id: UUID) -> OwnReport:
    """Return the present report as this citizen may read it.

    Raises:
        ApplicationNotFound: there is none, and she is in none of this id.
        ReportNotIssued: there is no report yet.
    """
    sight = await get_sight(db, actor, application_id)
    if sight.applicant:
        return await _read(db, actor, application_id, sight)
    async with db.wider():  # listed in it, and not its applicant: what is shown is about her alone
        own = await _read(db, SYSTEM, application_id, sight)
    return replace(own, content=own.content.only(sight.own), withheld=(), conclusion=None)


async def _read(db: ReadSession, reader: Actor, application_id: UUID, sight: Sight) -> OwnReport:
    report = await get_current_report(db, reader, application_id)
    return OwnReport(
        report,
        open_report(db, report),
        await has_open_checks(db, application_id),
        await find_conclusion(db, report.id),
        sight.withheld,
    )
