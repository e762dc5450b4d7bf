"""The household: members put in and taken out while the application can be edited."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.applications.commands.drafts import FORGET_NEEDS
from app.applications.edits import Edit, touch
from app.applications.errors import MemberAlreadyInHousehold, MemberNotFound, VersionNotSaid
from app.applications.household import HUKOU, id_number_of, name_of
from app.applications.lifecycle import LIFECYCLE, Action
from app.applications.models import ONCE_IN_A_CASE, Application, Member
from app.applications.promise_queries import withdraw_promises_of
from app.applications.queries import find_member, get_application, get_whole_application
from app.core.clock import today
from app.core.db import WriteSession
from app.events.commands import enqueue
from app.identity.actors import Actor
from app.identity.masks import mask_id_number
from app.identity.numbers import read_id_number, read_name
from app.reference.divisions import parse_division
from app.reference.queries import require_place


@dataclass(frozen=True)
class MemberDetails:
    """A member as declared. `profile` holds the fields of `MemberFacts` beside ref, relation and birth_date,
    and `hukou_division`: where the person is registered, if not where the household applies."""

    relation: str
    name: str
    id_number: str
    profile: dict[str, Any] = field(default_factory=dict)


async def put_member(
    db: WriteSession, actor: Actor, application_id: UUID, member_id: UUID, details: MemberDetails, *, seen: int | None
) -> tuple[Application, Member]:
    """Add a member under an id the phone chose, or replace what was declared about it; the same again changes nothing.

    `seen`: the version of the application the phone last read; needed to change a member that is already there.
    Another person under the same id has to sign anew.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: it can no longer be edited.
        IdNumberMalformed, NameMalformed: the number or name is not one.
        MemberAlreadyInHousehold: another member, or a supporter outside, has this identity number.
        MemberNotFound: the id belongs to a member of another household.
        VersionNotSaid: the member is there, differs, and `seen` is not given.
        VersionNotGivenOut: the application never had version `seen`.
        EditedElsewhere: another device changed this member since.
        DivisionMalformed, DivisionUnknown: there is no place where the member is said to be registered.
    """
    await get_application(db, actor, application_id, lock=True)
    application = await get_whole_application(db, actor, application_id)
    LIFECYCLE.step(application.status, Action.EDIT, actor.role)
    number, name = read_id_number(details.id_number), read_name(details.name)
    index = db.vault.index("members.id_number", number.text)
    if any(other.id != member_id and other.id_number_index == index for other in application.members):
        raise MemberAlreadyInHousehold
    member = await find_member(db, member_id)
    if member is not None and (member.application_id != application.id or member.supporter_ref is not None):
        raise MemberNotFound
    edit = Edit(application, application.version if seen is None else seen)
    given = _comparable(details.relation, name, number.text, details.profile)
    standing = member and _declared(db, member)
    if not edit.claims(f"/members/{member_id}", standing, given, shown=_masked) and member is not None:
        return application, member
    if member is not None and seen is None:
        raise VersionNotSaid
    if details.profile.get(HUKOU) is not None:
        await require_place(db, parse_division(details.profile[HUKOU]), today(db.clock))
    edit.settle()
    if member is None:
        member = Member(id=member_id, county=application.county, application_id=application.id)
        db.add(member)
    elif member.id_number_index != index or name_of(db, member) != name:
        await _void_signatures(db, application, member_id)
    member.relation, member.birth_date = details.relation, number.birth_date
    member.name_sealed = db.vault.seal("members.name", member_id, name, division=application.county)
    member.name_clear = None
    member.id_number_index = index
    member.id_number_sealed = db.vault.seal("members.id_number", member_id, number.text, division=application.county)
    member.profile_sealed = db.vault.seal(
        "members.profile", member_id, json.dumps(details.profile, sort_keys=True), division=application.county
    )
    try:
        await touch(db, application)
    except IntegrityError as error:
        if ONCE_IN_A_CASE in str(error.orig):  # named as a supporter outside the household
            raise MemberAlreadyInHousehold from None
        raise MemberNotFound from None  # the id the phone chose was taken by another household in this very moment
    return application, member


async def remove_member(
    db: WriteSession, actor: Actor, application_id: UUID, member_id: UUID, *, seen: int
) -> Application:
    """Take a member out of the household, with the authorisations signed for it and by it.

    Raises:
        ApplicationNotFound, MemberNotFound: there is none, or it is not theirs.
        StepNotAllowed: it can no longer be edited.
        EditedElsewhere: another device changed this member since version `seen`.
        VersionNotGivenOut: the application never had version `seen`.
    """
    await get_application(db, actor, application_id, lock=True)
    application = await get_whole_application(db, actor, application_id)
    LIFECYCLE.step(application.status, Action.EDIT, actor.role)
    member = next((member for member in application.members if member.id == member_id), None)
    if member is None:
        raise MemberNotFound
    edit = Edit(application, seen)
    edit.claims(f"/members/{member_id}", _declared(db, member), None, shown=_masked)
    edit.settle()
    await _void_signatures(db, application, member_id)
    await db.delete(member)
    await touch(db, application)
    await enqueue(db, FORGET_NEEDS, {"application": str(application.id)})
    return application


def _declared(db: WriteSession, member: Member) -> dict[str, Any]:
    profile = json.loads(db.vault.open("members.profile", member.id, member.profile_sealed))
    return _comparable(member.relation, name_of(db, member), id_number_of(db, member), profile)


def _comparable(relation: str, name: str, id_number: str, profile: dict[str, Any]) -> dict[str, Any]:
    return {"relation": relation, "name": name, "id_number": id_number, **profile}


def _masked(declared: dict[str, Any] | None) -> dict[str, Any] | None:
    return declared and {**declared, "id_number": mask_id_number(declared["id_number"])}


async def _void_signatures(db: WriteSession, application: Application, member_id: UUID) -> None:
    """End what was signed for this member and by it: a signature is a person's, not a row's."""
    for authorisation in application.authorisations:
        if authorisation.withdrawn_at is None and member_id in (
            authorisation.member_id,
            authorisation.signed_by_member_id,
        ):
            authorisation.withdrawn_at = db.clock.now()
    await withdraw_promises_of(db, member_id)
