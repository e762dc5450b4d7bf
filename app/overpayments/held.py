"""What recoveries hold about a citizen: what is claimed of him, what he said to it, and what came back."""

from app.core.held import Holding
from app.overpayments.models import Recovery, RecoveryMonth, Repayment
from app.overpayments.queries import recoveries_of

_STAFF = frozenset({"proposed_by", "heard_by", "decided_by", "write_off_proposed_by", "written_off_by"})

HELD = (
    Holding(
        Recovery,
        lambda who: Recovery.award_id.in_(who.awards),
        without=frozenset({"county", "division"}) | _STAFF,
    ),
    Holding(
        RecoveryMonth,
        lambda who: RecoveryMonth.award_id.in_(who.awards),
        without=frozenset({"county", "division", "live"}),
        most=500,
    ),
    Holding(
        Repayment,
        lambda who: Repayment.recovery_id.in_(recoveries_of(who.awards)),
        without=frozenset({"county", "division", "recorded_by"}),
        most=500,
    ),
)
