"""How far each caller sees: the range of a member of staff, a citizen's own."""

from app.complaints.queries import citizen_index
from app.core.crypto import Vault
from app.core.reach import EVERYTHING, NOTHING, Reach
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of


def reach_of(actor: Actor, vault: Vault) -> Reach:
    """Return what an actor's transactions may see and change."""
    if actor.role is Role.APPLICANT:
        return Reach(
            EVERYTHING.low, EVERYTHING.high, owner=actor.id, actor=actor.id, reporter=citizen_index(vault, actor.id)
        )
    if actor.is_staff and actor.division is not None:
        return Reach(*scope_of(actor.division), actor=actor.id)
    return NOTHING
