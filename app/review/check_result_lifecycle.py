"""The way of a result by which a household does not qualify, as one table (review measures art. 18).

It is told before any opinion; the household may object with evidence within a time, or let it stand. After an objection
the township checks again, and the new report supersedes the old one, which is kept. What was told is removed by a new
answer alone: where the agencies that were asked again stay silent, it stands as it was told, and that is said. Errors
of one field at its source are another matter.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    TOLD = "told"
    OBJECTED = "objected"
    RECHECKING = "rechecking"
    CONCLUDED = "concluded"  # checked again: whether it still stands, the row says
    NOT_ANSWERED = "not_answered"  # checked again without an answer: it still stands, until there is one
    STANDS = "stands"  # nobody objected


class Action(StrEnum):
    OBJECT = "object"
    ACCEPT = "accept"
    LET_STAND = "let_stand"
    RECHECK = "recheck"
    CONCLUDE = "conclude"
    CONCLUDE_UNANSWERED = "conclude_unanswered"


OPEN = frozenset({Status.TOLD, Status.OBJECTED, Status.RECHECKING})

_APPLICANT = frozenset({Role.APPLICANT})
_SYSTEM = frozenset({Role.SYSTEM})
_TOWNSHIP = frozenset({Role.TOWNSHIP_HANDLER})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.TOLD, Action.OBJECT, Status.OBJECTED, _APPLICANT),
        Step(Status.TOLD, Action.ACCEPT, Status.STANDS, _APPLICANT),
        Step(Status.TOLD, Action.LET_STAND, Status.STANDS, _SYSTEM),
        # An agency answered late, and what it says puts it right before anybody objected.
        Step(Status.TOLD, Action.CONCLUDE, Status.CONCLUDED, _SYSTEM),
        Step(Status.OBJECTED, Action.RECHECK, Status.RECHECKING, _TOWNSHIP),
        Step(Status.RECHECKING, Action.CONCLUDE, Status.CONCLUDED, _SYSTEM),
        Step(Status.RECHECKING, Action.CONCLUDE_UNANSWERED, Status.NOT_ANSWERED, _SYSTEM),
        # The agency that was silent has answered after all.
        Step(Status.NOT_ANSWERED, Action.CONCLUDE, Status.CONCLUDED, _SYSTEM),
    ]
)
