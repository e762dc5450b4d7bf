"""The life of a complaint, as one table.

The county hands out, a handler answers; inquiries and suggestions get an answer, complaints and reports a finding
(最低生活保障审核确认办法 (D57) art. 36, 37). Which of the two a category gets is said by `OUTCOMES`.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Category(StrEnum):
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    INQUIRY = "inquiry"


class Status(StrEnum):
    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


OPEN = (Status.RECEIVED, Status.ASSIGNED)


class Action(StrEnum):
    ASSIGN = "assign"
    ANSWER = "answer"
    UPHOLD = "uphold"
    DISMISS = "dismiss"


HANDLERS = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER})
# A county whose handlers all acted in the case has its supervisor hand it out: to a township, or to who comes new.
_HANDING_OUT = frozenset({Role.COUNTY_HANDLER, Role.SUPERVISOR})
_FINDING = frozenset({Action.UPHOLD, Action.DISMISS})

OUTCOMES = {
    Category.COMPLAINT: _FINDING,
    Category.REPORT: _FINDING,
    Category.SUGGESTION: frozenset({Action.ANSWER}),
    Category.INQUIRY: frozenset({Action.ANSWER}),
}

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.RECEIVED, Action.ASSIGN, Status.ASSIGNED, _HANDING_OUT),
        Step(Status.ASSIGNED, Action.ASSIGN, Status.ASSIGNED, _HANDING_OUT),
        Step(Status.ASSIGNED, Action.ANSWER, Status.ANSWERED, HANDLERS),
        Step(Status.ASSIGNED, Action.UPHOLD, Status.UPHELD, HANDLERS),
        Step(Status.ASSIGNED, Action.DISMISS, Status.DISMISSED, HANDLERS),
    ]
)


def actions(category: Category, status: Status, role: Role) -> tuple[Action, ...]:
    """List what `role` may do now with a complaint of this category."""
    fitting = OUTCOMES[category] | {Action.ASSIGN}
    return tuple(action for action in LIFECYCLE.actions(status, role) if action in fitting)
