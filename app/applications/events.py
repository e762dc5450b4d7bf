"""What this stage tells the others. `subject` is the application; ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.events.base import Event


@dataclass(frozen=True, kw_only=True)
class ApplicationEvent(Event):
    """Common to all: whose application it is, for messages."""

    type: ClassVar[str] = "application.any"
    applicant_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(ApplicationEvent):
    type: ClassVar[str] = "application.submitted"


@dataclass(frozen=True, kw_only=True)
class SupplementRequested(ApplicationEvent):
    type: ClassVar[str] = "application.supplement_requested"


@dataclass(frozen=True, kw_only=True)
class ApplicationSupplemented(ApplicationEvent):
    type: ClassVar[str] = "application.supplemented"


@dataclass(frozen=True, kw_only=True)
class ApplicationAccepted(ApplicationEvent):
    type: ClassVar[str] = "application.accepted"


@dataclass(frozen=True, kw_only=True)
class ApplicationRedirected(ApplicationEvent):
    """The township did not take it: another place does."""

    type: ClassVar[str] = "application.redirected"


@dataclass(frozen=True, kw_only=True)
class ApplicationExtended(ApplicationEvent):
    type: ClassVar[str] = "application.extended"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(ApplicationEvent):
    type: ClassVar[str] = "application.withdrawn"


@dataclass(frozen=True, kw_only=True)
class ApplicationTerminated(ApplicationEvent):
    """The authority ended the procedure; `level`: which of them."""

    type: ClassVar[str] = "application.terminated"
    level: str = "township"


@dataclass(frozen=True, kw_only=True)
class PromiseFoundBroken(ApplicationEvent):
    """What was promised in the place of a paper is not so; `promise_id`: which promise."""

    type: ClassVar[str] = "promise.found_broken"
    promise_id: UUID


@dataclass(frozen=True, kw_only=True)
class Entrusted(Event):
    """Somebody may apply for another person, who is told. `subject` is the entrustment."""

    type: ClassVar[str] = "entrustment.began"
    principal_id: UUID


@dataclass(frozen=True, kw_only=True)
class TaskEscalated(Event):
    """A step was not done in time. Not of those the applicant is told by message: the timeline says it."""

    type: ClassVar[str] = "task.escalated"
    step: str
    level: str


@dataclass(frozen=True, kw_only=True)
class AuthorisationWithdrawn(ApplicationEvent):
    type: ClassVar[str] = "application.authorisation_withdrawn"
    member_id: UUID
