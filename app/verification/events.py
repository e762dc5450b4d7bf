"""What this stage tells the others. `subject` is the application; ids only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.applications.events import ApplicationEvent
from app.events.base import Event


@dataclass(frozen=True, kw_only=True)
class VerificationCompleted(ApplicationEvent):
    """Nothing is open any more and a report was issued. Told again when a later answer gives a new report."""

    type: ClassVar[str] = "verification.completed"
    report_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportDisputed(ApplicationEvent):
    """A field of the report is disputed, and its agency is asked for a correction. `applicant_id`: who disputes it."""

    type: ClassVar[str] = "report.disputed"
    dispute_id: UUID


@dataclass(frozen=True, kw_only=True)
class DisputeAnswered(ApplicationEvent):
    """The dispute has its answer: `outcome` is corrected or upheld. `applicant_id`: who disputed it."""

    type: ClassVar[str] = "report.dispute_answered"
    dispute_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class DisputeLapsed(ApplicationEvent):
    """Nobody is asked about what was disputed any more; `ground` says why. `applicant_id`: who disputed it."""

    type: ClassVar[str] = "report.dispute_lapsed"
    dispute_id: UUID
    ground: str


@dataclass(frozen=True, kw_only=True)
class AgencyFellSilent(Event):
    """An agency has given a county nothing usable for longer than it should. `subject` is the outage."""

    type: ClassVar[str] = "agency.fell_silent"
    partner: str


@dataclass(frozen=True, kw_only=True)
class AgencyAnswersAgain(Event):
    """An agency that was silent is not any more. `subject` is the outage."""

    type: ClassVar[str] = "agency.answers_again"
    partner: str
