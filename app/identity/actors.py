"""Who acts: a role, and for staff the division below which they see."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Roles of the product; PARTNER and SYSTEM act without a person at the keyboard."""

    APPLICANT = "applicant"
    VILLAGE_HELPER = "village_helper"
    TOWNSHIP_HANDLER = "township_handler"
    TOWNSHIP_REVIEWER = "township_reviewer"
    TOWNSHIP_CONFIRMER = "township_confirmer"  # where the power to confirm lies with the township
    COUNTY_HANDLER = "county_handler"
    COUNTY_CONFIRMER = "county_confirmer"
    FINANCE = "finance"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    PARTNER = "partner"
    SYSTEM = "system"


STAFF_ROLES = frozenset(
    {
        Role.VILLAGE_HELPER,
        Role.TOWNSHIP_HANDLER,
        Role.TOWNSHIP_REVIEWER,
        Role.TOWNSHIP_CONFIRMER,
        Role.COUNTY_HANDLER,
        Role.COUNTY_CONFIRMER,
        Role.FINANCE,
        Role.SUPERVISOR,
        Role.ADMINISTRATOR,
    }
)


class Scope(StrEnum):
    """What a session is good for: everything, or only for enrolling a second factor."""

    FULL = "full"
    ENROLMENT = "enrolment"


@dataclass(frozen=True)
class Actor:
    """The one who asks. `division` is the 12-digit code whose records staff see; None for everybody else.

    `authenticated_at`: when whoever holds the session last proved to be its owner. `entrustment`: somebody else acts
    for this citizen, under it, and may do what it is for.
    """

    id: UUID
    role: Role
    division: str | None = None
    session: UUID | None = None
    authenticated_at: datetime | None = field(default=None, compare=False)
    entrustment: UUID | None = None

    @property
    def is_staff(self) -> bool:
        """Say whether this is a member of staff."""
        return self.role in STAFF_ROLES


SYSTEM = Actor(UUID(int=0), Role.SYSTEM)
