"""What this stage holds about a citizen: that his case is held against erasure. Why is between the authorities."""

from app.core.held import Holding
from app.retention.models import LegalHold

HELD = (
    Holding(
        LegalHold,
        lambda who: LegalHold.application_id.in_(who.cases),
        without=frozenset({"county", "reason_sealed", "lifted_reason_sealed", "placed_by", "lifted_by"}),
        withheld=("reason", "lifted_reason"),
    ),
)
