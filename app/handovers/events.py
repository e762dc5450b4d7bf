"""What this stage tells the others. `subject` is the award of the county that paid first; ids and codes only.

What is only proposed is told to nobody: another person of the county looks at it first.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.awards.events import AwardEvent


@dataclass(frozen=True, kw_only=True)
class HandoverReleased(AwardEvent):
    """The county that pays asks another to go on; `to_division`: which township there."""

    type: ClassVar[str] = "handover.released"
    handover_id: UUID
    to_division: str
    ground: str


@dataclass(frozen=True, kw_only=True)
class HandoverDeclined(AwardEvent):
    """The other county does not go on; the first one pays as ever."""

    type: ClassVar[str] = "handover.declined"
    handover_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class HandoverWithdrawn(AwardEvent):
    """The county that pays took back what it had released."""

    type: ClassVar[str] = "handover.withdrawn"
    handover_id: UUID


@dataclass(frozen=True, kw_only=True)
class HandoverCompleted(AwardEvent):
    """The other county goes on (`new_award_id`); `last_month`: the last one that the first county pays."""

    type: ClassVar[str] = "handover.completed"
    handover_id: UUID
    new_award_id: UUID
    to_division: str
    last_month: str
