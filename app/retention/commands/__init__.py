"""Use cases of this stage."""

from app.retention.commands.holds import lift_hold, place_hold
from app.retention.commands.requests import erase_account, erase_drafts

__all__ = ["erase_account", "erase_drafts", "lift_hold", "place_hold"]
