"""Applying for somebody else: asked for, brought into force, used, ended.

Who acts gets a session of the one who is spoken for, good for the one application alone. What is done in it is on
record as done under the entrustment; ending it ends the sessions.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.applications.entrustment_lifecycle import AGENTS_ON_STAFF, LIFECYCLE, Action, EndedBy, Ground, Kind, Status
from app.applications.entrustment_models import Entrustment
from app.applications.entrustment_queries import find_standing, get_entrustment
from app.applications.errors import EntrustmentNotAllowed, NotAVillage
from app.applications.events import Entrusted
from app.audit.commands import record_act
from app.audit.subjects import Case
from app.core.clock import today
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.ids import new_id, new_number
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor, Role
from app.identity.commands import SignedIn, end_sessions_under, open_account, start_session
from app.identity.errors import RealNameRequired
from app.identity.keys import KeyRing
from app.identity.numbers import read_id_number, read_name, read_phone
from app.identity.queries import get_citizen
from app.reference.divisions import county_of, covers
from app.reference.errors import OutsideYourDivision
from app.reference.queries import get_division

CONFIRM_WITHIN = timedelta(days=7)  # then what the agent gave about her is forgotten


@dataclass(frozen=True)
class Wish:
    """What an agent asks for. `record`: how and in what words it was entrusted. Without a telephone she is told on
    paper."""

    kind: Kind
    ground: Ground
    division: str
    name: str
    id_number: str
    phone: str | None
    record: str


@dataclass(frozen=True)
class Principal:
    """The one who is spoken for, as the agent gave her."""

    name: str
    id_number: str
    phone: str | None


async def request_entrustment(db: WriteSession, actor: Actor, wish: Wish) -> Entrustment:
    """Keep that somebody is to apply for another person; the same again returns what stands.

    Raises:
        RealNameRequired: the citizen who would act has not proved a real name.
        RoleNotAllowed: of the staff, the village's helper and the township's handler act for the committee.
        EntrustmentNotAllowed: for oneself, or a committee's by a citizen, or the other way round.
        IdNumberMalformed, NameMalformed, PhoneMalformed: not a number or name.
        DivisionMalformed, DivisionUnknown, NotAVillage, OutsideYourDivision: not a village, or not the staff's.
    """
    number, name = read_id_number(wish.id_number).text, read_name(wish.name)
    phone = read_phone(wish.phone) if wish.phone is not None else None
    index = db.vault.index("citizens.id_number", number)
    village = await get_division(db, wish.division, today(db.clock))
    if village.level != "village":
        raise NotAVillage
    await _refuse_agent(db, actor, wish, index)
    standing = await find_standing(db, actor.id, index)
    if standing is not None:
        return standing
    row = new_id()
    given = json.dumps({"name": name, "id_number": number, "phone": phone}, ensure_ascii=False)
    county = county_of(village.code)
    entrustment = Entrustment(
        id=row,
        county=county,
        division=village.code,
        number=new_number("WT", county, today(db.clock)),
        status=Status.REQUESTED,
        kind=wish.kind,
        ground=wish.ground,
        agent_kind="citizen" if actor.role is Role.APPLICANT else "staff",
        agent_id=actor.id,
        principal_index=index,
        principal_sealed=db.vault.seal("entrustments.principal", row, given, division=county),
        record_sealed=db.vault.seal("entrustments.record", row, wish.record, division=county),
        requested_at=db.clock.now(),
    )
    db.add(entrustment)
    await db.flush()
    await record_act(db, actor, "entrustment.request", "entrustment", row, row=entrustment, county=county)
    return entrustment


async def require_confirmable(db: WriteSession, actor: Actor, entrustment_id: UUID) -> Entrustment:
    """Return an entrustment that may be confirmed: by who acts, with her code; by an office, another person than who
    acts.

    Raises:
        EntrustmentNotFound, StepNotAllowed, RoleNotAllowed: there is none, or not now, or not for this role.
        SamePersonNotAllowed: who acts does not confirm to have seen her.
    """
    entrustment = await get_entrustment(db, actor, entrustment_id, lock=True)
    LIFECYCLE.step(entrustment.status, Action.CONFIRM, actor.role)
    if actor.is_staff and actor.id == entrustment.agent_id:
        raise SamePersonNotAllowed
    return entrustment


def principal_of(db: WriteSession, entrustment: Entrustment) -> Principal:
    """Return who is spoken for, as given; only while it is not confirmed.

    Raises:
        StepNotAllowed: it was confirmed, or has lapsed.
    """
    if entrustment.principal_sealed is None:
        raise StepNotAllowed
    return Principal(
        **json.loads(db.vault.open("entrustments.principal", entrustment.id, entrustment.principal_sealed))
    )


async def confirm_entrustment(db: WriteSession, actor: Actor, entrustment_id: UUID) -> Entrustment:
    """Bring an entrustment into force, once public security knows her; her account is opened where she has none, and
    she is told.

    Raises:
        EntrustmentNotFound, StepNotAllowed, RoleNotAllowed, SamePersonNotAllowed: as `require_confirmable` says.
    """
    entrustment = await require_confirmable(db, actor, entrustment_id)
    step = LIFECYCLE.step(entrustment.status, Action.CONFIRM, actor.role)
    who = principal_of(db, entrustment)
    async with db.wider():  # her account is not the agent's to see
        citizen = await open_account(db, who.name, who.id_number, who.phone)
    entrustment.status, entrustment.principal_id, entrustment.principal_sealed = step.target, citizen.id, None
    entrustment.confirmed_at, entrustment.confirmed_by = db.clock.now(), actor.id
    entrustment.confirmed_how = "code" if actor.role is Role.APPLICANT else "seen"
    await db.flush()
    await record_act(
        db,
        actor,
        "entrustment.confirm",
        "entrustment",
        entrustment.id,
        row=entrustment,
        case=Case(None, citizen.id, entrustment.county),
        how=entrustment.confirmed_how,
    )
    await record_event(db, Entrusted(subject=entrustment.id, county=entrustment.county, principal_id=citizen.id))
    return entrustment


async def act_for(db: WriteSession, ring: KeyRing, actor: Actor, entrustment_id: UUID) -> SignedIn:
    """Open a session in which the agent does what the other would do herself, for this application alone.

    Raises:
        EntrustmentNotFound: there is none.
        RoleNotAllowed: the actor is not its agent, or has a post by now that acts for nobody.
        StepNotAllowed: it is not in force.
    """
    entrustment = await get_entrustment(db, actor, entrustment_id, lock=True)
    if entrustment.agent_id != actor.id or (actor.is_staff and actor.role not in AGENTS_ON_STAFF):
        raise RoleNotAllowed
    if entrustment.status != Status.IN_FORCE or entrustment.principal_id is None:
        raise StepNotAllowed
    async with db.wider():
        signed_in = await start_session(
            db, ring, entrustment.principal_id, Role.APPLICANT, entrustment=entrustment.id, agent=actor
        )
    case = Case(entrustment.application_id, entrustment.principal_id, entrustment.county)
    await record_act(db, actor, "entrustment.act", "entrustment", entrustment.id, case=case)
    return signed_in


async def end_entrustment(db: WriteSession, actor: Actor, entrustment_id: UUID) -> Entrustment:
    """End an entrustment, and every session under it; ended already, nothing changes.

    Raises:
        EntrustmentNotFound: there is none, or it is not theirs.
        RoleNotAllowed: not for this role.
    """
    entrustment = await get_entrustment(db, actor, entrustment_id, lock=True)
    if LIFECYCLE.is_final(entrustment.status):
        return entrustment
    entrustment.status = LIFECYCLE.step(entrustment.status, Action.END, actor.role).target
    entrustment.ended_at, entrustment.principal_sealed = db.clock.now(), None
    own = EndedBy.AGENT if actor.id == entrustment.agent_id else EndedBy.PRINCIPAL
    entrustment.ended_by = EndedBy.OFFICE if actor.is_staff else own
    async with db.wider():
        await end_sessions_under(db, entrustment.id)
    await db.flush()
    case = Case(entrustment.application_id, entrustment.principal_id, entrustment.county)
    await record_act(db, actor, "entrustment.end", "entrustment", entrustment.id, row=entrustment, case=case)
    return entrustment


async def let_lapse(db: WriteSession, entrustment_id: UUID) -> None:
    """Forget whom an agent named, where nobody has confirmed it; one confirmed meanwhile stays."""
    entrustment = await get_entrustment(db, SYSTEM, entrustment_id, lock=True)
    if entrustment.status == Status.REQUESTED:
        entrustment.status = LIFECYCLE.step(entrustment.status, Action.LAPSE, Role.SYSTEM).target
        entrustment.ended_at, entrustment.principal_sealed = db.clock.now(), None


async def _refuse_agent(db: WriteSession, actor: Actor, wish: Wish, index: bytes) -> None:
    if actor.role is Role.APPLICANT:
        citizen = await get_citizen(db, actor.id)
        if citizen.real_name_proved_at is None:
            raise RealNameRequired
        if wish.kind is Kind.COMMITTEE or citizen.id_number_index == index or actor.entrustment is not None:
            raise EntrustmentNotAllowed
        return
    if actor.role not in AGENTS_ON_STAFF or actor.division is None:
        raise RoleNotAllowed
    if wish.kind is Kind.PERSON:
        raise EntrustmentNotAllowed
    if not covers(actor.division, wish.division):
        raise OutsideYourDivision
