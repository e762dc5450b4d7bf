"""The use cases of this stage, one module each group."""

from app.notices.commands.following import Followed, Stage, look_up_objection
from app.notices.commands.objecting import Receipt, object_to_notice
from app.notices.commands.posting import post_award, post_opinion, post_taken_over
from app.notices.commands.taking_down import end_notice, limit_award, take_down, take_down_award

__all__ = [
    "Followed",
    "Receipt",
    "Stage",
    "end_notice",
    "limit_award",
    "look_up_objection",
    "object_to_notice",
    "post_award",
    "post_opinion",
    "post_taken_over",
    "take_down",
    "take_down_award",
]
