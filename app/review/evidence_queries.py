"""Reads of evidence letters. Whoever asks has read the application, which says whether he may."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from app.applications.conflict_queries import refuse_relative
from app.core.db import ReadSession
from app.core.sql import written_out
from app.identity.actors import Actor
from app.review.errors import EvidenceLetterNotFound
from app.review.evidence_lifecycle import OPEN, Status
from app.review.evidence_models import EvidenceLetter
from app.review.models import Review
from app.review.queries import visible_to


async def list_evidence_letters(db: ReadSession, application_id: UUID) -> Sequence[EvidenceLetter]:
    """Return the evidence letters of a case, oldest first: a handful."""
    query = select(EvidenceLetter).where(EvidenceLetter.application_id == application_id).order_by(EvidenceLetter.id)
    return (await db.execute(query.execution_options(populate_existing=True))).scalars().all()


async def get_evidence_letter(db: ReadSession, application_id: UUID, letter_id: UUID) -> EvidenceLetter:
    """Return one of a case that the caller has read, or locked: freshly read.

    Raises:
        EvidenceLetterNotFound: there is none in this case.
    """
    query = select(EvidenceLetter).where(
        EvidenceLetter.id == letter_id, EvidenceLetter.application_id == application_id
    )
    found = (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if found is None:
        raise EvidenceLetterNotFound
    return found


async def get_visible_letter(db: ReadSession, actor: Actor, letter_id: UUID) -> EvidenceLetter:
    """Return one letter by its id alone.

    Raises:
        EvidenceLetterNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is in the case of a close relative of the member of staff who asks.
    """
    seen = visible_to(actor).with_only_columns(Review.id)
    query = select(EvidenceLetter).where(EvidenceLetter.id == letter_id, EvidenceLetter.review_id.in_(seen))
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise EvidenceLetterNotFound
    await refuse_relative(db, actor, found.application_id)
    return found


async def list_open_letters(
    db: ReadSession, application_id: UUID, *, about: UUID | None = None
) -> Sequence[EvidenceLetter]:
    """Return the letters of a locked case that wait for something, those about one member if one is given."""
    query = select(EvidenceLetter).where(
        EvidenceLetter.application_id == application_id, EvidenceLetter.status.in_(OPEN)
    )
    if about is not None:
        query = query.where(EvidenceLetter.member_id == about)
    query = query.order_by(EvidenceLetter.id).execution_options(populate_existing=True)
    return (await db.execute(query)).scalars().all()


async def has_letter(db: ReadSession, application_id: UUID, status: Status) -> bool:
    """Say whether a case has a letter in a state."""
    query = exists().where(EvidenceLetter.application_id == application_id, EvidenceLetter.status == status)
    return bool(await db.scalar(select(query)))


async def list_lapsed(db: ReadSession, before: date, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Return application and id of the letters whose last day for an answer has passed."""
    query = select(EvidenceLetter.application_id, EvidenceLetter.id)
    query = query.where(EvidenceLetter.status == written_out(Status.SENT), EvidenceLetter.answer_by < before)
    rows = await db.execute(query.order_by(EvidenceLetter.answer_by, EvidenceLetter.id).limit(limit))
    return [(row[0], row[1]) for row in rows.all()]
