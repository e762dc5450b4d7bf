"""The life of an award, as one table.

Suspension (停发待核) holds money back while a doubt is looked into; it decides nothing, so resuming pays what was held
back. A stop and a lower amount are decisions: the recipient is heard first (社会救助法 art. 48), the county decides
(D57 art. 32); a lower amount is proposed by one person and decided by another. What a standard published after a stop
means for the months until then, where the rules could not say, is still decided on: it may be owed.
"""

from datetime import date
from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    STOPPED = "stopped"


class Action(StrEnum):
    HEAR = "hear"
    SUSPEND = "suspend"
    RESUME = "resume"
    STOP = "stop"
    ADJUST = "adjust"  # propose a lower amount, or a higher one
    DECIDE = "decide"  # on what was proposed
    KEEP = "keep"  # the amount, though a change would lower or end it


class AdjustGround(StrEnum):
    """What a lower amount may rest on (SAL art. 47, D57 art. 30–32, 34, SAL art. 73)."""

    STANDARD = "standard"  # the amount is what the rules give, and a person's only where they cannot say
    INCOME = "income"
    PROPERTY = "property"
    MEMBERS = "members"
    WORK_REFUSED = "work_refused"
    FRAUD = "fraud"


class AdjustmentStatus(StrEnum):
    """How far a lower amount has come: proposed, the recipient heard, decided by another person."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # the award was stopped


class StopGround(StrEnum):
    """What a stop may rest on: change of members, income or property (SAL art. 47, D57 art. 30–32), death, request; a
    changed standard by which the household is no longer poor (SAL art. 18)."""

    STANDARD = "standard"  # only where one waits: `standard_ends_from`
    INCOME = "income"
    PROPERTY = "property"
    MEMBERS = "members"
    DEATH = "death"
    FRAUD = "fraud"
    REQUEST = "request"


# What rests on findings about the household, and so waits while its agency may yet correct one.
RESTS_ON_FINDINGS: frozenset[StopGround | AdjustGround] = frozenset(
    {
        StopGround.INCOME,
        StopGround.PROPERTY,
        StopGround.MEMBERS,
        StopGround.FRAUD,
        AdjustGround.INCOME,
        AdjustGround.PROPERTY,
        AdjustGround.MEMBERS,
        AdjustGround.FRAUD,
    }
)

HANDED_OVER = "handover"  # stands where a stop has its ground: no stop, another county's award goes on


class AmountCause(StrEnum):
    """Why an award amounts to something else from a month on."""

    CHANGE = "change"  # a standard or parameter changed
    KEPT = "kept"  # a later month of the same change, in which it stays what it was; of what a person decided too
    ADJUSTMENT = "adjustment"  # a person decided so
    HANDOVER = "handover"  # by another county's numbers, or as it was there


class Outcome(StrEnum):
    """What a changed standard or parameter means for one award."""

    RAISED = "raised"
    UNCHANGED = "unchanged"
    TO_BE_HEARD = "to_be_heard"  # it would fall: only a person's decision lowers it, after a hearing
    NO_LONGER_ENTITLED = "no_longer_entitled"  # a person looks; nothing stops by itself
    NEEDS_PERSON = "needs_person"  # the rules cannot say: see the reason


class WaitingCause(StrEnum):
    """What is behind a month that waits for a person."""

    NUMBERS = "numbers"  # a changed number, or the numbers of another county
    AGE = "age"  # a member is of another age by then, and the numbers alone would give no less


FOR_A_PERSON = frozenset({Outcome.TO_BE_HEARD, Outcome.NO_LONGER_ENTITLED, Outcome.NEEDS_PERSON})


class Settlement(StrEnum):
    """What became of it where a person has to act."""

    NONE = "none"  # nothing to act on
    OPEN = "open"
    ADJUSTED = "adjusted"
    STOPPED = "stopped"
    KEPT = "kept"  # a person decided that the amount stays
    SUPERSEDED = "superseded"  # by a later change


class Kept(StrEnum):
    """Of what waits, what it was decided about that the award stays as it is."""

    FINDINGS = "findings"  # of registers and reports, a broken promise, a hearing about a stop
    STANDARD = "standard"  # what a changed number means
    ALL = "all"


class SuspendReason(StrEnum):
    """The doubt that is looked into."""

    DEATH_MATCH = "death_match"
    DOUBLE_BENEFIT = "double_benefit"
    CHANGE_UNDER_REVIEW = "change_under_review"
    REVIEW_OVERDUE = "review_overdue"
    COMPLAINT = "complaint"


HEARING_SINCE = date(2026, 7, 1)  # 社会救助法 in force; before, telling with reasons was enough (D57 art. 32)

_HEARERS = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER})
_PROPOSERS = frozenset({Role.COUNTY_HANDLER})
_COUNTY = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER})
_CONFIRMER = frozenset({Role.COUNTY_CONFIRMER})
_SYSTEM = frozenset({Role.SYSTEM})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.ACTIVE, Action.HEAR, Status.ACTIVE, _HEARERS),
        Step(Status.ACTIVE, Action.SUSPEND, Status.SUSPENDED, _COUNTY),
        Step(Status.ACTIVE, Action.STOP, Status.STOPPED, _CONFIRMER),
        Step(Status.ACTIVE, Action.ADJUST, Status.ACTIVE, _PROPOSERS),
        Step(Status.ACTIVE, Action.DECIDE, Status.ACTIVE, _CONFIRMER),
        Step(Status.ACTIVE, Action.KEEP, Status.ACTIVE, _CONFIRMER),
        Step(Status.SUSPENDED, Action.HEAR, Status.SUSPENDED, _HEARERS),
        Step(Status.SUSPENDED, Action.RESUME, Status.ACTIVE, _COUNTY),
        Step(Status.SUSPENDED, Action.STOP, Status.STOPPED, _CONFIRMER),
        Step(Status.SUSPENDED, Action.ADJUST, Status.SUSPENDED, _PROPOSERS),
        Step(Status.SUSPENDED, Action.DECIDE, Status.SUSPENDED, _CONFIRMER),
        Step(Status.SUSPENDED, Action.KEEP, Status.SUSPENDED, _CONFIRMER),
        # Only while something that a changed number means for its months waits for a person: `require_waiting`.
        Step(Status.STOPPED, Action.ADJUST, Status.STOPPED, _PROPOSERS),
        Step(Status.STOPPED, Action.DECIDE, Status.STOPPED, _CONFIRMER),
        Step(Status.STOPPED, Action.KEEP, Status.STOPPED, _CONFIRMER),
    ]
)

# What nobody does to an award by itself: four persons of two counties have a table of their own (`handovers`), and this
# is what it comes to here. What is held back is looked into first, by the county that doubts.
GOING_OVER: Lifecycle[Status, str, Role] = Lifecycle([Step(Status.ACTIVE, HANDED_OVER, Status.STOPPED, _SYSTEM)])
