"""Reads of this stage; every read for a person starts at `visible_to`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, false, select

from app.applications.conflict_queries import refuse_relative
from app.applications.models import Application
from app.applications.queries import FILE_READERS
from app.core.db import ReadSession
from app.identity.actors import Actor, Role
from app.letters.errors import LetterNotFound
from app.letters.kinds import Kind, Occasion
from app.letters.models import Letter
from app.reference.divisions import scope_of
from app.verification.dispute_models import ReportDispute
from app.verification.dispute_queries import waits_for_agency


def visible_to(actor: Actor) -> Select[Letter]:
    """Select the letters this actor may see: citizens those written to them, who acts for one those of what was made
    under the entrustment, who reads files those below them."""
    query = select(Letter)
    if actor.role is Role.APPLICANT:
        own = query.where(Letter.citizen_id == actor.id)
        if actor.entrustment is None:
            return own
        made = select(Application.id).where(Application.entrustment_id == actor.entrustment)
        return own.where(Letter.application_id.in_(made))
    if actor.role in FILE_READERS and actor.division is not None:
        return query.where(Letter.division.between(*scope_of(actor.division)))
    return query.where(false())


async def get_letter(db: ReadSession, actor: Actor, letter_id: UUID) -> Letter:
    """Return one letter.

    Raises:
        LetterNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it went to a close relative of the member of staff who asks.
    """
    found = (await db.execute(visible_to(actor).where(Letter.id == letter_id))).scalar_one_or_none()
    if found is None:
        raise LetterNotFound
    await refuse_relative(db, actor, found.application_id)
    return found


async def list_letters(db: ReadSession, actor: Actor, application_id: UUID) -> Sequence[Letter]:
    """Return the letters of a case, oldest first: a handful."""
    query = visible_to(actor).where(Letter.application_id == application_id).order_by(Letter.id)
    return (await db.execute(query)).scalars().all()


async def find_letter(db: ReadSession, occasion: Occasion) -> Letter | None:
    """Return the letter that was written for an occasion."""
    query = select(Letter).where(
        Letter.application_id == occasion.application_id,
        Letter.kind == occasion.kind,
        Letter.cause_id == occasion.cause,
    )
    return (await db.execute(query)).scalar_one_or_none()


async def find_by_number(db: ReadSession, number: str) -> Letter | None:
    """Return the letter that has a number."""
    return (await db.execute(select(Letter).where(Letter.number == number))).scalar_one_or_none()


async def list_unwritten(
    db: ReadSession, before: datetime, *, after: UUID | None, limit: int
) -> Sequence[ReportDispute]:
    """Return what was disputed before a moment, waits for its agency, and of which no letter was written, by id."""
    written = exists().where(
        Letter.application_id == ReportDispute.application_id,
        Letter.kind == Kind.CORRECTION,
        Letter.cause_id == ReportDispute.id,
    )
    query = select(ReportDispute).where(waits_for_agency(), ReportDispute.raised_at < before, ~written)
    if after is not None:
        query = query.where(ReportDispute.id > after)
    return (await db.execute(query.order_by(ReportDispute.id).limit(limit))).scalars().all()
