"""The township's first step: accept, or tell once everything that is missing."""

import json
from collections.abc import Collection
from operator import attrgetter
from uuid import UUID

from app.applications.clocks import (
    DECISION_DAYS,
    DECISION_DAYS_EXTENDED,
    DECISION_DAYS_TOWNSHIP,
    EXTENSION_REASONS,
    ExtensionReason,
    StepKind,
)
from app.applications.commands.conflicts import Found, register_at_acceptance, register_matches
from app.applications.commands.promises import begin_verifying, require_unpromised
from app.applications.errors import AuthorisationMissing, ExtensionNotAllowed, ExtensionUnfounded, OneTimeNoticeGiven
from app.applications.events import ApplicationAccepted, ApplicationExtended, SupplementRequested
from app.applications.household import live_authorisation
from app.applications.lifecycle import LIFECYCLE, Action
from app.applications.models import Application
from app.applications.place import applies_from_afar, lives_apart, require_right_place
from app.applications.queries import get_application, get_whole_application, list_steps
from app.applications.steps import close_step, decision_due, open_step, urban_decision_due
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.events.commands import record_event
from app.identity.actors import Actor
from app.reference.procedure import Authority, Setting
from app.reference.term_queries import load_procedure


async def accept_application(
    db: WriteSession, actor: Actor, application_id: UUID, *, relative_of_staff: bool
) -> Application:
    """Accept an application: the decision clock starts (30 working days, D57 art. 22), and the survey's.

    Who decides is settled now by what the place has set: where the township does, within 20 working days.

    In a town the regulation of 1999 sets 30 days from the application beside that; the earlier day counts.

    `relative_of_staff`: the township knows that a member is a close relative of a handler or committee member (D57 art.
    11): registered separately, which obliges the county to visit the household. Declarations are looked through anyway.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        AuthorisationMissing: a member's authorisation was withdrawn since.
        WrongPlace: it belongs elsewhere; redirect it.
    """
    await get_application(db, actor, application_id, lock=True)
    application = await get_whole_application(db, actor, application_id)
    step = LIFECYCLE.step(application.status, Action.ACCEPT, actor.role)
    if any(live_authorisation(application, member.id) is None for member in application.members):
        raise AuthorisationMissing
    verdict = await require_right_place(db, application)
    application.status = step.target
    application.accepted_at = db.clock.now()
    await register_matches(db, application, found=Found.DECLARED_LATER)  # what was declared while it was handed in
    if relative_of_staff:
        await register_at_acceptance(db, actor, application)
    procedure = await load_procedure(db, application.division, today(db.clock))
    application.confirmed_by = procedure[Setting.CONFIRMED_BY].value
    by_township = application.confirmed_by == Authority.TOWNSHIP
    due = await decision_due(db, application, DECISION_DAYS_TOWNSHIP if by_township else DECISION_DAYS)
    urban = await urban_decision_due(db, application)
    due = min(due, urban, key=attrgetter("on")) if urban is not None else due
    application.decide_by, application.decide_by_provisional = due.on, due.provisional
    await close_step(db, application, StepKind.ACCEPTANCE, "accepted", by=actor)
    await open_step(db, application, StepKind.VERIFICATION)
    await open_step(db, application, StepKind.SURVEY)
    await begin_verifying(db, application)
    await record_act(
        db,
        actor,
        "application.accept",
        "application",
        application.id,
        row=application,
        case=application.case,
        place_basis=verdict.basis,
    )
    await record_event(
        db,
        ApplicationAccepted(subject=application.id, county=application.county, applicant_id=application.applicant_id),
    )
    return application


async def return_application(
    db: WriteSession, actor: Actor, application_id: UUID, *, missing: list[str], papers: Collection[str] = ()
) -> Application:
    """Ask for everything that is missing, once (D57 art. 10). No clock runs until it comes; then the acceptance's
    begins anew, for it is counted from the day on which the materials are there.

    `papers`: the kinds of paper among it.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        OneTimeNoticeGiven: it was asked once before.
        PaperPromised: the household has promised in the place of one of them.
    """
    application = await get_application(db, actor, application_id, lock=True)
    step = LIFECYCLE.step(application.status, Action.RETURN, actor.role)
    if application.supplement_requested_at is not None:
        raise OneTimeNoticeGiven
    await require_unpromised(db, application.id, papers)
    application.status = step.target
    application.supplement_requested_at = db.clock.now()
    application.missing_sealed = db.vault.seal(
        "applications.missing", application.id, json.dumps(missing), division=application.county
    )
    await close_step(db, application, StepKind.ACCEPTANCE, "supplement_requested", by=actor)
    await open_step(db, application, StepKind.SUPPLEMENT)
    await record_act(
        db, actor, "application.return", "application", application.id, row=application, case=application.case
    )
    await record_event(
        db,
        SupplementRequested(subject=application.id, county=application.county, applicant_id=application.applicant_id),
    )
    return application


async def extend_application(db: WriteSession, actor: Actor, application_id: UUID, *, reason: str) -> Application:
    """Extend the decision clock to 45 working days, for a reason from the list, once and before it has run out.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        ExtensionNotAllowed: extended before, too late, or no listed reason.
        ExtensionUnfounded: nothing on record bears the reason out.
    """
    application = await get_application(db, actor, application_id, lock=True)
    LIFECYCLE.step(application.status, Action.EXTEND, actor.role)
    late = application.decide_by is not None and application.decide_by < today(db.clock)
    if application.extended_reason is not None or late or reason not in EXTENSION_REASONS:
        raise ExtensionNotAllowed
    if not await _is_borne_out(db, actor, application, ExtensionReason(reason)):
        raise ExtensionUnfounded
    due = await decision_due(db, application, DECISION_DAYS_EXTENDED)
    application.extended_reason = reason
    application.decide_by, application.decide_by_provisional = due.on, due.provisional
    await record_act(
        db,
        actor,
        "application.extend",
        "application",
        application.id,
        row=application,
        case=application.case,
        reason=reason,
    )
    await record_event(
        db,
        ApplicationExtended(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            reason=reason,
        ),
    )
    return application


async def _is_borne_out(db: WriteSession, actor: Actor, application: Application, reason: ExtensionReason) -> bool:
    """Say whether what a reason rests on is on record. How hard a survey is, only who surveys can say.

    Where somebody lives is looked up as it was declared: what a register says otherwise comes later, may be disputed,
    and alone is no ground to keep a household waiting. Who has to look into it extends because the survey is hard.
    """
    match reason:
        case ExtensionReason.OBJECTION:
            steps = await list_steps(db, application.id)
            return any(step.kind == StepKind.NOTICE and step.outcome == "objected" for step in steps)
        case ExtensionReason.LIVES_ELSEWHERE:
            return lives_apart(db, await get_whole_application(db, actor, application.id))
        case ExtensionReason.REMOTE_APPLICATION:
            return applies_from_afar(db, await get_whole_application(db, actor, application.id))
        case ExtensionReason.HARD_SURVEY:
            return True
