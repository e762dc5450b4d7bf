"""The way of a dispute of one field, and of the ticket that asks its agency for a correction, as one table.

The agency is asked by a letter; that it has gone out changes whose turn it is, and not the state: until the county says
that it was sent, it is the county's. The agency answers within 10 working days (政务数据共享条例 art. 26). What it
answers is entered by the county with the agency's reference, once the letter went out, or shows when it is asked again
and what was disputed is gone. The same answer again is none, nor is another one that leaves a difference, for nobody
has looked. Past its day a ticket is overdue, and escalated once supervisors were told of it; it stays open to an
answer. Whoever disputed may take it back. With the matter's end, or once whom it is about withdraws the authorisation,
it lapses; whoever disputed is told, and why.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    CORRECTED = "corrected"
    UPHELD = "upheld"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


class LapseGround(StrEnum):
    """Why what was disputed has ended without an answer."""

    MATTER_ENDED = "matter_ended"  # withdrawn, or ended without a decision
    AWARD_ENDED = "award_ended"  # stopped, or another county's now
    AUTHORISATION_WITHDRAWN = "authorisation_withdrawn"


class SentWay(StrEnum):
    """How the letter to an agency went out."""

    POST = "post"
    HAND = "hand"
    FAX = "fax"
    OFFICIAL_EXCHANGE = "official_exchange"  # the exchange of documents between authorities


class Action(StrEnum):
    FALL_DUE = "fall_due"
    ESCALATE = "escalate"
    SEND = "send"
    CORRECT = "correct"
    UPHOLD = "uphold"
    TAKE_BACK = "take_back"
    LAPSE = "lapse"


PENDING = frozenset({Status.OPEN, Status.OVERDUE, Status.ESCALATED})

_SYSTEM = frozenset({Role.SYSTEM})
_COUNTY = frozenset({Role.COUNTY_HANDLER})
_COUNTY_OR_RECHECK = _COUNTY | _SYSTEM
_CITIZEN = frozenset({Role.APPLICANT})


def _answers_from(status: Status) -> list[Step[Status, Action, Role]]:
    return [
        Step(status, Action.SEND, status, _COUNTY),
        Step(status, Action.CORRECT, Status.CORRECTED, _COUNTY_OR_RECHECK),
        Step(status, Action.UPHOLD, Status.UPHELD, _COUNTY),
        Step(status, Action.TAKE_BACK, Status.TAKEN_BACK, _CITIZEN),
        Step(status, Action.LAPSE, Status.LAPSED, _SYSTEM),
    ]


LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.OPEN, Action.FALL_DUE, Status.OVERDUE, _SYSTEM),
        Step(Status.OVERDUE, Action.ESCALATE, Status.ESCALATED, _SYSTEM),
        *_answers_from(Status.OPEN),
        *_answers_from(Status.OVERDUE),
        *_answers_from(Status.ESCALATED),
    ]
)
