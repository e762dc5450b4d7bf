"""What corrections hold about a citizen: what he asked to have put right, and what was answered."""

from app.core.held import Holding
from app.corrections.models import CorrectionRequest

HELD = (
    Holding(
        CorrectionRequest,
        lambda who: CorrectionRequest.citizen_id == who.citizen,
        without=frozenset({"county", "citizen_id", "decided_by", "version"}),
    ),
)
