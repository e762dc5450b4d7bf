"""Taking up how the checks of campaigns ended, and leaving out what is not to be asked any more."""

from uuid import UUID

from app.campaigns.lifecycle import QuestionStatus, SkipReason
from app.campaigns.queries.books import (
    Ended,
    Moves,
    find_flagged,
    leave_out_household,
    leave_out_rest,
    set_statuses,
    take_ended,
)
from app.campaigns.queries.reading import get_campaign
from app.core.db import WriteSession
from app.identity.actors import SYSTEM
from app.verification.lifecycle import Status as CheckStatus

AT_ONCE = 1_000
REST_AT_ONCE = 5_000


async def take_up_next(db: WriteSession) -> int:
    """Take up how the next checks ended, of one campaign; returns how many. An agency may answer after it was given up:
    then the household is looked at anew."""
    campaign_id = await find_flagged(db)
    if campaign_id is None:
        return 0
    await get_campaign(db, SYSTEM, campaign_id, lock=True)
    ended, moves, changed = await take_ended(db, campaign_id, AT_ONCE), Moves(), {}
    for each in ended:
        before, (status, reason) = QuestionStatus(each.before), _came_to(each)
        if before is not status:
            changed[each.id] = (status.value, reason)
            moves.add(each.lane, each.household, before, status)
    await set_statuses(db, changed)
    await moves.write(db, served_at=None, with_step=False)
    return len(ended)


def _came_to(each: Ended) -> tuple[QuestionStatus, str | None]:
    """Say what a question came to. Silence is no record of nothing."""
    match each.status:
        case CheckStatus.ANSWERED:
            return (QuestionStatus.ANSWERED if each.outcome == "hit" else QuestionStatus.NONE), None
        case CheckStatus.CANCELLED:
            withdrawn = SkipReason.AUTHORISATION_WITHDRAWN if each.withdrawn else SkipReason.AWARD_ENDED
            return QuestionStatus.SKIPPED, withdrawn.value
        case CheckStatus.UNAVAILABLE:
            return QuestionStatus.UNAVAILABLE, None
    return QuestionStatus.ASKED, None


async def leave_out_next(db: WriteSession, campaign_id: UUID) -> int:
    """Leave out the next questions of a campaign that was ended; returns how many."""
    await get_campaign(db, SYSTEM, campaign_id, lock=True)
    moves, left_out = Moves(), await leave_out_rest(db, campaign_id, REST_AT_ONCE)
    for lane, household in left_out:
        moves.add(lane, household, QuestionStatus.TO_ASK, QuestionStatus.SKIPPED)
    await moves.write(db, served_at=None, with_step=False)
    return len(left_out)


async def leave_out(db: WriteSession, campaign_id: UUID, application_id: UUID, reason: SkipReason) -> int:
    """Leave out what a campaign has not asked about one household yet; returns how many questions.

    Raises:
        CampaignNotFound: there is none.
    """
    await get_campaign(db, SYSTEM, campaign_id, lock=True)
    moves, left_out = Moves(), await leave_out_household(db, campaign_id, application_id, reason.value)
    for lane, household in left_out:
        moves.add(lane, household, QuestionStatus.TO_ASK, QuestionStatus.SKIPPED)
    await moves.write(db, served_at=None, with_step=False)
    return len(left_out)
