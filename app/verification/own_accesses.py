"""Who looked at a citizen's data, and what agencies were asked: also where another's case names her as a member, and
before she had an account. She is found there by the number and name that she proved."""

from collections.abc import Sequence
from uuid import UUID

from app.applications.authorisation_queries import list_memberships
from app.applications.household import name_of
from app.applications.proving import proved_identity
from app.audit.models import AuditRecord
from app.audit.queries import AlsoAbout, list_looks_at
from app.core.db import ReadSession
from app.identity.actors import Actor
from app.identity.errors import RealNameRequired
from app.verification.queries import list_checks_about


async def list_own_accesses(
    db: ReadSession, actor: Actor, *, after: UUID | None, limit: int
) -> Sequence[tuple[AuditRecord, int | None]]:
    """Return a page of who looked, and who was asked, newest first, each with its place in the tree if it has one."""
    return await list_looks_at(db, actor, await _found_by_number(db, actor), after=after, limit=limit)


async def _found_by_number(db: ReadSession, actor: Actor) -> AlsoAbout:
    if actor.entrustment is not None:
        return AlsoAbout()
    try:
        name, index = await proved_identity(db, actor)
    except RealNameRequired:
        return AlsoAbout()
    async with db.wider():  # she is listed in another's household
        listed = [
            (person, application)
            for person, application in await list_memberships(db, index)
            if application.applicant_id != actor.id and name_of(db, person) == name
        ]
        cases, people = [application.id for _, application in listed], [person.id for person, _ in listed]
        checks = await list_checks_about(db, cases, people)
    households = {application.id for person, application in listed if person.supporter_ref is None}
    return AlsoAbout(checks, households)
