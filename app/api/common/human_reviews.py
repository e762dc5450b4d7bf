"""Requests for a person's assessment as both sides read them."""

from uuid import UUID

from app.api.common.free_words import Words
from app.api.common.schemas import Moment, Out
from app.core.db import ReadSession
from app.review.commands.human_reviews import answer_of, why_of
from app.review.models import HumanReview


class HumanReviewOut(Out):
    """Which assessment by the rules is not accepted, and why; answered by a person of a role, in words of his own."""

    id: UUID
    application_id: UUID
    assessment_id: UUID
    why: Words
    asked_at: Moment
    answered_at: Moment | None
    answered_by_role: str | None
    answer: Words | None

    @classmethod
    def of(cls, db: ReadSession, row: HumanReview) -> "HumanReviewOut":
        return cls(
            id=row.id,
            application_id=row.application_id,
            assessment_id=row.assessment_id,
            why=why_of(db, row),
            asked_at=row.asked_at,
            answered_at=row.answered_at,
            answered_by_role=row.answered_by_role,
            answer=answer_of(db, row),
        )
