"""What awards hold about a citizen: what he is entitled to, and what he said when he was heard."""

from app.awards.finding_models import AwardFinding
from app.awards.models import Award, AwardAdjustment, AwardAmount, Hearing, RecomputedAward
from app.core.held import Holding

HELD = (
    Holding(
        Award,
        lambda who: Award.beneficiary_id == who.citizen,
        without=frozenset({"county", "beneficiary_id", "version"}),
        most=50,
    ),
    Holding(
        AwardAmount,
        lambda who: AwardAmount.award_id.in_(who.awards),
        without=frozenset({"county", "division", "recorded_by"}),
    ),
    Holding(
        AwardAdjustment,
        lambda who: AwardAdjustment.award_id.in_(who.awards),
        without=frozenset({"county", "division", "proposed_by", "decided_by"}),
    ),
    Holding(
        RecomputedAward,
        lambda who: RecomputedAward.award_id.in_(who.awards),
        without=frozenset({"county", "division", "settled_by", "step_due"}),
    ),
    Holding(
        AwardFinding,
        lambda who: AwardFinding.award_id.in_(who.awards),
        without=frozenset({"county", "division", "settled_by", "digest", "content_sealed"}),
        withheld=(
            "content",
        ),  # it may speak of what was found about another adult; the reports say it, each to his own
    ),
    Holding(
        Hearing,
        lambda who: Hearing.award_id.in_(who.awards),
        without=frozenset({"county", "heard_by"}),
    ),
)
