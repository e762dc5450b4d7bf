"""What this stage tells the others. Nothing here leads to who complained, not even an id."""

from dataclasses import dataclass
from typing import ClassVar

from app.events.base import Event


@dataclass(frozen=True, kw_only=True)
class ComplaintReceived(Event):
    type: ClassVar[str] = "complaint.received"
    category: str


@dataclass(frozen=True, kw_only=True)
class ComplaintAnswered(Event):
    """It was answered, upheld or dismissed: `outcome` is its last status."""

    type: ClassVar[str] = "complaint.answered"
    outcome: str
