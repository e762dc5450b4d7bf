"""The life of an entrustment (委托申请), as one table: review measures art. 6, civil code art. 161-165.

It gives nothing before it is in force: the one who is spoken for has confirmed it by a code sent to her own telephone,
or somebody of the township or committee, other than who acts, has seen her and the papers.
"""

from enum import StrEnum

from app.core.lifecycle import Lifecycle, Step
from app.identity.actors import Role


class Status(StrEnum):
    REQUESTED = "requested"
    IN_FORCE = "in_force"
    ENDED = "ended"
    LAPSED = "lapsed"


class Action(StrEnum):
    CONFIRM = "confirm"
    END = "end"
    LAPSE = "lapse"


class Kind(StrEnum):
    """On what the other acts."""

    PERSON = "person"  # 其他人代为申请
    COMMITTEE = "committee"  # 村（居）民委员会代为申请
    GUARDIAN = "guardian"  # 法定代理人, civil code art. 23: for who has no or limited capacity


class EndedBy(StrEnum):
    """Who ended it."""

    AGENT = "agent"
    PRINCIPAL = "principal"
    OFFICE = "office"
    MATTER = "matter"  # what it was for is done, and the household gone on to another county


class Ground(StrEnum):
    """Why somebody does not apply herself (申请有困难)."""

    ILLNESS = "illness"
    DISABILITY = "disability"
    OLD_AGE = "old_age"
    CANNOT_READ = "cannot_read"
    NO_PHONE = "no_phone"
    AWAY = "away"
    CAPACITY = "capacity"


STANDING = frozenset({Status.REQUESTED, Status.IN_FORCE})
AGENTS_ON_STAFF = frozenset({Role.VILLAGE_HELPER, Role.TOWNSHIP_HANDLER})  # who acts for a committee

_CONFIRMERS = frozenset({Role.APPLICANT, Role.VILLAGE_HELPER, Role.TOWNSHIP_HANDLER})
_ENDERS = frozenset({Role.APPLICANT, Role.VILLAGE_HELPER, Role.TOWNSHIP_HANDLER})

LIFECYCLE: Lifecycle[Status, Action, Role] = Lifecycle(
    [
        Step(Status.REQUESTED, Action.CONFIRM, Status.IN_FORCE, _CONFIRMERS),
        Step(Status.REQUESTED, Action.END, Status.ENDED, _ENDERS),
        Step(Status.REQUESTED, Action.LAPSE, Status.LAPSED, frozenset({Role.SYSTEM})),
        Step(Status.IN_FORCE, Action.END, Status.ENDED, _ENDERS | {Role.SYSTEM}),
    ]
)
