"""Who may not touch a case because it is a close relative's, or one's own work, and the register of such cases.

`refuse_relative` is the one gate. Every read of a case for a person passes it, in this stage and in the later ones, so
that no command has to think of it.
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from app.applications.entrustment_models import Entrustment
from app.applications.errors import ConflictNotFound, ConflictOfInterest
from app.applications.lifecycle import OPEN
from app.applications.models import Application, Claim, ConflictRegistration, Member
from app.core.db import ReadSession
from app.identity.actors import Actor, Role
from app.identity.models import Citizen
from app.reference.divisions import scope_of
from app.relatives.kinship import PersonKind
from app.relatives.models import DeclaredRelative

REGISTER_READERS = frozenset({Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR})


def is_kept_from(person: UUID, application_id: UUID | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Say which applications are a close relative's: registered as such, or declared and about to be registered; and
    which the person made for somebody else, as who spoke for the household does not judge what he said.

    Looking at declarations as well leaves no moment between a declaration and its registration. A registration that a
    supervisor withdrew as unfounded opens the case again, whatever is declared. An entrustment that has ended keeps its
    agent away like one in force: what he entered is what is judged.
    """
    of_person = and_(ConflictRegistration.application_id == application_id, ConflictRegistration.person_id == person)
    withdrawn = exists().where(
        of_person, ConflictRegistration.member_id == Member.id, ConflictRegistration.withdrawn_at.is_not(None)
    )
    declared = exists().where(
        Member.application_id == application_id,
        DeclaredRelative.id_number_index == Member.id_number_index,
        DeclaredRelative.person_id == person,
        DeclaredRelative.person_kind == PersonKind.STAFF,
        DeclaredRelative.ended_at.is_(None),
        ~withdrawn,
    )
    spoke_for = exists().where(
        Entrustment.application_id == application_id, Entrustment.agent_id == person, Entrustment.agent_kind == "staff"
    )
    return or_(exists().where(of_person, ConflictRegistration.withdrawn_at.is_(None)), declared, spoke_for)


async def is_relative(db: ReadSession, person: UUID, application_id: UUID) -> bool:
    """Say whether a case is that of a close relative of a person, or one he made for somebody."""
    return bool(await db.scalar(select(is_kept_from(person, application_id))))


async def is_agent_a_relative(db: ReadSession, people: Collection[UUID], entrustment: Entrustment) -> bool:
    """Say whether one of some members of staff has declared the citizen who acts for a household as a close relative.

    An account's number is indexed under another name than declarations are, so the one number is opened; an agent who
    has proved none, or is staff himself, cannot be found by it.
    """
    async with db.wider():  # who acts for somebody need have nothing of his own in this place
        agent = await db.get(Citizen, entrustment.agent_id) if entrustment.agent_kind == "citizen" else None
        if agent is None or agent.id_number_sealed is None:
            return False
        number = db.vault.open("citizens.id_number", agent.id, agent.id_number_sealed)
        declared = exists().where(
            DeclaredRelative.person_id.in_(people),
            DeclaredRelative.person_kind == PersonKind.STAFF,
            DeclaredRelative.id_number_index == db.vault.index("members.id_number", number),
            DeclaredRelative.ended_at.is_(None),
        )
        return bool(await db.scalar(select(declared)))


async def refuse_relative(db: ReadSession, actor: Actor, application_id: UUID) -> None:
    """Keep a member of staff away from the case of a close relative, and from one he made for somebody: there he acts
    under the entrustment and not by his post. Lists still tell that there is one.

    Raises:
        ConflictOfInterest: it is one.
    """
    if actor.is_staff and await is_relative(db, actor.id, application_id):
        raise ConflictOfInterest


def register_visible_to(actor: Actor) -> Select[ConflictRegistration]:
    """Select the registrations this actor may see: the county's and the supervisors', below their division.

    Nobody reads those about himself: they would say who told.
    """
    query = select(ConflictRegistration)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role in REGISTER_READERS and actor.division is not None:
        return query.where(
            ConflictRegistration.division.between(*scope_of(actor.division)),
            ConflictRegistration.person_id.is_distinct_from(actor.id),
        )
    return query.where(false())


async def list_conflicts(
    db: ReadSession, actor: Actor, *, application_id: UUID | None, after: UUID | None, limit: int
) -> Sequence[ConflictRegistration]:
    """Return a page of the register, newest first."""
    query = register_visible_to(actor).order_by(ConflictRegistration.id.desc()).limit(limit)
    if application_id is not None:
        query = query.where(ConflictRegistration.application_id == application_id)
    if after is not None:
        query = query.where(ConflictRegistration.id < after)
    return (await db.execute(query)).scalars().all()


async def get_conflict(db: ReadSession, actor: Actor, conflict_id: UUID) -> ConflictRegistration:
    """Return one registration.

    Raises:
        ConflictNotFound: there is none, or it is not theirs to see.
    """
    query = register_visible_to(actor).where(ConflictRegistration.id == conflict_id)
    found = (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if found is None:
        raise ConflictNotFound
    return found


async def list_conflicts_of(db: ReadSession, application_id: UUID) -> Sequence[ConflictRegistration]:
    """Return all registrations of a case, withdrawn ones too; its row is locked by whoever writes."""
    query = select(ConflictRegistration).where(ConflictRegistration.application_id == application_id)
    return (await db.execute(query.order_by(ConflictRegistration.id))).scalars().all()


async def list_cases_of(db: ReadSession, id_number_index: bytes, kinds: Iterable[str]) -> Sequence[UUID]:
    """Return the open cases and awards in force that a person belongs to.

    A person's place in a case is claimed from submission until the case ends without an award, or the award ends;
    `kinds`: the kinds of such claims; the family of somebody who applies alone belongs to the case as well. A supporter
    outside the household is claimed for nothing, and belongs to the cases under way that name him.
    """
    of_kind = or_(Claim.kind.in_(list(kinds)), Claim.kind.startswith("family:"))
    claimed = select(Claim.application_id).where(of_kind, Claim.key == id_number_index)
    named = (
        select(Member.application_id)
        .join(Application, Application.id == Member.application_id)
        .where(
            Member.id_number_index == id_number_index,
            Member.supporter_ref.is_not(None),
            Application.status.in_(OPEN),
            Application.submitted_at.is_not(None),
        )
    )
    return sorted((await db.scalars(union(claimed, named))).all())
