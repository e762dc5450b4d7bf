"""The life of a partner that may ask: let in or not. What it asked stays as it was."""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class PartnerStatus(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"


class PartnerAction(StrEnum):
    DISABLE = "disable"
    ENABLE = "enable"
    ROTATE = "rotate"
    SET_SCOPE = "set_scope"


class MessageDelivery(StrEnum):
    """Where the answer to a message stands that is sent by call-back; NONE: it was answered at once."""

    NONE = "none"
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})

LIFECYCLE: Lifecycle[PartnerStatus, PartnerAction, Role] = Lifecycle(
    [
        Step(PartnerStatus.ACTIVE, PartnerAction.DISABLE, PartnerStatus.DISABLED, _ADMINISTRATOR),
        Step(PartnerStatus.ACTIVE, PartnerAction.ROTATE, PartnerStatus.ACTIVE, _ADMINISTRATOR),
        Step(PartnerStatus.DISABLED, PartnerAction.ENABLE, PartnerStatus.ACTIVE, _ADMINISTRATOR),
        Step(PartnerStatus.DISABLED, PartnerAction.ROTATE, PartnerStatus.DISABLED, _ADMINISTRATOR),
        Step(PartnerStatus.ACTIVE, PartnerAction.SET_SCOPE, PartnerStatus.ACTIVE, _ADMINISTRATOR),
        Step(PartnerStatus.DISABLED, PartnerAction.SET_SCOPE, PartnerStatus.DISABLED, _ADMINISTRATOR),
    ]
)
