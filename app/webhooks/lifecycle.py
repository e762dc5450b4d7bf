"""The life of an endpoint and of one delivery, as two tables.

The worker (SYSTEM) pauses an endpoint whose schedule of attempts is spent and disables one that answers 410; only an
administrator brings it back. Removed for good is what either of them removes.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class EndpointStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    REMOVED = "removed"


class EndpointAction(StrEnum):
    PAUSE = "pause"
    DISABLE = "disable"
    RESUME = "resume"
    ROTATE = "rotate"
    REDELIVER = "redeliver"
    REMOVE = "remove"


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryAction(StrEnum):
    DELIVER = "deliver"
    GIVE_UP = "give_up"
    REDELIVER = "redeliver"


_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_SYSTEM = frozenset({Role.SYSTEM})
_EITHER = _ADMINISTRATOR | _SYSTEM

ENDPOINT: Lifecycle[EndpointStatus, EndpointAction, Role] = Lifecycle(
    [
        Step(EndpointStatus.ACTIVE, EndpointAction.PAUSE, EndpointStatus.PAUSED, _SYSTEM),
        Step(EndpointStatus.ACTIVE, EndpointAction.DISABLE, EndpointStatus.DISABLED, _SYSTEM),
        Step(EndpointStatus.ACTIVE, EndpointAction.ROTATE, EndpointStatus.ACTIVE, _ADMINISTRATOR),
        Step(EndpointStatus.ACTIVE, EndpointAction.REDELIVER, EndpointStatus.ACTIVE, _ADMINISTRATOR),
        Step(EndpointStatus.ACTIVE, EndpointAction.REMOVE, EndpointStatus.REMOVED, _EITHER),
        Step(EndpointStatus.PAUSED, EndpointAction.DISABLE, EndpointStatus.DISABLED, _SYSTEM),
        Step(EndpointStatus.PAUSED, EndpointAction.RESUME, EndpointStatus.ACTIVE, _ADMINISTRATOR),
        Step(EndpointStatus.PAUSED, EndpointAction.ROTATE, EndpointStatus.PAUSED, _ADMINISTRATOR),
        Step(EndpointStatus.PAUSED, EndpointAction.REMOVE, EndpointStatus.REMOVED, _EITHER),
        Step(EndpointStatus.DISABLED, EndpointAction.RESUME, EndpointStatus.ACTIVE, _ADMINISTRATOR),
        Step(EndpointStatus.DISABLED, EndpointAction.ROTATE, EndpointStatus.DISABLED, _ADMINISTRATOR),
        Step(EndpointStatus.DISABLED, EndpointAction.REMOVE, EndpointStatus.REMOVED, _EITHER),
    ]
)

DELIVERY: Lifecycle[DeliveryStatus, DeliveryAction, Role] = Lifecycle(
    [
        Step(DeliveryStatus.PENDING, DeliveryAction.DELIVER, DeliveryStatus.DELIVERED, _SYSTEM),
        Step(DeliveryStatus.PENDING, DeliveryAction.GIVE_UP, DeliveryStatus.FAILED, _SYSTEM),
        Step(DeliveryStatus.PENDING, DeliveryAction.REDELIVER, DeliveryStatus.PENDING, _ADMINISTRATOR),
        Step(DeliveryStatus.DELIVERED, DeliveryAction.REDELIVER, DeliveryStatus.PENDING, _ADMINISTRATOR),
        Step(DeliveryStatus.FAILED, DeliveryAction.REDELIVER, DeliveryStatus.PENDING, _ADMINISTRATOR),
    ]
)
