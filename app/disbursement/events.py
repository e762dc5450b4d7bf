"""What this stage tells the others; ids and codes only.

Of a payroll `subject` is the payroll; of a payment the award it was made on.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.awards.events import AwardEvent
from app.events.base import Event


@dataclass(frozen=True, kw_only=True)
class PayrollReleased(Event):
    type: ClassVar[str] = "payroll.released"


@dataclass(frozen=True, kw_only=True)
class PayrollClosed(Event):
    type: ClassVar[str] = "payroll.closed"


@dataclass(frozen=True, kw_only=True)
class PaymentMade(AwardEvent):
    """The bank has paid one month."""

    type: ClassVar[str] = "payment.made"
    line_id: UUID
    month: str


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(AwardEvent):
    """The bank could not pay; `failure` says who can mend it. The money stays owed."""

    type: ClassVar[str] = "payment.failed"
    line_id: UUID
    month: str
    failure: str
