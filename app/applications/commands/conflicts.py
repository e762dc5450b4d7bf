"""Registering a case of a close relative separately, and withdrawing what was registered without ground.

Whoever writes here holds the application's row. `relative_of_staff` on it says whether any registration stands: what
the review reads when it begins. What the county owes then is the review's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.applications.claim_queries import list_claims
from app.applications.claims import member_kind_of
from app.applications.conflict_queries import get_conflict, list_cases_of, list_conflicts_of
from app.applications.edits import touch
from app.applications.errors import (
    ConflictAlreadyRegistered,
    ConflictAlreadyWithdrawn,
    MatterEnded,
    MemberNotFound,
)
from app.applications.household import answers_of
from app.applications.models import Application, ConflictRegistration, Member
from app.applications.queries import get_application
from app.applications.supporter_queries import list_people, list_supporters
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.identity.actors import SYSTEM, Actor, Role
from app.identity.queries import get_staff
from app.programs.registry import PROGRAMS
from app.reference.divisions import covers
from app.relatives.kinship import Kinship, PersonKind
from app.relatives.queries import Match, get_committee_member, is_anyone_declared, list_matches

_BY_HAND = frozenset({Role.COUNTY_HANDLER, Role.SUPERVISOR})


class Found(StrEnum):
    """How it came out."""

    DECLARED = "declared"  # by the member of staff or for the committee member, before the case
    DECLARED_LATER = "declared_later"  # while the case was open or the award in force
    HOUSEHOLD = "household"  # the household said so when it handed in
    ACCEPTANCE = "acceptance"  # the township said so when it accepted, and named nobody
    BY_HAND = "by_hand"  # entered by the county or a supervisor


@dataclass(frozen=True)
class SelfDeclared:
    """What a household says of itself: which member is whose relative, in its own words."""

    member_id: UUID
    relation: Kinship
    who: str


@dataclass(frozen=True)
class Person:
    """Somebody on the staff or on a committee."""

    kind: PersonKind
    id: UUID


async def register_matches(db: WriteSession, application: Application, *, found: Found) -> None:
    """Register every member whom staff or a committee member of this place declared, and every supporter outside the
    household who is named; `application`: the whole of it."""
    people = list(application.members)
    if answers_of(db, application).get("supporters"):  # else nobody can be named
        people += await list_supporters(db, application.id)
    members = {member.id_number_index: member for member in people}
    if not await is_anyone_declared(db, members):
        return
    async with db.wider():  # neither the household nor the township reads what others declared
        for match in await list_matches(db, members):
            if _is_of_this_place(match, application):
                await _register_match(db, application, members[match.relative.id_number_index], match, found)


async def register_declared_later(db: WriteSession, application_id: UUID, match: Match) -> Application | None:
    """Register one declaration for one case; returns the case, locked, if that is new."""
    application = await get_application(db, SYSTEM, application_id, lock=True)
    members = {person.id_number_index: person for person in await list_people(db, application.id)}
    member = members.get(match.relative.id_number_index)
    if member is None or not _is_of_this_place(match, application):
        return None
    new = await _register_match(db, application, member, match, Found.DECLARED_LATER)
    return application if new else None


async def find_cases_of(db: WriteSession, match: Match) -> Sequence[UUID]:
    """Return the open cases and awards in force of the person that was declared, in the order to lock them in."""
    return await list_cases_of(db, match.relative.id_number_index, [member_kind_of(program) for program in PROGRAMS])


async def register_self_declared(db: WriteSession, application: Application, said: Sequence[SelfDeclared]) -> None:
    """Register what the household said; the same again, after a supplement, changes nothing.

    Raises:
        MemberNotFound: it names somebody who is no member.
    """
    if not said:
        return
    async with db.wider():  # the register is the county's, not the household's
        await _register_said(db, application, said)


async def _register_said(db: WriteSession, application: Application, said: Sequence[SelfDeclared]) -> None:
    members = {member.id for member in application.members}
    known = {(row.member_id, row.relation) for row in await list_conflicts_of(db, application.id)}
    for each in said:
        if each.member_id not in members:
            raise MemberNotFound
        if (each.member_id, each.relation) in known:
            continue
        row = _row(db, application, Found.HOUSEHOLD, Actor(application.applicant_id, Role.APPLICANT))
        row.member_id, row.relation = each.member_id, each.relation
        row.who_sealed = db.vault.seal("conflict_registrations.who", row.id, each.who, division=row.county)
        await _keep(db, SYSTEM, application, row)


async def register_at_acceptance(db: WriteSession, actor: Actor, application: Application) -> None:
    """Register that the township knows of a relative, where no registration says so yet."""
    if not await _any_standing(db, application):
        await _keep(db, actor, application, _row(db, application, Found.ACCEPTANCE, actor))


async def register_by_hand(
    db: WriteSession, actor: Actor, application_id: UUID, *, member_id: UUID, person: Person, relation: Kinship
) -> tuple[Application, ConflictRegistration]:
    """Register a relation that came out otherwise: by a complaint, or because the household's words can be named.

    Raises:
        ApplicationNotFound, ConflictOfInterest: there is none, or it is not the actor's to see.
        RoleNotAllowed: this is the county handler's and the supervisor's.
        MatterEnded: nothing is open and no award in force.
        MemberNotFound: not a member of this household, nor a supporter whom it named.
        StaffNotFound, CommitteeMemberNotFound: there is no such person.
        ConflictAlreadyRegistered: it is on the register.
    """
    application = await get_application(db, actor, application_id, lock=True)
    if actor.role not in _BY_HAND:
        raise RoleNotAllowed
    if not await list_claims(db, application.id):
        raise MatterEnded
    if member_id not in {person.id for person in await list_people(db, application.id)}:
        raise MemberNotFound
    await _require_person(db, actor, person)
    if await _is_known(db, application, member_id, person.id):
        raise ConflictAlreadyRegistered
    row = _row(db, application, Found.BY_HAND, actor)
    row.member_id, row.relation = member_id, relation
    row.person_kind, row.person_id = person.kind, person.id
    await _keep(db, actor, application, row)
    return application, row


async def withdraw_conflict(
    db: WriteSession, actor: Actor, conflict_id: UUID, *, reason: str
) -> tuple[Application, ConflictRegistration]:
    """Withdraw a registration as unfounded; the person may see to the case again.

    Raises:
        ConflictNotFound, ApplicationNotFound, ConflictOfInterest: there is none, or it is not the actor's to see.
        RoleNotAllowed: this is the supervisor's.
        ConflictAlreadyWithdrawn: it was withdrawn before.
    """
    application_id = (await get_conflict(db, actor, conflict_id)).application_id
    application = await get_application(db, actor, application_id, lock=True)
    if actor.role is not Role.SUPERVISOR:
        raise RoleNotAllowed
    row = await get_conflict(db, actor, conflict_id)  # as it is now that the case is held
    if row.withdrawn_at is not None:
        raise ConflictAlreadyWithdrawn
    row.withdrawn_by, row.withdrawn_at = actor.id, db.clock.now()
    row.withdrawn_reason_sealed = db.vault.seal(
        "conflict_registrations.withdrawn_reason", row.id, reason, division=row.county
    )
    await db.flush()
    application.relative_of_staff = await _any_standing(db, application)
    await touch(db, application)
    await record_act(
        db,
        actor,
        "conflict.withdraw",
        "application",
        application.id,
        row=row,
        case=application.case,
        conflict=str(row.id),
    )
    return application, row


def _is_of_this_place(match: Match, application: Application) -> bool:
    """Say whether the declarer works where the case is, or above: elsewhere he has no hand in it."""
    return match.division[:6] == application.county or covers(match.division, application.division)


async def _register_match(
    db: WriteSession, application: Application, member: Member, match: Match, found: Found
) -> bool:
    relative = match.relative
    if await _is_known(db, application, member.id, relative.person_id):
        return False
    row = _row(db, application, found, SYSTEM)
    row.member_id, row.relation = member.id, relative.relation
    row.person_kind, row.person_id = relative.person_kind, relative.person_id
    await _keep(db, SYSTEM, application, row)
    return True


async def _require_person(db: WriteSession, actor: Actor, person: Person) -> None:
    if person.kind is PersonKind.STAFF:
        await get_staff(db, person.id)
    else:
        await get_committee_member(db, actor, person.id)


async def _is_known(db: WriteSession, application: Application, member_id: UUID, person_id: UUID) -> bool:
    rows = await list_conflicts_of(db, application.id)
    return any((row.member_id, row.person_id) == (member_id, person_id) for row in rows)


async def _any_standing(db: WriteSession, application: Application) -> bool:
    return any(row.withdrawn_at is None for row in await list_conflicts_of(db, application.id))


def _row(db: WriteSession, application: Application, found: Found, by: Actor) -> ConflictRegistration:
    return ConflictRegistration(
        id=new_id(),
        county=application.county,
        division=application.division,
        application_id=application.id,
        found=found,
        registered_by=by.id,
        registered_at=db.clock.now(),
    )


async def _keep(db: WriteSession, actor: Actor, application: Application, row: ConflictRegistration) -> None:
    db.add(row)
    application.relative_of_staff = True
    await touch(db, application)
    await record_act(
        db,
        actor,
        "conflict.register",
        "application",
        application.id,
        row=row,
        case=application.case,
        conflict=str(row.id),
        found=row.found,
    )
