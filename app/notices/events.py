"""What this stage tells the others. `subject` is the application; ids and dates only."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.applications.events import ApplicationEvent


@dataclass(frozen=True, kw_only=True)
class NoticePosted(ApplicationEvent):
    """A notice is up; `ends_on` is its last day, None for an award."""

    type: ClassVar[str] = "notice.posted"
    notice_id: UUID
    kind: str
    ends_on: date | None


@dataclass(frozen=True, kw_only=True)
class NoticeEnded(ApplicationEvent):
    """The seven days are over and nobody objected."""

    type: ClassVar[str] = "notice.ended"
    notice_id: UUID


@dataclass(frozen=True, kw_only=True)
class NoticeObjected(ApplicationEvent):
    """Somebody objected."""

    type: ClassVar[str] = "notice.objected"
    notice_id: UUID
    objection_id: UUID
