"""What has to be settled by the county that pays, before another one can go on with an award.

Money that is to come back is no such thing: it stays with the county that paid it, as do complaints and what is asked
to be put right.
"""

from app.applications.clocks import StepKind
from app.applications.models import Application
from app.applications.queries import list_open_steps
from app.awards.adjusting_queries import find_proposed
from app.awards.finding_queries import has_open_finding
from app.awards.lifecycle import Status as AwardStatus
from app.awards.models import Award
from app.awards.recomputing_queries import find_open
from app.core.db import ReadSession
from app.handovers.errors import HandoverBlocked
from app.handovers.lifecycle import Blocked
from app.verification.waiting import find_awaited

# These are over with the hand-over, or go on beside it.
_FREE = frozenset(
    {
        StepKind.FIRST_PAYMENT,
        StepKind.PAYMENT,
        StepKind.REPAYMENT,
        StepKind.CORRECTION,
        StepKind.PERIODIC_REVIEW,
        StepKind.DECISION_NOTICE,
        StepKind.HAND_OVER,
    }
)
# These wait for an agency to correct something, and lapse with the hand-over: past its days nothing is held up by it.
_DISPUTED = frozenset({StepKind.REPORT_DISPUTE, StepKind.CORRECTION_LETTER})


async def refuse_blocked(db: ReadSession, award: Award, application: Application) -> None:
    """Refuse what cannot go over now.

    Raises:
        HandoverBlocked: its detail names why.
    """
    reasons = await _reasons(db, award, application)
    if reasons:
        raise HandoverBlocked("handover_blocked_by", reasons=tuple(reasons))


async def _reasons(db: ReadSession, award: Award, application: Application) -> list[Blocked]:
    found = []
    if award.status != AwardStatus.ACTIVE:
        found.append(Blocked.NOT_IN_FORCE)
    if await find_proposed(db, award.id) is not None:
        found.append(Blocked.ADJUSTMENT_PROPOSED)
    if await find_open(db, award.id) is not None or await has_open_finding(db, award.id):
        found.append(Blocked.UNDER_REVIEW)
    if await _is_busy(db, application):
        found.append(Blocked.OPEN_STEP)
    return found


async def _is_busy(db: ReadSession, application: Application) -> bool:
    steps = {step.kind for step in await list_open_steps(db, application.id)} - _FREE
    if steps - _DISPUTED:
        return True
    return bool(steps) and await find_awaited(db, application) is not None
