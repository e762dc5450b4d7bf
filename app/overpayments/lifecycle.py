"""The way of a recovery, as one table (社会救助法 art. 73, 74).

The county's handler claims, the household is heard, another person orders or drops it; finance takes the money in.
What cannot be got back is written off by two persons. Nothing is ever kept back from the allowance: no law lets a
county offset against what a household lives on.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    PROPOSED = "proposed"
    ORDERED = "ordered"
    REPAID = "repaid"  # all has come back, from the household or by the bank
    WRITTEN_OFF = "written_off"
    DROPPED = "dropped"


class Action(StrEnum):
    HEAR = "hear"
    ORDER = "order"
    DROP = "drop"
    RECEIVE = "receive"  # a part
    COMPLETE = "complete"  # the last part
    PROPOSE_WRITE_OFF = "propose_write_off"
    WRITE_OFF = "write_off"
    KEEP = "keep"  # what was proposed to be written off


class Ground(StrEnum):
    """What a recovery rests on."""

    AFTER_STOP = "after_stop"  # paid for months after the last one that the stop left (art. 74)
    FRAUD = "fraud"  # obtained by what was false or concealed, as a stop or a reduction has found (art. 73)


CLAIMS = frozenset({Role.COUNTY_HANDLER})  # who proposes one
OPEN = frozenset({Status.PROPOSED, Status.ORDERED})

_HEARERS = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER})
_CONFIRMER = frozenset({Role.COUNTY_CONFIRMER})
_TAKERS = frozenset({Role.FINANCE, Role.SYSTEM})  # the system: what the bank has taken back

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.PROPOSED, Action.HEAR, Status.PROPOSED, _HEARERS),
        Step(Status.PROPOSED, Action.ORDER, Status.ORDERED, _CONFIRMER),
        Step(Status.PROPOSED, Action.DROP, Status.DROPPED, _CONFIRMER),
        Step(Status.ORDERED, Action.RECEIVE, Status.ORDERED, _TAKERS),
        Step(Status.ORDERED, Action.COMPLETE, Status.REPAID, _TAKERS),
        Step(Status.ORDERED, Action.PROPOSE_WRITE_OFF, Status.ORDERED, CLAIMS),
        Step(Status.ORDERED, Action.WRITE_OFF, Status.WRITTEN_OFF, _CONFIRMER),
        Step(Status.ORDERED, Action.KEEP, Status.ORDERED, _CONFIRMER),
    ]
)
