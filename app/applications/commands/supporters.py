"""A supporter outside the household: named by the applicant, asked for his own authorisation, free to give none.

Who is bound by law to support and does not live with the household may be checked with his consent only (社会救助法
art. 41). Naming him is never needed, and neither that he declines nor that he withdraws keeps the case waiting: a
person looks at what was declared. Nobody signs in his place, neither the applicant nor who acts for somebody.
"""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.applications.commands.authorisations import record_signature, signature_of
from app.applications.edits import Edit, touch
from app.applications.errors import (
    MatterEnded,
    MemberAlreadyInHousehold,
    SupporterAlreadyNamed,
    SupporterNotAdult,
    SupporterNotFound,
    SupportRequestNotFound,
    TooManySupporters,
    VersionNotSaid,
)
from app.applications.household import ADULT_AGE, id_number_of, name_of
from app.applications.lifecycle import LIFECYCLE, OPEN, Action
from app.applications.models import Application, Authorisation, Member
from app.applications.proving import proved_identity
from app.applications.queries import find_member, get_application, get_whole_application
from app.applications.supporter_queries import (
    Named,
    find_named,
    list_consents,
    list_named,
    list_supporters,
)
from app.applications.supporters import declared_of
from app.audit.commands import record_act
from app.audit.subjects import Case
from app.core.age import full_years
from app.core.clock import today
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault
from app.events.commands import enqueue
from app.identity.actors import Actor
from app.identity.masks import mask_id_number
from app.identity.numbers import read_id_number, read_name

# The job that asks, or asks no more, about the supporters of a case; payload: the application.
SEE_TO_SUPPORTERS = "see_to_supporters"
MOST = 10


@dataclass(frozen=True)
class SupporterDetails:
    """A supporter as named. `ref`: the line of the form; `relation` to the applicant."""

    ref: str
    relation: str
    name: str
    id_number: str


async def put_supporter(
    db: WriteSession,
    actor: Actor,
    application_id: UUID,
    supporter_id: UUID,
    details: SupporterDetails,
    *,
    seen: int | None,
) -> Application:
    """Name who a supporter of the form is, under an id the phone chose, or replace it; the same again changes nothing.

    `seen`: the version of the application the phone last read; needed to change one that is there. Another person under
    the same id is asked anew.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: it can no longer be edited.
        IdNumberMalformed, NameMalformed: the number or name is not one.
        SupporterNotAdult: he is under age.
        SupporterNotFound: the form has no such line, or the id belongs to something else.
        MemberAlreadyInHousehold: he is a member of the household, or named already.
        SupporterAlreadyNamed: somebody else is named for this line.
        TooManySupporters: as many are named as can be.
        VersionNotSaid: he is there, differs, and `seen` is not given.
        VersionNotGivenOut, EditedElsewhere: as for members.
    """
    await get_application(db, actor, application_id, lock=True)
    application = await get_whole_application(db, actor, application_id)
    LIFECYCLE.step(application.status, Action.EDIT, actor.role)
    number, name = read_id_number(details.id_number), read_name(details.name)
    if full_years(number.birth_date, today(db.clock)) < ADULT_AGE:
        raise SupporterNotAdult
    index = db.vault.index("members.id_number", number.text)
    named = [each for each in await list_supporters(db, application.id) if each.id != supporter_id]
    taken = {each.id_number_index for each in (*application.members, *named)} | {await _index_of(db, actor)}
    if index in taken:
        raise MemberAlreadyInHousehold
    if any(each.supporter_ref == details.ref for each in named):
        raise SupporterAlreadyNamed
    if details.ref not in declared_of(db, application):
        raise SupporterNotFound(faults=(Fault("/supporter_ref", "not_expected", "on_form"),))
    person = await find_member(db, supporter_id)
    if person is not None and (person.application_id != application.id or person.supporter_ref is None):
        raise SupporterNotFound
    if person is None and len(named) >= MOST:
        raise TooManySupporters
    edit = Edit(application, application.version if seen is None else seen)
    given = SupporterDetails(details.ref, details.relation, name, number.text)
    standing = person and _named(db, person)
    if not edit.claims(f"/supporters/{supporter_id}", standing, given, shown=_masked) and person is not None:
        return application
    if person is not None and seen is None:
        raise VersionNotSaid
    edit.settle()
    if person is None:
        person = Member(id=supporter_id, county=application.county, application_id=application.id, claimed=False)
        db.add(person)
    elif person.id_number_index != index or name_of(db, person) != name:
        await _void(db, person)
    person.supporter_ref, person.relation, person.birth_date = details.ref, details.relation, number.birth_date
    person.name_sealed = db.vault.seal("members.name", supporter_id, name, division=application.county)
    person.id_number_index = index
    person.id_number_sealed = db.vault.seal("members.id_number", supporter_id, number.text, division=application.county)
    person.profile_sealed = db.vault.seal("members.profile", supporter_id, json.dumps({}), division=application.county)
    try:
        await touch(db, application)
    except IntegrityError:  # the id the phone chose is another household's
        raise SupporterNotFound from None
    return application


