"""A result by which a household does not qualify: told, objected to, checked again (review measures art. 18)."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.applications.clocks import LIMITS, StepKind
from app.applications.commands import attach_evidence
from app.applications.commands.documents import StoredFile
from app.applications.models import Application
from app.applications.queries import get_whole_application
from app.applications.steps import close_step, open_step, open_step_until
from app.audit.commands import record_act
from app.core.clock import legal_date, today
from app.core.db import ReadSession, WriteSession
from app.core.errors import DomainError
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor
from app.programs.assessment import Finding
from app.programs.canonical import canonical_bytes
from app.reference.calendar import DueDate
from app.reference.procedure import Setting
from app.reference.term_queries import load_calendar, load_procedure
from app.review.assessing import Prepared, judge
from app.review.check_result_lifecycle import LIFECYCLE, Action, Status
from app.review.check_result_models import CheckResult
from app.review.check_result_queries import (
    find_open_check_result,
    find_unanswered,
    get_check_result,
    was_told,
)
from app.review.commands.opening import lock_review, open_opinion_step
from app.review.errors import CheckResultOpen
from app.review.events import CheckResultTold
from app.review.resting import rests_on
from app.verification.commands import ask_again
from app.verification.lifecycle import Status as CheckStatus
from app.verification.queries import list_checks, open_report
from app.verification.report_queries import get_report


async def weigh_report(db: WriteSession, application_id: UUID) -> CheckResult | None:
    """See what a new report comes to: tell the household what speaks against it, once, or conclude what was told.

    None where nothing would exclude it, or the numbers of the place cannot be used: a person looks then.

    Raises:
        ApplicationNotFound, StepNotAllowed: there is none, or it is not between acceptance and decision.
    """
    application, _ = await lock_review(db, SYSTEM, application_id)
    prepared = await _judged(db, application)
    if prepared is None:
        return None
    against = speaking_against(prepared)
    standing = await find_open_check_result(db, application.id) or await find_unanswered(db, application.id)
    if standing is not None:
        still = bool(against) or await _is_lost(db, standing, prepared)
        await _conclude(db, application, standing, prepared, still=still)
        return standing
    if not against or await was_told(db, application.id):
        return None
    return await _tell(db, application, prepared, against)


async def object_to_result(
    db: WriteSession,
    actor: Actor,
    application_id: UUID,
    result_id: UUID,
    *,
    statement: str,
    evidence: Sequence[StoredFile],
) -> CheckResult:
    """Object to what was found, with what shows that it is not so; the township has to check again.

    Raises:
        ApplicationNotFound, CheckResultNotFound: there is none, or it is not theirs.
        StepNotAllowed: not now: it was objected to, it stands, or the time is over.
    """
    application, _ = await lock_review(db, actor, application_id)
    result = await get_check_result(db, application.id, result_id)
    step = LIFECYCLE.step(result.status, Action.OBJECT, actor.role)
    result.status, result.objected_at = step.target, db.clock.now()
    result.objection_sealed = db.vault.seal("check_results.objection", result.id, statement, division=result.county)
    for file in evidence:
        await attach_evidence(db, actor, application, file)
    await close_step(db, application, StepKind.CHECK_OBJECTION, "objected")
    await open_step(db, application, StepKind.RECHECK)
    await record_act(db, actor, "report.object", "application", application.id, row=result, case=application.case)
    return result


async def accept_result(db: WriteSession, actor: Actor, application_id: UUID, result_id: UUID) -> CheckResult:
    """Let what was found stand without waiting for the time to pass.

    Raises:
        ApplicationNotFound, CheckResultNotFound, StepNotAllowed: as for objecting.
    """
    application, _ = await lock_review(db, actor, application_id)
    result = await get_check_result(db, application.id, result_id)
    await _let_stand(db, actor, application, result, Action.ACCEPT)
    return result


async def let_stand(db: WriteSession, application_id: UUID, result_id: UUID) -> None:
    """Let stand what nobody has objected to in time; the year's working days may have been announced meanwhile.

    Raises:
        ApplicationNotFound, CheckResultNotFound, StepNotAllowed: there is none, or the matter has moved on.
    """
    application, _ = await lock_review(db, SYSTEM, application_id)
    result = await get_check_result(db, application.id, result_id)
    if result.object_by_provisional:
        last = await _last_day(db, application, legal_date(result.told_at))
        result.object_by, result.object_by_provisional = last.on, last.provisional
        await db.flush()
    if result.status == Status.TOLD and result.object_by < today(db.clock):
        await _let_stand(db, SYSTEM, application, result, Action.LET_STAND)


async def recheck(
    db: WriteSession, actor: Actor, application_id: UUID, result_id: UUID, checks: Collection[UUID]
) -> CheckResult:
    """Check again after an objection: these agencies are asked anew, and a new report comes of it; both are kept.

    Raises:
        ApplicationNotFound, CheckResultNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        CheckNotFound, AuthorisationNotInForce: not checks of this case, or nobody may be asked about that person.
    """
    application, _ = await lock_review(db, actor, application_id)
    result = await get_check_result(db, application.id, result_id)
    step = LIFECYCLE.step(result.status, Action.RECHECK, actor.role)
    await ask_again(db, actor, application, checks)
    result.status, result.recheck_asked_by, result.recheck_asked_at = step.target, actor.id, db.clock.now()
    await close_step(db, application, StepKind.RECHECK, "asked", by=actor)
    await record_act(db, actor, "report.recheck", "application", application.id, row=result, case=application.case)
    return result


async def require_settled(db: ReadSession, application_id: UUID) -> None:
    """Refuse an opinion while a household may still object to what was found, or is to be checked again.

    Raises:
        CheckResultOpen: it may, or is.
    """
    if await find_open_check_result(db, application_id) is not None:
        raise CheckResultOpen


def speaking_against(prepared: Prepared) -> list[Finding]:
    """List the findings by which a household does not qualify: for certain, or by income that it has not declared and
    may have an explanation for. It is heard about either before anybody has an opinion; who judges decides on neither
    without a person."""
    return [finding for finding in prepared.judgement.findings if finding.speaks_against]


def findings_of(db: ReadSession, result: CheckResult) -> list[dict[str, Any]]:
    """Return the findings that were told, as an assessment stores them."""
    found: list[dict[str, Any]] = json.loads(db.vault.open("check_results.findings", result.id, result.findings_sealed))
    return found


def objection_of(db: ReadSession, result: CheckResult) -> str | None:
    """Return the household's words."""
    sealed = result.objection_sealed
    return db.vault.open("check_results.objection", result.id, sealed) if sealed else None


