"""The way of one evidence letter, as one table (最低生活保障审核确认办法 art. 16(3)).

It is written, printed and sent by two; answered, or its days pass. Silence is a state and no finding: it counts neither
for the household nor against it, and the answer is still taken in when it comes.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    WRITTEN = "written"
    SENT = "sent"
    UNANSWERED = "unanswered"  # its days have passed
    NOT_AWAITED = "not_awaited"  # somebody went on before, and said why
    ANSWERED = "answered"
    DISCARDED = "discarded"  # never sent
    CANCELLED = "cancelled"  # the authorisation was withdrawn, or the matter ended


class Action(StrEnum):
    SEND = "send"
    ANSWER = "answer"
    SET_ASIDE = "set_aside"
    LAPSE = "lapse"
    CANCEL = "cancel"


# What may still be answered, or sent.
OPEN = frozenset({Status.WRITTEN, Status.SENT, Status.UNANSWERED, Status.NOT_AWAITED})
# What an opinion names among its grounds.
GROUNDS = frozenset({Status.UNANSWERED, Status.NOT_AWAITED, Status.ANSWERED})

_SURVEYORS = frozenset({Role.TOWNSHIP_HANDLER, Role.TOWNSHIP_REVIEWER})
_SYSTEM = frozenset({Role.SYSTEM})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.WRITTEN, Action.SEND, Status.SENT, _SURVEYORS),
        Step(Status.WRITTEN, Action.SET_ASIDE, Status.DISCARDED, _SURVEYORS),
        Step(Status.WRITTEN, Action.CANCEL, Status.CANCELLED, _SYSTEM),
        Step(Status.SENT, Action.ANSWER, Status.ANSWERED, _SURVEYORS),
        Step(Status.SENT, Action.SET_ASIDE, Status.NOT_AWAITED, _SURVEYORS),
        Step(Status.SENT, Action.LAPSE, Status.UNANSWERED, _SYSTEM),
        Step(Status.SENT, Action.CANCEL, Status.CANCELLED, _SYSTEM),
        Step(Status.UNANSWERED, Action.ANSWER, Status.ANSWERED, _SURVEYORS),
        Step(Status.UNANSWERED, Action.SET_ASIDE, Status.NOT_AWAITED, _SURVEYORS),
        Step(Status.UNANSWERED, Action.CANCEL, Status.CANCELLED, _SYSTEM),
        Step(Status.NOT_AWAITED, Action.ANSWER, Status.ANSWERED, _SURVEYORS),
        Step(Status.NOT_AWAITED, Action.CANCEL, Status.CANCELLED, _SYSTEM),
    ]
)
