"""What is told of endpoints. `subject` is the endpoint."""

from dataclasses import dataclass
from typing import ClassVar

from app.events.base import Event


@dataclass(frozen=True, kw_only=True)
class EndpointEnded(Event):
    """Nothing is sent to an endpoint any more, and nobody asked for it; `reason` says why. It hears of this itself."""

    type: ClassVar[str] = "webhook.endpoint_ended"
    reason: str