async def remove_supporter(
    db: WriteSession, actor: Actor, application_id: UUID, supporter_id: UUID, *, seen: int
) -> Application:
    """Name him no more; what he signed goes with him.

    Raises:
        ApplicationNotFound, SupporterNotFound: there is none, or it is not theirs.
        StepNotAllowed: it can no longer be edited.
        EditedElsewhere, VersionNotGivenOut: as for members.
    """
    application = await get_application(db, actor, application_id, lock=True)
    LIFECYCLE.step(application.status, Action.EDIT, actor.role)
    person = next((each for each in await list_supporters(db, application.id) if each.id == supporter_id), None)
    if person is None:
        raise SupporterNotFound
    edit = Edit(application, seen)
    edit.claims(f"/supporters/{supporter_id}", _named(db, person), None, shown=_masked)
    edit.settle()
    await db.delete(person)
    await touch(db, application)
    return application


async def list_requests(
    db: ReadSession, actor: Actor, *, after: tuple[bool, UUID] | None = None, limit: int = 100
) -> list[tuple[Named, bool]]:
    """Return a page of where this citizen is named as a supporter, in cases under way and wherever he answered, and
    whether he signed there; `after`: whether he signed in the last one of the page before, and its id.

    Raises:
        RealNameRequired: he has not proved who he is.
    """
    name, index = await proved_identity(db, actor)
    found: list[tuple[Named, bool]] = []
    async with db.wider():  # he is named in another's application
        while len(found) < limit:  # names are sealed: only what was read can be told from a namesake's
            rows = await list_named(db, actor, index, after=after, limit=limit)
            found += [row for row in rows if name_of(db, row[0].person) == name]
            if len(rows) < limit:
                break
            after = (rows[-1][1], rows[-1][0].person.id)
    return found[:limit]


async def authorise_support_check(db: WriteSession, actor: Actor, request_id: UUID) -> Named:
    """Let agencies be asked about oneself, in this case and for what is told; again, it changes nothing.

    Raises:
        RealNameRequired, SupportRequestNotFound: he has not proved who he is, or nobody asks him.
        MatterEnded: the case is no longer under way.
    """
    name, index = await proved_identity(db, actor)
    async with db.wider():  # he is named in another's application
        named = await _locked(db, actor, request_id, name, index)
        if named.application.status not in OPEN:
            raise MatterEnded
        if await _live(db, named.person) is None:
            signature = signature_of(db, named.application, named.person, named.person)
            authorisation = Authorisation(**signature, signed_by_citizen_id=actor.id)
            named.person.declined_at = None
            db.add(authorisation)
            await _record(db, actor, "authorisation.sign", named, authorisation)
    return named


async def decline_support_check(db: WriteSession, actor: Actor, request_id: UUID) -> Named:
    """Say that nobody is to be asked about oneself: what was given is withdrawn, too. The applicant loses nothing.

    Raises:
        RealNameRequired, SupportRequestNotFound: he has not proved who he is, or nobody asks him.
    """
    name, index = await proved_identity(db, actor)
    async with db.wider():  # he is named in another's application
        named = await _locked(db, actor, request_id, name, index)
        await _withdraw(db, actor, named)
        if named.person.declined_at is None:
            named.person.declined_at = db.clock.now()
            await _record(db, actor, "authorisation.decline", named, None)
    return named


async def withdraw_support_check(db: WriteSession, actor: Actor, request_id: UUID) -> Named:
    """Withdraw what one gave: no question is put from now on (个人信息保护法 art. 15).

    Raises:
        RealNameRequired, SupportRequestNotFound: he has not proved who he is, or nobody asks him.
    """
    name, index = await proved_identity(db, actor)
    async with db.wider():  # he is named in another's application
        named = await _locked(db, actor, request_id, name, index)
        await _withdraw(db, actor, named)
    return named


async def _withdraw(db: WriteSession, actor: Actor, named: Named) -> None:
    authorisation = await _live(db, named.person)
    if authorisation is not None:
        authorisation.withdrawn_at = db.clock.now()
        await _record(db, actor, "authorisation.withdraw", named, authorisation)


async def _record(db: WriteSession, actor: Actor, act: str, named: Named, authorisation: Authorisation | None) -> None:
    """Keep the act on the record of who did it, and have it followed."""
    person, application = named
    case = Case(application.id, actor.id, application.county)
    if authorisation is None:
        await record_act(db, actor, act, "member", person.id, row=person, case=case)
    else:
        await record_signature(db, actor, act, authorisation, case)
    await enqueue(db, SEE_TO_SUPPORTERS, {"application": str(application.id)})


async def _locked(db: WriteSession, actor: Actor, request_id: UUID, name: str, index: bytes) -> Named:
    named = await find_named(db, actor, index, request_id, lock=True)
    if named is None or name_of(db, named.person) != name:
        raise SupportRequestNotFound
    return named


async def _live(db: WriteSession, person: Member) -> Authorisation | None:
    return next((each for each in await list_consents(db, [person.id]) if each.withdrawn_at is None), None)


async def _void(db: WriteSession, person: Member) -> None:
    """Forget what was said by whoever was named before: it was another person."""
    for authorisation in await list_consents(db, [person.id]):
        await db.delete(authorisation)
    person.declined_at = None


async def _index_of(db: ReadSession, actor: Actor) -> bytes:
    return (await proved_identity(db, actor))[1]


def _named(db: ReadSession, person: Member) -> SupporterDetails:
    return SupporterDetails(person.supporter_ref or "", person.relation, name_of(db, person), id_number_of(db, person))


def _masked(details: SupporterDetails | None) -> dict[str, str] | None:
    if details is None:
        return None
    return {
        "supporter_ref": details.ref,
        "relation": details.relation,
        "name": details.name,
        "id_number": mask_id_number(details.id_number),
    }
