"""The life of a notice, as one table.

A notice of an award has a last day once the award is stopped from a month on; it ends as an opinion's does. Suspension
leaves no trace on it (D57 art. 24): it is no decision, and what is doubted about a household is not the village's.

An objection does not take a notice down: it stays for its seven days, and others may object, too. What may be shown to
the public is said by the status together with the dates, see `queries.shown_on`.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Kind(StrEnum):
    OPINION = "opinion"  # 公示: before the decision, for seven days (D57 art. 19)
    AWARD = "award"  # 公布: after the decision, as long as the award is in force (D57 art. 24)


class Status(StrEnum):
    POSTED = "posted"
    ENDED = "ended"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    END = "end"
    OBJECT = "object"
    WITHDRAW = "withdraw"


UP = frozenset({Status.POSTED, Status.OBJECTED})

_SYSTEM = frozenset({Role.SYSTEM})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.POSTED, Action.END, Status.ENDED, _SYSTEM),
        Step(Status.POSTED, Action.OBJECT, Status.OBJECTED, _SYSTEM),
        Step(Status.POSTED, Action.WITHDRAW, Status.WITHDRAWN, _SYSTEM),
        Step(Status.OBJECTED, Action.OBJECT, Status.OBJECTED, _SYSTEM),
        Step(Status.OBJECTED, Action.WITHDRAW, Status.WITHDRAWN, _SYSTEM),
    ]
)
