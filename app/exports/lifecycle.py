"""The life of an export, as a table.

The table compares roles, the commands the persons: who asked never approves, and nobody else takes the file. That an
approval ends after a day and three downloads is time and number, not status: nobody has to sweep.
"""

from datetime import timedelta
from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"


class Action(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    DOWNLOAD = "download"


GOOD_FOR = timedelta(hours=24)
DOWNLOADS = 3

REQUESTERS = frozenset(
    {
        Role.TOWNSHIP_HANDLER,
        Role.TOWNSHIP_REVIEWER,
        Role.COUNTY_HANDLER,
        Role.COUNTY_CONFIRMER,
        Role.FINANCE,
        Role.SUPERVISOR,
    }
)
APPROVERS = frozenset({Role.TOWNSHIP_REVIEWER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.REQUESTED, Action.APPROVE, Status.APPROVED, APPROVERS),
        Step(Status.REQUESTED, Action.REJECT, Status.REJECTED, APPROVERS),
        Step(Status.APPROVED, Action.DOWNLOAD, Status.APPROVED, REQUESTERS),
    ]
)
