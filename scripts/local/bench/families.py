"""Families that the sandbox's registers know, as applicants: signed in, the household told, everybody's signature
given, handed in, all by the commands."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.applications.commands import (
    MemberDetails,
    accept_application,
    edit_draft,
    put_member,
    put_payout_account,
    sign_authorisation,
    start_draft,
    submit_application,
)
from app.applications.household import ADULT_AGE
from app.core.age import full_years
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.identity.commands import record_real_name, sign_in_citizen
from app.identity.keys import KeyRing
from app.identity.tokens import read_access_token
from app.sandbox.persons import Household, Person
from app.sandbox.population import crowd_household, crowd_size

_ANSWERS: dict[str, list[object]] = {"income": [], "expenses": [], "property": [], "supporters": []}


@dataclass(frozen=True)
class Applied:
    """One application that was handed in, and whom the registers know its members as, by the members' ids."""

    id: UUID
    division: str
    applicant: Actor
    members: dict[UUID, Person]


def list_families(count: int) -> list[Household]:
    """Return the first families of the crowd, which must have grown to so many.

    Raises:
        IndexError: it has not.
    """
    families: list[Household] = []
    for number in range(crowd_size()):
        if len(families) == count:
            break
        try:
            families.append(crowd_household(number))
        except IndexError:  # a described person has a number of theirs
            continue
    if len(families) < count:
        raise IndexError(count)
    return families


async def apply(db: WriteSession, keys: KeyRing, family: Household) -> Applied:
    """Let a family apply where it is registered. Whose death the police know is in no household; who has died
    unreported still is."""
    head, on = family.head, today(db.clock)
    members = {new_id(): person for person in family.members if not person.register_cancelled}
    claims = read_access_token(keys, (await sign_in_citizen(db, keys, head.phone)).access_token, db.clock.now())
    actor = Actor(claims.subject, Role.APPLICANT, None, claims.session)
    await record_real_name(db, actor.id, head.name, head.id_number)
    await put_payout_account(db, actor, bank_code="RCC", account="9900001234567890128")
    application = await start_draft(db, actor, "living_allowance", family.division)
    changes = {"answers": _ANSWERS, "address": head.address}
    await edit_draft(db, actor, application.id, changes, seen=application.version)
    for member, person in members.items():
        profile = {"can_work": False} if _is_minor(person, on) else {}
        details = MemberDetails(person.relation, person.name, person.id_number, profile)
        await put_member(db, actor, application.id, member, details, seen=None)
        if not _is_minor(person, on):
            await _sign(db, actor, application.id, member, person)
    await submit_application(db, actor, application.id, truth_promised=True)
    return Applied(application.id, family.division, actor, members)


async def accept(db: WriteSession, applied: Applied) -> None:
    """Let the township accept: verification begins."""
    handler = Actor(new_id(), Role.TOWNSHIP_HANDLER, applied.division[:9] + "000")
    await accept_application(db, handler, applied.id, relative_of_staff=False)


def _is_minor(person: Person, on: date) -> bool:
    return full_years(person.birth_date, on) < ADULT_AGE


async def _sign(db: WriteSession, actor: Actor, application_id: UUID, member: UUID, person: Person) -> None:
    await sign_authorisation(
        db,
        actor,
        application_id,
        member,
        signer_member_id=member,
        signer_name=person.name,
        signer_id_number=person.id_number,
    )
