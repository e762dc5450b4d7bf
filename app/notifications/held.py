"""What notifications hold about a citizen: which messages were sent when. Their words are those of the template."""

from app.core.held import Holding
from app.notifications.models import Message

HELD = (
    Holding(
        Message,
        lambda who: Message.citizen_id == who.citizen,
        without=frozenset({"county", "citizen_id", "attempts", "next_attempt_at", "queued_until"}),
        since="created_at",
    ),
)
