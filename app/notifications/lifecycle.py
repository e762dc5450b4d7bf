"""The life of a message, as one table."""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Action(StrEnum):
    SEND = "send"
    GIVE_UP = "give_up"


_SYSTEM = frozenset({Role.SYSTEM})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.WAITING, Action.SEND, Status.SENT, _SYSTEM),
        Step(Status.WAITING, Action.GIVE_UP, Status.FAILED, _SYSTEM),
    ]
)
