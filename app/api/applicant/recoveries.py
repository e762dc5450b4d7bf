"""What is to come back of my award: what for, by which law, until when, and what came back."""

from uuid import UUID

from fastapi import Request

from app.api.common.callers import Applicant
from app.api.common.deps import ReadDb
from app.api.common.explanations import language_of
from app.api.common.problems import problems, wants_english
from app.api.common.recoveries import RecoveriesOut, shape_recoveries
from app.api.common.routing import Router
from app.awards.errors import AwardNotFound
from app.awards.queries import get_award
from app.identity.errors import TokenRejected

router = Router(prefix="/v1/awards/{award_id}/recoveries", tags=["applicant"])


@router.get(
    "",
    operation_id="list_my_recoveries",
    summary="See what is to come back of my award",
    responses=problems(TokenRejected, AwardNotFound),
)
async def list_mine(award_id: UUID, actor: Applicant, db: ReadDb, request: Request) -> RecoveriesOut:
    """By month, with the reason, the law, the instalments, what may be done against it, and what came back. Nothing is
    ever kept back from the allowance."""
    award = await get_award(db, actor, award_id)
    language = language_of(english=wants_english(request))
    return RecoveriesOut(items=await shape_recoveries(db, award.id, language))
