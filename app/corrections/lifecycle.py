"""The life of a request for correction, as one table (个人信息保护法 art. 46)."""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class ObjectType(StrEnum):
    """What is said to be wrong."""

    APPLICATION = "application"
    MEMBER = "member"
    CHECK = "check"  # what an agency found


class Status(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Action(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"


HANDLERS = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.REQUESTED, Action.ACCEPT, Status.ACCEPTED, HANDLERS),
        Step(Status.REQUESTED, Action.REFUSE, Status.REFUSED, HANDLERS),
    ]
)
