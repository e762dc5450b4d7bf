"""The life of a file of questions and of its lines, each as one table.

A batch that an agency never took, or never answered, lapses: its open lines end as "no answer". That end is not final:
a file that comes late is read all the same. A batch is done when nothing of it is open; a further file of the agency
(one that puts spoilt lines right) is still read.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    READY = "ready"  # gathered, to be sent, or sent without success so far
    SENT = "sent"
    DONE = "done"  # every line has an answer, was set aside, or needs none any more
    LAPSED = "lapsed"  # its day has passed
    REFUSED = "refused"  # the agency will not take it


class Action(StrEnum):
    SEND = "send"
    FINISH = "finish"
    LAPSE = "lapse"
    REFUSE = "refuse"


class LineStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    BAD = "bad"  # set aside, with a reason
    LAPSED = "lapsed"  # not answered by the batch's day
    ENDED = "ended"  # nobody waits for it any more: withdrawn, entered by hand, ended


class LineAction(StrEnum):
    ANSWER = "answer"
    SET_ASIDE = "set_aside"
    LAPSE = "lapse"
    END = "end"


_SYSTEM = frozenset({Role.SYSTEM})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.READY, Action.SEND, Status.SENT, _SYSTEM),
        Step(Status.READY, Action.FINISH, Status.DONE, _SYSTEM),
        Step(Status.READY, Action.LAPSE, Status.LAPSED, _SYSTEM),
        Step(Status.READY, Action.REFUSE, Status.REFUSED, _SYSTEM),
        Step(Status.SENT, Action.FINISH, Status.DONE, _SYSTEM),
        Step(Status.SENT, Action.LAPSE, Status.LAPSED, _SYSTEM),
    ]
)

LINES: Lifecycle[LineStatus, LineAction, Role] = Lifecycle(
    [
        Step(LineStatus.OPEN, LineAction.ANSWER, LineStatus.ANSWERED, _SYSTEM),
        Step(LineStatus.OPEN, LineAction.SET_ASIDE, LineStatus.BAD, _SYSTEM),
        Step(LineStatus.OPEN, LineAction.LAPSE, LineStatus.LAPSED, _SYSTEM),
        Step(LineStatus.OPEN, LineAction.END, LineStatus.ENDED, _SYSTEM),
        # A later file, or one that came after the day.
        Step(LineStatus.BAD, LineAction.ANSWER, LineStatus.ANSWERED, _SYSTEM),
        Step(LineStatus.LAPSED, LineAction.ANSWER, LineStatus.ANSWERED, _SYSTEM),
        Step(LineStatus.LAPSED, LineAction.SET_ASIDE, LineStatus.BAD, _SYSTEM),
        Step(LineStatus.ENDED, LineAction.ANSWER, LineStatus.ANSWERED, _SYSTEM),
    ]
)
