"""What disbursement holds about a citizen: each payment, why one was held up, and what became of it."""

from app.core.held import Holding
from app.disbursement.models import LineSettlement, PayExclusion, PayLine
from app.disbursement.queries import lines_to

HELD = (
    Holding(
        PayLine,
        lambda who: PayLine.beneficiary_id == who.citizen,
        without=frozenset({"county", "beneficiary_id"}),
        most=500,
    ),
    Holding(
        LineSettlement,
        lambda who: LineSettlement.line_id.in_(lines_to(who.citizen)),
        without=frozenset({"county", "settled_by"}),
    ),
    Holding(PayExclusion, lambda who: PayExclusion.award_id.in_(who.awards), without=frozenset({"county"})),
)
