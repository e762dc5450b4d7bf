"""What this stage tells the others. `subject` is the award; ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.events.base import Event


@dataclass(frozen=True, kw_only=True)
class AwardEvent(Event):
    """Common to all: whose award it is, for messages, and of which application."""

    type: ClassVar[str] = "award.any"
    applicant_id: UUID
    application_id: UUID


@dataclass(frozen=True, kw_only=True)
class AwardOpened(AwardEvent):
    type: ClassVar[str] = "award.opened"


@dataclass(frozen=True, kw_only=True)
class RecipientHeard(AwardEvent):
    type: ClassVar[str] = "award.recipient_heard"


@dataclass(frozen=True, kw_only=True)
class AwardSuspended(AwardEvent):
    type: ClassVar[str] = "award.suspended"
    reason: str


@dataclass(frozen=True, kw_only=True)
class AwardResumed(AwardEvent):
    type: ClassVar[str] = "award.resumed"


@dataclass(frozen=True, kw_only=True)
class AwardStopped(AwardEvent):
    type: ClassVar[str] = "award.stopped"
    ground: str
    last_month: str
