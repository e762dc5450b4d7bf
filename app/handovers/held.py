"""What hand-overs hold about a citizen: where to, why, and what the other county was told of the household."""

from app.core.held import Holding
from app.handovers.models import Handover

_STAFF = frozenset({"proposed_by", "released_by", "accepted_by", "confirmed_by", "ended_by"})

HELD = (
    Holding(
        Handover,
        lambda who: Handover.award_id.in_(who.awards),
        without=frozenset({"county", "division", "beneficiary_id", "version"}) | _STAFF,
    ),
)
