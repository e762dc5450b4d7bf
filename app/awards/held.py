"""What awards hold about a citizen: what he is entitled to, and what he said when he was heard."""

from app.awards.models import Award, Hearing
from app.core.held import Holding

HELD = (
    Holding(
        Award,
        lambda who: Award.beneficiary_id == who.citizen,
        without=frozenset({"county", "beneficiary_id", "version"}),
        most=50,
    ),
    Holding(
        Hearing,
        lambda who: Hearing.award_id.in_(who.awards),
        without=frozenset({"county", "heard_by"}),
    ),
)
