"""What this stage tells the others. `subject` is the award; ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.awards.events import AwardEvent


@dataclass(frozen=True, kw_only=True)
class RecoveryProposed(AwardEvent):
    """The county considers to have money back; the household is to be heard before anybody decides."""

    type: ClassVar[str] = "recovery.proposed"
    recovery_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecoveryOrdered(AwardEvent):
    """The county decided that money is to come back."""

    type: ClassVar[str] = "recovery.ordered"
    recovery_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecoveryCorrected(AwardEvent):
    """The bank took back itself what was claimed, or a part: that is asked of the household no more."""

    type: ClassVar[str] = "recovery.corrected"
    recovery_id: UUID
    line_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecoveryEnded(AwardEvent):
    """Nothing is to come back any more; `outcome`: repaid, written_off or dropped."""

    type: ClassVar[str] = "recovery.ended"
    recovery_id: UUID
    outcome: str
