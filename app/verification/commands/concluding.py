"""A county's checker concludes from a report, in words, whether the household declared what is so."""

from uuid import UUID

from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.audit.commands import record_act
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.verification.commands.entry import GIVEN_UP, settle_entry
from app.verification.conclusion_models import ReportConclusion, Verdict
from app.verification.errors import ConclusionStands, ReportSuperseded, VerificationClosed
from app.verification.queries import list_enterers
from app.verification.report_queries import find_conclusion, get_report


async def conclude_from_report(
    db: WriteSession,
    actor: Actor,
    report_id: UUID,
    *,
    verdict: Verdict,
    statement: str,
    replaces: UUID | None = None,
) -> ReportConclusion:
    """Keep what a checker of the county concludes from the present report; points conclude nothing.

    Who entered an agency's answer by hand does not judge it; who concludes took part, and does not decide. `replaces`:
    the conclusion that is to hold no longer, which stays on record; None where there is none.

    Raises:
        ReportNotIssued: there is none, or it lies outside the actor's division.
        RoleNotAllowed: this is the county handler's.
        SamePersonNotAllowed: the actor entered an answer in this case.
        VerificationClosed: the application is decided, or ended.
        ReportSuperseded: a later report has taken its place.
        ConclusionStands: not `replaces` holds, but another one.
    """
    report = await get_report(db, actor, report_id)
    application = await get_application(db, actor, report.application_id, lock=True)
    if actor.role is not Role.COUNTY_HANDLER:
        raise RoleNotAllowed
    if application.status != ApplicationStatus.ACCEPTED:
        raise VerificationClosed
    report = await get_report(db, actor, report_id)  # as it is now that its application is locked
    if report.superseded_at is not None:
        raise ReportSuperseded
    if actor.id in await list_enterers(db, application.id):
        raise SamePersonNotAllowed
    standing = await find_conclusion(db, report.id)
    if (standing.id if standing else None) != replaces:
        raise ConclusionStands
    await supersede_conclusion(db, report.id)
    row_id = new_id()
    conclusion = ReportConclusion(
        id=row_id,
        county=application.county,
        division=application.division,
        application_id=application.id,
        report_id=report.id,
        verdict=verdict,
        statement_sealed=db.vault.seal("report_conclusions.statement", row_id, statement, division=application.county),
        concluded_by=actor.id,
        concluded_at=db.clock.now(),
    )
    db.add(conclusion)
    await db.flush()
    # Who concludes has done with what agencies did not say, and not with what the county is still to find out.
    await settle_entry(db, application, GIVEN_UP)
    await record_act(
        db,
        actor,
        "report.conclude_on",
        "application",
        application.id,
        row=conclusion,
        case=application.case,
        report=str(report.id),
        verdict=verdict.value,
    )
    return conclusion


async def supersede_conclusion(db: WriteSession, report_id: UUID) -> None:
    """Let what holds of a report hold no longer; nothing where there is nothing."""
    standing = await find_conclusion(db, report_id)
    if standing is not None:
        standing.superseded_at = db.clock.now()
        await db.flush()


def statement_of(db: ReadSession, conclusion: ReportConclusion) -> str:
    """Return the checker's words."""
    return db.vault.open("report_conclusions.statement", conclusion.id, conclusion.statement_sealed)
