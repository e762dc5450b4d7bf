"""Reads of this stage; every read for a person starts at `visible_to`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Uuid, and_, false, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm.attributes import set_committed_value

from app.applications.conflict_queries import refuse_relative
from app.applications.errors import ApplicationNotFound, DocumentNotFound
from app.applications.lifecycle import Status
from app.applications.models import (
    Application,
    ApplicationStep,
    Authorisation,
    Document,
    Member,
    PayoutAccount,
)
from app.audit.subjects import Case
from app.core.db import Database, ReadSession, WriteSession, columns_of
from app.core.errors import RoleNotAllowed
from app.core.hot_reads import HotRead
from app.core.prepared import Prepared, asked
from app.identity.actors import Actor, Role
from app.identity.errors import TokenRejected
from app.identity.models import Citizen, Session
from app.identity.queries import session_stands
from app.identity.tokens import AccessClaims
from app.reference.divisions import scope_of

CASE_ROLES = frozenset(
    {
        Role.VILLAGE_HELPER,
        Role.TOWNSHIP_HANDLER,
        Role.TOWNSHIP_REVIEWER,
        Role.TOWNSHIP_CONFIRMER,
        Role.COUNTY_HANDLER,
        Role.COUNTY_CONFIRMER,
        Role.SUPERVISOR,
    }
)

# Who reads the whole file: income, illness, address. A village helper sees who applied and how far it is.
FILE_READERS = CASE_ROLES - {Role.VILLAGE_HELPER}


def owned_by(applicant_id: UUID | ColumnElement[UUID]) -> ColumnElement[bool]:
    """Say which applications are a citizen's own to see."""
    return and_(
        Application.applicant_id == applicant_id,
        Application.status != Status.DISCARDED,
        Application.erased_at.is_(None),
    )


def visible_to(actor: Actor) -> Select[Application]:
    """Select the applications this actor may see: the one place that decides.

    Applicants see their own, who acts for one what was made under the entrustment; casework and supervision see what
    was submitted below their division; the system sees all; finance, administrators and everybody else do without.
    """
    query = select(Application)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role is Role.APPLICANT:
        own = query.where(owned_by(actor.id))
        return own if actor.entrustment is None else own.where(Application.entrustment_id == actor.entrustment)
    if actor.role in CASE_ROLES and actor.division is not None:
        low, high = scope_of(actor.division)
        submitted = and_(Application.submitted_at.is_not(None), Application.erased_at.is_(None))
        return query.where(Application.division.between(low, high), submitted)
    return query.where(false())


