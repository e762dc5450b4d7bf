"""Asking agencies anew that have answered: after a household objected to what was found."""

from collections.abc import Collection
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.household import live_authorisation
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import get_whole_application
from app.applications.steps import open_step
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.facts import Item
from app.identity.actors import SYSTEM, Actor, Role
from app.verification.commands.entry import ASKED_AGAIN, settle_entry
from app.verification.commands.opening import BY_SYSTEM, begin, load_ways, new_check
from app.verification.errors import AuthorisationNotInForce, CheckNotFound
from app.verification.models import Check
from app.verification.queries import list_checks


async def ask_again(db: WriteSession, actor: Actor, application: Application, checks: Collection[UUID]) -> list[Check]:
    """Put the questions of these checks anew, in a round of their own; what was answered before is kept.

    The application is locked by whoever calls. The report that comes of it supersedes the one there is.

    Raises:
        CheckNotFound: not a check of this application.
        AuthorisationNotInForce: the person withdrew.
    """
    whole = await get_whole_application(db, SYSTEM, application.id)
    known = {check.id: check for check in await list_checks(db, application.id)}
    if not checks or not known.keys() >= set(checks):
        raise CheckNotFound
    asked = {(known[check].member_id, Item(known[check].item)) for check in checks}
    latest = max(check.round for check in known.values())
    operator = BY_SYSTEM if actor.role is Role.SYSTEM else str(actor.id)
    ways, opened = await load_ways(db, application), []
    for member_id, item in sorted(asked):
        authorisation = live_authorisation(whole, member_id)
        if authorisation is None:
            raise AuthorisationNotInForce
        check = new_check(db, application, authorisation, item, ways, round_=latest + 1, operator=operator)
        db.add(check)
        opened.append(check)
    if application.status == ApplicationStatus.ACCEPTED:  # after the decision no clock of the procedure runs
        await open_step(db, application, StepKind.VERIFICATION)
    await record_act(db, actor, "checks.open", "application", application.id, case=application.case, count=len(opened))
    await begin(db, application, opened)
    await settle_entry(db, application, ASKED_AGAIN)  # what was given up may be asked again
    return opened
