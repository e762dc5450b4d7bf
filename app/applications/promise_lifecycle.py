"""The way of a promise that stands for a paper, as one table (证明事项告知承诺制, the notice of 2022).

It may be taken back while the application can still be edited. Once the application is accepted the township sees
whether it was true. Where it was not, nothing is granted on it; of an award that was, the county decides what follows.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    PROMISED = "promised"
    WITHDRAWN = "withdrawn"
    KEPT = "kept"
    BROKEN = "broken"
    SETTLED = "settled"  # broken, and it was decided what follows


class Action(StrEnum):
    WITHDRAW = "withdraw"
    FIND_KEPT = "find_kept"
    FIND_BROKEN = "find_broken"
    SETTLE = "settle"


class Settlement(StrEnum):
    """What followed (社会救助法 art. 73: may be reduced or stopped, which is heard about first, art. 48)."""

    REFUSED = "refused"  # the application
    REDUCED = "reduced"
    STOPPED = "stopped"
    KEPT = "kept"  # the award as it is


WAS_BROKEN = frozenset({Status.BROKEN, Status.SETTLED})

_APPLICANT = frozenset({Role.APPLICANT})
_TOWNSHIP = frozenset({Role.TOWNSHIP_HANDLER})
_CONFIRMER = frozenset({Role.COUNTY_CONFIRMER, Role.TOWNSHIP_CONFIRMER})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.PROMISED, Action.WITHDRAW, Status.WITHDRAWN, _APPLICANT),
        Step(Status.PROMISED, Action.FIND_KEPT, Status.KEPT, _TOWNSHIP),
        Step(Status.PROMISED, Action.FIND_BROKEN, Status.BROKEN, _TOWNSHIP),
        Step(Status.BROKEN, Action.SETTLE, Status.SETTLED, _CONFIRMER),
    ]
)