async def _judged(db: WriteSession, application: Application) -> Prepared | None:
    whole = await get_whole_application(db, SYSTEM, application.id)
    try:
        return await judge(db, whole)
    except DomainError:  # no standard, an unusable number: a person sees it when the opinion is due
        return None


async def _tell(
    db: WriteSession, application: Application, prepared: Prepared, against: Sequence[Finding]
) -> CheckResult:
    row, last = new_id(), await _last_day(db, application, today(db.clock))
    findings = canonical_bytes([finding.as_json() for finding in against]).decode()
    result = CheckResult(
        id=row,
        county=application.county,
        division=application.division,
        application_id=application.id,
        report_id=prepared.report_id,
        status=Status.TOLD,
        findings_sealed=db.vault.seal("check_results.findings", row, findings, division=application.county),
        told_at=db.clock.now(),
        object_by=last.on,
        object_by_provisional=last.provisional,
    )
    db.add(result)
    await db.flush()
    limit = LIMITS[StepKind.CHECK_OBJECTION]
    await open_step_until(db, application, StepKind.CHECK_OBJECTION, limit.responsible, last, limit.basis)
    await record_act(db, SYSTEM, "report.tell", "application", application.id, row=result, case=application.case)
    await record_event(
        db,
        CheckResultTold(subject=application.id, county=application.county, applicant_id=application.applicant_id),
    )
    return result


async def _conclude(
    db: WriteSession, application: Application, result: CheckResult, prepared: Prepared, *, still: bool
) -> None:
    if prepared.report_id in (result.report_id, result.recheck_report_id) or result.status == Status.OBJECTED:
        return  # told of this very report; or the township has yet to say what is to be asked again
    if result.status == Status.TOLD and still:
        return  # another answer, and it still speaks against them: the time for an objection goes on
    unanswered = still and await _is_unanswered(db, result)
    if unanswered and result.status == Status.NOT_ANSWERED:
        return
    action = Action.CONCLUDE_UNANSWERED if unanswered else Action.CONCLUDE
    result.status = LIFECYCLE.step(result.status, action, SYSTEM.role).target
    result.recheck_report_id, result.still, result.ended_at = prepared.report_id, still, db.clock.now()
    outcome = "stands" if still else "settled"
    await close_step(db, application, StepKind.CHECK_OBJECTION, outcome)
    await record_act(
        db,
        SYSTEM,
        "report.conclude",
        "application",
        application.id,
        row=result,
        case=application.case,
        outcome=result.status,
    )


async def _is_lost(db: ReadSession, result: CheckResult, prepared: Prepared) -> bool:
    """Say whether what was told is not found any more only because nobody knows: what was answered then has grown too
    old, and was not answered anew. Silence removes nothing; a new answer does."""
    told = open_report(db, await get_report(db, SYSTEM, result.report_id))
    answered = {(str(each.member), entry.item) for each, entry in told.entries() if entry.outcome != "unavailable"}
    if not answered & prepared.case.unavailable:
        return False
    rules = {finding["rule"] for finding in findings_of(db, result)}
    return any(each.met is not True for each in prepared.judgement.findings if each.rule in rules)


async def _is_unanswered(db: ReadSession, result: CheckResult) -> bool:
    """Say whether something that was asked again since the household objected has no answer: of what the told findings
    rest on. That another agency is silent does not say that this one was."""
    if result.objected_at is None:
        return False
    about = rests_on(findings_of(db, result), open_report(db, await get_report(db, SYSTEM, result.report_id)))
    checks = sorted(await list_checks(db, result.application_id), key=lambda check: check.round)
    last = {(check.member_id, check.item): check for check in checks}
    return any(
        check.opened_at >= result.objected_at and check.status != CheckStatus.ANSWERED
        for asked, check in last.items()
        if asked in about
    )


async def _let_stand(
    db: WriteSession, actor: Actor, application: Application, result: CheckResult, action: Action
) -> None:
    result.status = LIFECYCLE.step(result.status, action, actor.role).target
    result.ended_at = db.clock.now()
    await close_step(db, application, StepKind.CHECK_OBJECTION, "not_objected")
    await record_act(db, actor, "report.let_stand", "application", application.id, row=result, case=application.case)
    _, review = await lock_review(db, SYSTEM, application.id)
    await open_opinion_step(db, application, review)


async def _last_day(db: WriteSession, application: Application, since: date) -> DueDate:
    procedure = await load_procedure(db, application.division, since)
    calendar = await load_calendar(db, application.division)
    return calendar.add_working_days(since, procedure[Setting.CHECK_OBJECTION_DAYS].value)
