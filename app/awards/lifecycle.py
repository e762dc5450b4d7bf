"""The life of an award, as one table.

Suspension (停发待核) holds money back while a doubt is looked into; it decides nothing, so resuming pays what was held
back. A stop is a decision: the recipient is heard first (社会救助法 art. 48), the county decides (D57 art. 32).
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


class StopGround(StrEnum):
    """What a stop may rest on: change of members, income or property (SAL art. 47, D57 art. 30–32), death, request."""

    INCOME = "income"
    PROPERTY = "property"
    MEMBERS = "members"
    DEATH = "death"
    FRAUD = "fraud"
    REQUEST = "request"


class SuspendReason(StrEnum):
    """The doubt that is looked into."""

    DEATH_MATCH = "death_match"
    DOUBLE_BENEFIT = "double_benefit"
    CHANGE_UNDER_REVIEW = "change_under_review"
    REVIEW_OVERDUE = "review_overdue"
    COMPLAINT = "complaint"


HEARING_SINCE = date(2026, 7, 1)  # 社会救助法 in force; before, telling with reasons was enough (D57 art. 32)

_HEARERS = frozenset({Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER})
_COUNTY = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER})
_CONFIRMER = frozenset({Role.COUNTY_CONFIRMER})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.ACTIVE, Action.HEAR, Status.ACTIVE, _HEARERS),
        Step(Status.ACTIVE, Action.SUSPEND, Status.SUSPENDED, _COUNTY),
        Step(Status.ACTIVE, Action.STOP, Status.STOPPED, _CONFIRMER),
        Step(Status.SUSPENDED, Action.HEAR, Status.SUSPENDED, _HEARERS),
        Step(Status.SUSPENDED, Action.RESUME, Status.ACTIVE, _COUNTY),
        Step(Status.SUSPENDED, Action.STOP, Status.STOPPED, _CONFIRMER),
    ]
)
