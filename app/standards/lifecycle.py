"""The life of a change, as one table. What is in force is never edited: another change supersedes it."""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Kind(StrEnum):
    STANDARD = "standard"
    PARAMETER = "parameter"


class Status(StrEnum):
    DRAFT = "draft"
    IN_FORCE = "in_force"
    REJECTED = "rejected"


class Action(StrEnum):
    EDIT = "edit"
    APPROVE = "approve"
    REJECT = "reject"


WRITERS = frozenset({Role.ADMINISTRATOR})
DECIDERS = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.DRAFT, Action.EDIT, Status.DRAFT, WRITERS),
        Step(Status.DRAFT, Action.APPROVE, Status.IN_FORCE, DECIDERS),
        Step(Status.DRAFT, Action.REJECT, Status.REJECTED, DECIDERS),
    ]
)
