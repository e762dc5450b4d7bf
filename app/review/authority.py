"""Who decides a case: the county, or the township where the place has so ruled (Social Assistance Law art. 44).

Settled with the acceptance and kept on the application, so that a new order changes no case under way.
"""

from app.applications.clocks import StepKind
from app.applications.models import Application
from app.core.errors import RoleNotAllowed
from app.identity.actors import Actor, Role
from app.reference.divisions import Level
from app.reference.procedure import Authority
from app.review.lifecycle import LIFECYCLE, Action, Status

_CONFIRMERS = {Authority.COUNTY: Role.COUNTY_CONFIRMER, Authority.TOWNSHIP: Role.TOWNSHIP_CONFIRMER}


def authority_of(application: Application) -> Authority:
    """Return who decides; the county, unless it was ruled otherwise when the application was accepted."""
    return Authority(application.confirmed_by or Authority.COUNTY)


def level_of_decision(application: Application) -> Level:
    """Return the level that speaks in the decision's letter."""
    return Level.TOWNSHIP if authority_of(application) is Authority.TOWNSHIP else Level.COUNTY


def require_confirmer(actor: Actor, application: Application) -> None:
    """Refuse whoever does not decide this case.

    Raises:
        RoleNotAllowed: the other authority does.
    """
    if actor.role is not _CONFIRMERS[authority_of(application)]:
        raise RoleNotAllowed


def require_sender_back(actor: Actor, application: Application) -> None:
    """Refuse the township's confirmer where the county decides; the county gives back what either has, for it
    supervises.

    Raises:
        RoleNotAllowed: it is the county's case.
    """
    if actor.role is Role.TOWNSHIP_CONFIRMER:
        require_confirmer(actor, application)


def confirmation_step(application: Application) -> StepKind:
    """Return the step that waits for the decision."""
    by_township = authority_of(application) is Authority.TOWNSHIP
    return StepKind.TOWNSHIP_CONFIRMATION if by_township else StepKind.CONFIRMATION


def actions_for(application: Application, status: Status, role: Role) -> list[Action]:
    """List what a role may do now in this case."""
    possible = LIFECYCLE.actions(status, role)
    decides = role is _CONFIRMERS[authority_of(application)]
    deciding = {Action.CONFIRM, Action.REFUSE}
    if role is Role.TOWNSHIP_CONFIRMER:
        deciding.add(Action.SEND_BACK)
    return [action for action in possible if decides or action not in deciding]
