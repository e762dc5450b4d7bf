"""The life of one check, from the question to the answer, as one table.

An agency that gave no usable answer leaves the check `unavailable`: "no answer", which is never "no record". That end
is not final: a late call-back, a retry or an answer entered by hand still completes it. A check is cancelled when it
may no longer be asked: the authorisation was withdrawn, or the matter ended.

Where the place asks an agency on paper, or an agency is silent and the place has so ruled, a check awaits entry: a
person of the county finds out and enters what the agency says. What the agency says by itself meanwhile counts.

Nobody may forestall an agency: an answer is entered by hand only where the agency gave none, or took the question and
is past its day, and only by the county. What the agency says later counts instead.
"""

from datetime import date
from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    REQUESTED = "requested"  # to be asked, or asked without success so far
    DISPATCHED = "dispatched"  # acknowledged; the answer comes later
    AWAITING_ENTRY = "awaiting_entry"  # the county asks on paper and enters the answer
    ANSWERED = "answered"
    UNAVAILABLE = "unavailable"
    CANCELLED = "cancelled"


class Action(StrEnum):
    ASK = "ask"
    DISPATCH = "dispatch"
    ANSWER = "answer"
    REROUTE = "reroute"
    GIVE_UP = "give_up"
    RETRY = "retry"
    ANSWER_MANUALLY = "answer_manually"
    CANCEL = "cancel"


ASKED = frozenset({Status.REQUESTED, Status.DISPATCHED})  # of which the agency owes an answer
OPEN = ASKED | {Status.AWAITING_ENTRY}

_SYSTEM = frozenset({Role.SYSTEM})
_ANSWERING = frozenset({Role.SYSTEM, Role.PARTNER})
_COUNTY = frozenset({Role.COUNTY_HANDLER})
_CASEWORK = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.REQUESTED, Action.ASK, Status.REQUESTED, _SYSTEM),
        Step(Status.REQUESTED, Action.DISPATCH, Status.DISPATCHED, _SYSTEM),
        # A call-back may overtake the acknowledgement of its own question.
        Step(Status.REQUESTED, Action.ANSWER, Status.ANSWERED, _ANSWERING),
        Step(Status.REQUESTED, Action.GIVE_UP, Status.UNAVAILABLE, _SYSTEM),
        Step(Status.REQUESTED, Action.CANCEL, Status.CANCELLED, _SYSTEM),
        # Asked again under the same reference: a reminder, in case the call-back was lost.
        Step(Status.DISPATCHED, Action.ASK, Status.DISPATCHED, _SYSTEM),
        Step(Status.DISPATCHED, Action.DISPATCH, Status.DISPATCHED, _SYSTEM),
        Step(Status.DISPATCHED, Action.ANSWER, Status.ANSWERED, _ANSWERING),
        Step(Status.DISPATCHED, Action.GIVE_UP, Status.UNAVAILABLE, _SYSTEM),
        # Only once the agency is past its day: see `may_be_entered`.
        Step(Status.DISPATCHED, Action.ANSWER_MANUALLY, Status.ANSWERED, _COUNTY),
        Step(Status.DISPATCHED, Action.CANCEL, Status.CANCELLED, _SYSTEM),
        Step(Status.REQUESTED, Action.REROUTE, Status.AWAITING_ENTRY, _SYSTEM),
        Step(Status.DISPATCHED, Action.REROUTE, Status.AWAITING_ENTRY, _SYSTEM),
        Step(Status.AWAITING_ENTRY, Action.ANSWER_MANUALLY, Status.ANSWERED, _COUNTY),
        Step(Status.AWAITING_ENTRY, Action.ANSWER, Status.ANSWERED, _ANSWERING),
        Step(Status.AWAITING_ENTRY, Action.GIVE_UP, Status.UNAVAILABLE, _SYSTEM),
        Step(Status.AWAITING_ENTRY, Action.CANCEL, Status.CANCELLED, _SYSTEM),
        Step(Status.UNAVAILABLE, Action.ANSWER, Status.ANSWERED, _ANSWERING),
        Step(Status.UNAVAILABLE, Action.RETRY, Status.REQUESTED, _CASEWORK),
        Step(Status.UNAVAILABLE, Action.ANSWER_MANUALLY, Status.ANSWERED, _COUNTY),
        Step(Status.UNAVAILABLE, Action.CANCEL, Status.CANCELLED, _SYSTEM),
        # The agency itself, after somebody entered its answer by hand; what it said once it does not say again.
        Step(Status.ANSWERED, Action.ANSWER, Status.ANSWERED, _ANSWERING),
    ]
)


def may_be_entered(status: Status, due_on: date, on: date) -> bool:
    """Say whether an answer may be entered by hand: nobody is waiting for the agency, or it is past its day."""
    return status in (Status.UNAVAILABLE, Status.AWAITING_ENTRY) or (status == Status.DISPATCHED and on > due_on)


def actions_for(status: Status, due_on: date, role: Role, on: date) -> list[Action]:
    """List what a role may do about a check today."""
    possible = LIFECYCLE.actions(status, role)
    return [action for action in possible if action is not Action.ANSWER_MANUALLY or may_be_entered(status, due_on, on)]
