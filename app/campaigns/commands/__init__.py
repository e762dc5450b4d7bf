"""The use cases of this stage, one module each group."""

from app.campaigns.commands.bookkeeping import leave_out, leave_out_next, take_up_next
from app.campaigns.commands.listing import OPEN_CAMPAIGN, open_next
from app.campaigns.commands.planning import (
    Plan,
    approve_campaign,
    end_campaign,
    finish_campaign,
    pause_campaign,
    plan_campaign,
    resume_campaign,
)
from app.campaigns.commands.releasing import release_next
from app.campaigns.commands.settling import settle_household, show_review

__all__ = [
    "OPEN_CAMPAIGN",
    "Plan",
    "approve_campaign",
    "end_campaign",
    "finish_campaign",
    "leave_out",
    "leave_out_next",
    "open_next",
    "pause_campaign",
    "plan_campaign",
    "release_next",
    "resume_campaign",
    "settle_household",
    "show_review",
    "take_up_next",
]
