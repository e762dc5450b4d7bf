"""What this stage tells the others. `subject` is the request; ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.events.base import Event


@dataclass(frozen=True, kw_only=True)
class CorrectionEvent(Event):
    """Common to all: whose request it is, for messages, and about which application."""

    type: ClassVar[str] = "correction.any"
    applicant_id: UUID
    application_id: UUID


@dataclass(frozen=True, kw_only=True)
class CorrectionRequested(CorrectionEvent):
    type: ClassVar[str] = "correction.requested"


@dataclass(frozen=True, kw_only=True)
class CorrectionDecided(CorrectionEvent):
    """It was accepted or refused: `outcome` is its last status."""

    type: ClassVar[str] = "correction.decided"
    outcome: str
