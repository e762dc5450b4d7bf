"""What this stage tells the others. `subject` is the application; ids only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.applications.events import ApplicationEvent


@dataclass(frozen=True, kw_only=True)
class VerificationCompleted(ApplicationEvent):
    """Nothing is open any more and a report was issued. Told again when a later answer gives a new report."""

    type: ClassVar[str] = "verification.completed"
    report_id: UUID