async def get_application(db: ReadSession, actor: Actor, application_id: UUID, *, lock: bool = False) -> Application:
    """Return one application, locked against others when it is to be changed.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is the case of a close relative of the member of staff who asks.
    """
    query = visible_to(actor).where(Application.id == application_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise ApplicationNotFound
    await refuse_relative(db, actor, application_id)
    return found


async def get_whole_application(
    db: ReadSession, actor: Actor, application_id: UUID, *, lock: bool = False
) -> Application:
    """Return one application with members, authorisations and documents; locked when it is to be changed.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is the case of a close relative of the member of staff who asks.
    """
    found = await _find_application(db, actor, application_id, lock=lock)
    if found is None:
        raise ApplicationNotFound
    await refuse_relative(db, actor, application_id)
    await _read_household(db, found)
    return found


_own = select(*columns_of(Application)).where(Application.id == asked("id"), owned_by(asked("owner", Uuid)))
_OWN, _OWN_LOCKED = Prepared(_own), Prepared(_own.with_for_update())
_MEMBERS = Prepared(
    select(*columns_of(Member), *columns_of(Authorisation))
    .outerjoin(Authorisation, Authorisation.member_id == Member.id)
    .where(Member.application_id == asked("application"), Member.supporter_ref.is_(None))
    .order_by(Member.id, Authorisation.id)
)
_DOCUMENTS = Prepared(
    select(*columns_of(Document)).where(Document.application_id == asked("application")).order_by(Document.id)
)


async def _find_application(db: ReadSession, actor: Actor, application_id: UUID, *, lock: bool) -> Application | None:
    """Return one application as it is now; a citizen's own by a prepared statement, for phones ask all the time."""
    if actor.role is Role.APPLICANT and actor.entrustment is None:
        rows = await db.fetch(_OWN_LOCKED if lock else _OWN, id=application_id, owner=actor.id)
        return db.take_up(Application, rows[0]) if rows else None
    query = visible_to(actor).where(Application.id == application_id).execution_options(populate_existing=True)
    if lock:
        query = query.with_for_update()
    return (await db.execute(query)).scalar_one_or_none()


async def _read_household(db: ReadSession, application: Application) -> None:
    """Read all that belongs to an application, after its row: who waited for it sees what was written meanwhile."""
    own = len(columns_of(Member))
    rows = await db.fetch(_MEMBERS, application=application.id)
    members = {row[0]: db.take_up(Member, row[:own]) for row in rows}
    signed = [db.take_up(Authorisation, row[own:]) for row in rows if row[own] is not None]
    documents = [db.take_up(Document, row) for row in await db.fetch(_DOCUMENTS, application=application.id)]
    set_committed_value(application, "members", list(members.values()))
    set_committed_value(application, "authorisations", sorted(signed, key=lambda each: each.id))
    set_committed_value(application, "documents", documents)


_SIGNED = ("id", "county", "application_id", "member_id", "signed_by_member_id", "text_version", "method", "signed_at")
_INSERT_AUTHORISATION = Prepared(insert(Authorisation).returning(*columns_of(Authorisation)), _SIGNED)


async def insert_authorisation(db: WriteSession, application: Application, values: Mapping[str, Any]) -> Authorisation:
    """Insert a signature that was not withdrawn, and let it be one of the application's, which is loaded whole."""
    (row,) = await db.fetch(_INSERT_AUTHORISATION, **values)
    signed = db.take_up(Authorisation, row)
    set_committed_value(application, "authorisations", [*application.authorisations, signed])
    return signed


async def get_case_file(db: ReadSession, actor: Actor, application_id: UUID) -> Application:
    """Return one application with everything in it, for staff who work on it or oversee it.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs to see.
        RoleNotAllowed: they see that there is one, and no more.
    """
    application = await get_whole_application(db, actor, application_id)
    if actor.role not in FILE_READERS:
        raise RoleNotAllowed
    return application


async def list_cases(db: ReadSession, application_ids: Collection[UUID]) -> Sequence[Case]:
    """Return whom these applications are about, for the record of somebody's look at what belongs to them."""
    query = select(Application.id, Application.applicant_id, Application.county)
    rows = await db.execute(query.where(Application.id.in_(application_ids)))
    return [Case(*row) for row in rows.all()]


async def find_by_number(db: ReadSession, number: str) -> Application | None:
    """Return the application of a receipt number."""
    return (await db.execute(select(Application).where(Application.number == number))).scalar_one_or_none()


async def find_by_number_with_owner(db: ReadSession, number: str) -> tuple[Application, Citizen] | None:
    """Return the application of a receipt number and whose it is, for the public status look-up: by one statement, so
    that a number that exists is no more work than one that does not."""
    query = select(Application, Citizen).join(Citizen, Citizen.id == Application.applicant_id)
    row = (await db.execute(query.where(Application.number == number))).one_or_none()
    return None if row is None else (row[0], row[1])


async def find_receipt_number(db: ReadSession, application_id: UUID) -> str | None:
    """Return the number of an application, for messages about it; None before it was handed in."""
    query = select(Application.number).where(Application.id == application_id)
    return (await db.execute(query)).scalar_one_or_none()


async def list_members(db: ReadSession, application_id: UUID) -> Sequence[Member]:
    """Return the members of a household."""
    query = select(Member).where(Member.application_id == application_id, Member.supporter_ref.is_(None))
    return (await db.execute(query.order_by(Member.id))).scalars().all()


async def find_member(db: ReadSession, member_id: UUID) -> Member | None:
    """Return a member by id, whosever household it is."""
    return await db.get(Member, member_id)


async def find_document(db: ReadSession, application_id: UUID, upload_id: UUID) -> Document | None:
    """Return the document that an upload already became."""
    query = select(Document).where(Document.application_id == application_id, Document.upload_id == upload_id)
    return (await db.execute(query)).scalar_one_or_none()


async def get_document(db: ReadSession, actor: Actor, application_id: UUID, document_id: UUID) -> Document:
    """Return one paper of an application.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs to see.
        DocumentNotFound: the application has no such paper.
    """
    application = await get_application(db, actor, application_id)
    query = select(Document).where(Document.application_id == application.id, Document.id == document_id)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise DocumentNotFound
    return found


def _open_step(application_id: UUID, kind: str) -> Select[ApplicationStep]:
    return select(ApplicationStep).where(
        ApplicationStep.application_id == application_id,
        ApplicationStep.kind == kind,
        ApplicationStep.closed_at.is_(None),
    )


async def find_open_step(db: ReadSession, application_id: UUID, kind: str) -> ApplicationStep | None:
    """Return the open step of a kind."""
    return (await db.execute(_open_step(application_id, kind))).scalar_one_or_none()


async def get_open_step(db: ReadSession, application_id: UUID, kind: str) -> ApplicationStep:
    """Return the open step of a kind, which there is."""
    return (await db.execute(_open_step(application_id, kind))).scalar_one()


_next_place = select(func.coalesce(func.max(ApplicationStep.position), 0) + 1).where(
    ApplicationStep.application_id == asked("of")
)
_STEP = ("id", "county", "application_id", "kind", "responsible", "opened_at", "due_on", "provisional", "basis")
_INSERT_STEP = Prepared(
    insert(ApplicationStep)
    .values(position=_next_place.scalar_subquery())
    .on_conflict_do_nothing(index_elements=["application_id", "kind"], index_where=ApplicationStep.closed_at.is_(None))
    .returning(*columns_of(ApplicationStep)),
    _STEP,
)


async def insert_step(db: WriteSession, **values: Any) -> ApplicationStep | None:
    """Insert an open step behind the last; None where one of its kind is open. Who asks has locked the application."""
    rows = await db.fetch(_INSERT_STEP, of=values["application_id"], **values)
    return db.take_up(ApplicationStep, rows[0]) if rows else None


async def list_open_steps(db: ReadSession, application_id: UUID) -> Sequence[ApplicationStep]:
    """Return the steps that are not done."""
    query = select(ApplicationStep).where(
        ApplicationStep.application_id == application_id, ApplicationStep.closed_at.is_(None)
    )
    return (await db.execute(query)).scalars().all()


async def list_steps(db: ReadSession, application_id: UUID) -> Sequence[ApplicationStep]:
    """Return the whole way of an application, in order."""
    query = select(ApplicationStep).where(ApplicationStep.application_id == application_id)
    return (await db.execute(query.order_by(ApplicationStep.position))).scalars().all()


class StepProgress(NamedTuple):
    """A step as the timeline shows it."""

    kind: str
    responsible: str
    opened_at: datetime
    due_on: date | None
    provisional: bool
    basis: str
    closed_at: datetime | None
    outcome: str | None


class Progress(NamedTuple):
    """How far an application is. `steps` is empty where the version is the one that was already seen."""

    version: int
    number: str | None
    program: str
    status: Status
    decide_by: date | None
    decide_by_provisional: bool
    confirmed_by: str | None
    extended_reason: str | None
    ended_at: datetime | None
    steps: Sequence[StepProgress]


# The reader's session, the application if it is the reader's own, and its steps unless they are known: one statement.
_PROGRESS = HotRead(
    select(
        *(getattr(Application, name) for name in Progress._fields[:-1]),
        *(getattr(ApplicationStep, name) for name in StepProgress._fields),
    )
    .select_from(Session)
    .outerjoin(
        Application,
        and_(
            Application.id == asked("application"),
            owned_by(Session.subject_id.expression),
            or_(Session.entrustment_id.is_(None), Application.entrustment_id == Session.entrustment_id),
        ),
    )
    .outerjoin(
        ApplicationStep,
        and_(
            ApplicationStep.application_id == Application.id,
            Application.version != asked("seen", Integer),
        ),
    )
    .where(session_stands(asked("session"), asked("subject"), asked("epoch")))
    .order_by(ApplicationStep.position)
)
_NEVER_SEEN = -1


async def get_progress(
    database: Database, caller: AccessClaims, application_id: UUID, *, seen: int | None = None
) -> Progress:
    """Return how far the caller's own application is; `seen` is the version whose steps need not be read again.

    Raises:
        TokenRejected: the caller's session was revoked.
        ApplicationNotFound: there is none, or it is not theirs to see.
    """
    rows = await database.look_up(
        _PROGRESS,
        application=application_id,
        session=caller.session,
        subject=caller.subject,
        epoch=caller.epoch,
        seen=_NEVER_SEEN if seen is None else seen,
    )
    if not rows:
        raise TokenRejected
    own = len(Progress._fields) - 1
    if rows[0]["version"] is None:
        raise ApplicationNotFound
    steps = tuple(StepProgress(*row[own:]) for row in rows if row["kind"] is not None)
    return Progress._make((*rows[0][:own], steps))


_APPLICANT = Prepared(
    select(Citizen.id_number_sealed, PayoutAccount.citizen_id.is_not(None))
    .outerjoin(PayoutAccount, PayoutAccount.citizen_id == Citizen.id)
    .where(Citizen.id == asked("citizen"))
)


async def get_applicant(db: ReadSession, citizen_id: UUID) -> tuple[bytes | None, bool]:
    """Return the sealed identity number that a citizen proved, and whether an account is set that money can go to.

    Raises:
        TokenRejected: there is no such citizen.
    """
    rows = await db.fetch(_APPLICANT, citizen=citizen_id)
    if not rows:
        raise TokenRejected
    number, has_account = rows[0]
    return number, has_account


async def find_payout_account(db: ReadSession, citizen_id: UUID) -> PayoutAccount | None:
    """Return the account a citizen's money goes to."""
    return await db.get(PayoutAccount, citizen_id)
