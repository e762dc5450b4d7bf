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


_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})

LIFECYCLE: Lifecycle[PartnerStatus, PartnerAction, Role] = Lifecycle(
    [
        Step(PartnerStatus.ACTIVE, PartnerAction.DISABLE, PartnerStatus.DISABLED, _ADMINISTRATOR),
        Step(PartnerStatus.ACTIVE, PartnerAction.ROTATE, PartnerStatus.ACTIVE, _ADMINISTRATOR),
        Step(PartnerStatus.DISABLED, PartnerAction.ENABLE, PartnerStatus.ACTIVE, _ADMINISTRATOR),
        Step(PartnerStatus.DISABLED, PartnerAction.ROTATE, PartnerStatus.DISABLED, _ADMINISTRATOR),
    ]
)
