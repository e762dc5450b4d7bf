"""Handing a draft in, and handing in what was missing."""

from collections.abc import Sequence
from uuid import UUID

from app.applications.claims import claim_members
from app.applications.clocks import StepKind
from app.applications.commands.authorisations import record_signatures, signature_of
from app.applications.commands.conflicts import Found, SelfDeclared, register_matches, register_self_declared
from app.applications.completeness import find_missing
from app.applications.errors import ApplicationIncomplete
from app.applications.events import ApplicationSubmitted, ApplicationSupplemented
from app.applications.household import APPLICANT, is_minor, live_authorisation
from app.applications.lifecycle import LIFECYCLE, Action, Status
from app.applications.models import Application, Authorisation
from app.applications.place import require_right_place
from app.applications.queries import get_whole_application, insert_authorisation
from app.applications.steps import close_step, open_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_number, new_secret_code
from app.core.lifecycle import Step
from app.events.commands import record_event
from app.identity.actors import Actor, Role


async def submit_application(
    db: WriteSession,
    actor: Actor,
    application_id: UUID,
    *,
    truth_promised: bool,
    relatives: Sequence[SelfDeclared] = (),
) -> Application:
    """Hand a finished draft to the township. The application gets its receipt number and look-up code.

    `relatives`: members who are close relatives of staff or committee members, as the household says; with what those
    declared, the case is registered separately (D57 art. 11).

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: it is no longer a draft.
        ApplicationIncomplete: something is missing; `errors` names all of it.
        WrongPlace: another place takes it, or another member has to apply.
        PersonAlreadyInCase: a member is in another case.
        MemberNotFound: `relatives` names somebody who is no member.
    """
    application, step, for_minors = await _complete(db, actor, application_id, Action.SUBMIT, truth_promised)
    application.status = step.target
    application.number = new_number("DB", application.county, today(db.clock))
    application.lookup_code = new_secret_code(8)
    application.submitted_at = db.clock.now()
    await open_step(db, application, StepKind.ACCEPTANCE)
    await _register_relatives(db, application, relatives)
    await record_act(
        db, actor, "application.submit", "application", application.id, row=application, case=application.case
    )
    await record_signatures(db, actor, "authorisation.sign", for_minors, application.case)
    await record_event(
        db,
        ApplicationSubmitted(subject=application.id, county=application.county, applicant_id=application.applicant_id),
    )
    return application


async def supplement_application(
    db: WriteSession,
    actor: Actor,
    application_id: UUID,
    *,
    truth_promised: bool,
    relatives: Sequence[SelfDeclared] = (),
) -> Application:
    """Hand in what the one-time notice asked for; the township's acceptance clock starts anew.

    Raises:
        ApplicationNotFound, StepNotAllowed, ApplicationIncomplete, WrongPlace, PersonAlreadyInCase, MemberNotFound: as
        for submission.
    """
    application, step, for_minors = await _complete(db, actor, application_id, Action.SUPPLEMENT, truth_promised)
    application.status = step.target
    await close_step(db, application, StepKind.SUPPLEMENT, "supplemented")
    await open_step(db, application, StepKind.ACCEPTANCE)
    await _register_relatives(db, application, relatives)
    await record_act(
        db, actor, "application.supplement", "application", application.id, row=application, case=application.case
    )
    await record_signatures(db, actor, "authorisation.sign", for_minors, application.case)
    await record_event(
        db,
        ApplicationSupplemented(
            subject=application.id, county=application.county, applicant_id=application.applicant_id
        ),
    )
    return application


async def _register_relatives(db: WriteSession, application: Application, said: Sequence[SelfDeclared]) -> None:
    await register_matches(db, application, found=Found.DECLARED)
    await register_self_declared(db, application, said)


async def _complete(
    db: WriteSession, actor: Actor, application_id: UUID, action: Action, truth_promised: bool
) -> tuple[Application, Step[Status, Action, Role], list[Authorisation]]:
    """Return the application with all that is needed, locked and its members claimed, the step that the action takes,
    and what was signed for minors by that."""
    application = await get_whole_application(db, actor, application_id, lock=True)
    step = LIFECYCLE.step(application.status, action, actor.role)
    for_minors = await _sign_for_minors(db, application)
    with db.no_autoflush:  # what is to be written of the application goes as one with its first step
        faults = await find_missing(db, application, truth_promised=truth_promised)
        if faults:
            raise ApplicationIncomplete(faults=tuple(faults))
        await require_right_place(db, application)
        await claim_members(db, application, application.members)
    return application, step, for_minors


async def _sign_for_minors(db: WriteSession, application: Application) -> list[Authorisation]:
    """Let the applicant's own signature stand for the minors he represents, where none was given for them."""
    on, given = today(db.clock), []
    applicant = next((m for m in application.members if m.relation == APPLICANT), None)
    if applicant is None or live_authorisation(application, applicant.id) is None:
        return []
    for member in application.members:
        if is_minor(member, on) and live_authorisation(application, member.id) is None:
            signature = signature_of(db, application, member, applicant)
            given.append(await insert_authorisation(db, application, signature))
    return given
