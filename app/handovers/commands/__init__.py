"""What may be done to a hand-over, in the two counties."""

from app.handovers.commands.ending import decline_handover, withdraw_handover, withdraw_with_award
from app.handovers.commands.releasing import Move, propose_handover, release_handover
from app.handovers.commands.taking_over import accept_handover, confirm_handover

__all__ = [
    "Move",
    "accept_handover",
    "confirm_handover",
    "decline_handover",
    "propose_handover",
    "release_handover",
    "withdraw_handover",
    "withdraw_with_award",
]
