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
class AwardTakenOver(AwardEvent):
    """An award that goes on with another county's (`from_award_id`), from a month on."""

    type: ClassVar[str] = "award.taken_over"
    from_award_id: UUID
    handover_id: UUID
    from_month: str


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


@dataclass(frozen=True, kw_only=True)
class AwardRaised(AwardEvent):
    """A changed standard or parameter gives more, from a month on that may have been paid already."""

    type: ClassVar[str] = "award.raised"
    change_id: UUID
    from_month: str


@dataclass(frozen=True, kw_only=True)
class ReductionProposed(AwardEvent):
    """The county considers a lower amount; the recipient is to be heard before anybody decides."""

    type: ClassVar[str] = "award.reduction_proposed"
    ground: str


@dataclass(frozen=True, kw_only=True)
class AwardReduced(AwardEvent):
    """The county decided on a lower amount; `adjustment_id`: which decision."""

    type: ClassVar[str] = "award.reduced"
    adjustment_id: UUID
    ground: str
    from_month: str


@dataclass(frozen=True, kw_only=True)
class AwardIncreased(AwardEvent):
    """The county decided on a higher amount; `adjustment_id`: which decision."""

    type: ClassVar[str] = "award.increased"
    adjustment_id: UUID
    ground: str
    from_month: str


@dataclass(frozen=True, kw_only=True)
class AwardsRecomputed(Event):
    """All awards of a county were worked out anew; `subject` is the change."""

    type: ClassVar[str] = "awards.recomputed"
    raised: int
    unchanged: int
    to_be_heard: int
    no_longer_entitled: int
    needs_person: int
