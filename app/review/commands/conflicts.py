"""What a separate registration means between acceptance and decision: the county owes a home visit (D57 art. 20).

Registering and withdrawing are the applications' own; these commands add the review's side of it.
"""

from uuid import UUID

from app.applications import commands as applications
from app.applications.commands.conflicts import Person
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application, ConflictRegistration
from app.core.db import WriteSession
from app.identity.actors import SYSTEM, Actor
from app.relatives.kinship import Kinship
from app.relatives.queries import find_match
from app.review.commands.county import require_visit
from app.review.commands.opening import RELATIVE, lock_review
from app.review.lifecycle import OPEN
from app.review.queries import find_review


async def register_relative(db: WriteSession, relative_id: UUID) -> None:
    """Register the open cases and awards in force of somebody who was declared; a second time changes nothing."""
    match = await find_match(db, relative_id)
    if match is None:  # ended meanwhile, or the declarer left office
        return
    for application_id in await applications.find_cases_of(db, match):
        application = await applications.register_declared_later(db, application_id, match)
        if application is not None:
            await _oblige_county(db, application)


async def register_conflict(
    db: WriteSession, actor: Actor, application_id: UUID, *, member_id: UUID, person: Person, relation: Kinship
) -> ConflictRegistration:
    """Register a case by hand; while it is open, the county has to visit.

    Raises:
        ApplicationNotFound, ConflictOfInterest, RoleNotAllowed, MatterEnded, MemberNotFound,
        StaffNotFound, CommitteeMemberNotFound, ConflictAlreadyRegistered: as `register_by_hand` says.
    """
    application, row = await applications.register_by_hand(
        db, actor, application_id, member_id=member_id, person=person, relation=relation
    )
    await _oblige_county(db, application)
    return row


async def withdraw_conflict(db: WriteSession, actor: Actor, conflict_id: UUID, *, reason: str) -> ConflictRegistration:
    """Withdraw a registration as unfounded; where no other ground stands, the county owes no visit any more.

    Raises:
        ConflictNotFound, ApplicationNotFound, ConflictOfInterest, RoleNotAllowed, ConflictAlreadyWithdrawn: as the
        applications' `withdraw_conflict` says.
    """
    application, row = await applications.withdraw_conflict(db, actor, conflict_id, reason=reason)
    review = await find_review(db, application.id)
    # A complaint that came meanwhile has put its own reason in this one's place.
    if (
        review
        and review.status in OPEN
        and review.county_visit_reason == RELATIVE
        and not application.relative_of_staff
    ):
        review.county_visit_required_at, review.county_visit_reason = None, None
        await db.flush()
    return row


async def _oblige_county(db: WriteSession, application: Application) -> None:
    if application.status == ApplicationStatus.ACCEPTED:
        _, review = await lock_review(db, SYSTEM, application.id)
        await require_visit(db, review, RELATIVE)
