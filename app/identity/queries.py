"""Reads of identity."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.db import TELLING, ReadSession, WriteSession
from app.core.prepared import Prepared, asked
from app.core.reach import Reach
from app.identity.actors import Actor, Role, Scope
from app.identity.errors import SecondFactorMissing, StaffNotFound, TokenRejected
from app.identity.models import (
    Citizen,
    OneTimeCode,
    RecoveryCode,
    RefreshToken,
    SecondFactor,
    Session,
    SessionEpoch,
    Staff,
)

Value = UUID | BindParameter[UUID]  # known now, or when a hot read is asked
Number = int | BindParameter[int]


async def find_citizen_by_phone(db: ReadSession, phone: str) -> Citizen | None:
    """Return the account of a phone."""
    index = db.vault.index("citizens.phone", phone)
    return (await db.execute(select(Citizen).where(Citizen.phone_index == index))).scalar_one_or_none()


async def find_citizen_by_id_number(db: ReadSession, id_number: str) -> Citizen | None:
    """Return the account that proved this identity number."""
    index = db.vault.index("citizens.id_number", id_number)
    return (await db.execute(select(Citizen).where(Citizen.id_number_index == index))).scalar_one_or_none()


async def find_accounts(db: ReadSession, id_numbers: Iterable[str]) -> Mapping[str, UUID]:
    """Return the accounts that proved these identity numbers, by number."""
    indexes = {db.vault.index("citizens.id_number", number): number for number in id_numbers}
    query = select(Citizen.id_number_index, Citizen.id).where(Citizen.id_number_index.in_(indexes))
    return {indexes[index]: citizen for index, citizen in await db.execute(query) if index is not None}


async def get_citizen(db: ReadSession, citizen_id: UUID, *, lock: bool = False) -> Citizen:
    """Return an account.

    Raises:
        TokenRejected: there is none; whoever asks holds a token for nobody.
    """
    found = await db.get(Citizen, citizen_id, with_for_update=lock or None)
    if found is None:
        raise TokenRejected
    return found


async def find_live_code(db: ReadSession, phone: str, device: bytes | None, now: datetime) -> OneTimeCode | None:
    """Return the newest unused, unexpired code of a phone that this device may try, locked."""
    query = (
        select(OneTimeCode)
        .where(OneTimeCode.phone_index == db.vault.index("one_time_codes.phone", phone))
        .where(OneTimeCode.device_index.is_not_distinct_from(device))
        .where(OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
        .order_by(OneTimeCode.created_at.desc(), OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    return (await db.execute(query)).scalar_one_or_none()


async def find_staff_by_username(db: ReadSession, username: str) -> Staff | None:
    """Return a member of staff, disabled or not."""
    return (await db.execute(select(Staff).where(Staff.username == username))).scalar_one_or_none()


async def has_administrator(db: ReadSession) -> bool:
    """Say whether there is an administrator whose account is open."""
    query = select(exists().where(Staff.role == Role.ADMINISTRATOR, Staff.disabled_at.is_(None)))
    return bool(await db.scalar(query))


async def get_staff(db: ReadSession, staff_id: UUID, *, lock: bool = False) -> Staff:
    """Return a member of staff.

    Raises:
        StaffNotFound: there is none.
    """
    found = await db.get(Staff, staff_id, with_for_update=lock or None)
    if found is None:
        raise StaffNotFound
    return found


async def list_staff(
    db: ReadSession, low: str, high: str, *, after: str = "", limit: int | None = None
) -> Sequence[Staff]:
    """Return the staff of the divisions from low to high, by user name, later than `after`."""
    query = select(Staff).where(Staff.division.between(low, high), Staff.username > after)
    return (await db.execute(query.order_by(Staff.username).limit(limit))).scalars().all()


def present_epoch(subject: Value | ColumnElement[UUID] | ColumnElement[UUID | None]) -> ColumnElement[int]:
    """Say the number that sessions of this subject must carry to stand."""
    found = select(SessionEpoch.epoch).where(SessionEpoch.subject_id == subject).scalar_subquery()
    return func.coalesce(found, 0)


def session_stands(session_id: Value, subject: Value, epoch: Number) -> ColumnElement[bool]:
    """Say which session a token may speak for: its own, of its subject and epoch, not revoked, and not ended with all
    others of the subject since; nor, where somebody else acts in it, with all of his."""
    agent: ColumnElement[UUID | None] = Session.agent_id.expression
    return and_(
        Session.id == session_id,
        Session.subject_id == subject,
        Session.epoch == epoch,
        Session.revoked_at.is_(None),
        Session.epoch == present_epoch(Session.subject_id.expression),
        or_(agent.is_(None), Session.agent_epoch == present_epoch(agent)),
    )


_actor = (
    select(
        Session.role,
        Session.scope,
        func.coalesce(Session.authenticated_at, Session.created_at),
        Staff.role,
        Staff.division,
        Staff.disabled_at,
        Session.entrustment_id,
    )
    .outerjoin(Staff, Staff.id == Session.subject_id)
    .where(session_stands(asked("session"), asked("subject"), asked("epoch")))
)
_ACTOR, _ACTOR_REACHING = Prepared(_actor), Prepared(_actor.add_columns(*TELLING))


async def get_actor(
    db: ReadSession,
    subject: UUID,
    role: Role,
    session_id: UUID,
    epoch: int,
    *,
    enrolling: bool = False,
    reach: Reach | None = None,
) -> Actor:
    """Return the actor behind an access token, as things stand now, by one statement: a disabled or moved member of
    staff loses what the token once gave, with the next request. `enrolling`: a session that is good only for enrolling
    a second factor will do. `reach`: how far to see from now on, where that is known before the actor is.

    Raises:
        TokenRejected: the session was revoked, or the account is gone, disabled or of another role.
        SecondFactorMissing: the session is good only for enrolling a second factor.
    """
    known = {"session": session_id, "subject": subject, "epoch": epoch}
    if reach is None:
        found = await db.fetch(_ACTOR, **known)
    else:
        found = await db.fetch_and_reach(_ACTOR_REACHING, reach, **known)
    if not found or found[0][0] != role:
        raise TokenRejected
    _, scope, authenticated_at, post, division, disabled_at, entrustment, *_ = found[0]
    if role is Role.APPLICANT:
        return Actor(subject, role, None, session_id, authenticated_at, entrustment)
    if post != role or disabled_at is not None:
        raise TokenRejected
    if scope != Scope.FULL and not enrolling:
        raise SecondFactorMissing
    return Actor(subject, role, division, session_id, authenticated_at)


async def revoke_under(db: WriteSession, entrustment_id: UUID, now: datetime) -> None:
    """Revoke every session that was opened under an entrustment."""
    under = update(Session).where(Session.entrustment_id == entrustment_id, Session.revoked_at.is_(None))
    await db.execute(under.values(revoked_at=now))


async def get_epoch(db: ReadSession, subject: UUID) -> int:
    """Return the number that new sessions of a subject carry."""
    return (await db.execute(select(present_epoch(subject)))).scalar_one()


async def raise_epoch(db: WriteSession, subject: UUID) -> None:
    """End all sessions of a subject at once."""
    statement = insert(SessionEpoch).values(subject_id=subject, epoch=1)
    statement = statement.on_conflict_do_update(index_elements=["subject_id"], set_={"epoch": SessionEpoch.epoch + 1})
    await db.execute(statement)


async def find_session(db: ReadSession, session_id: UUID) -> Session | None:
    """Return a session, standing or not."""
    return await db.get(Session, session_id)


async def staff_knows_device(db: ReadSession, username: str, device: bytes) -> bool:
    """Say whether this member of staff signed in from this device before; by one statement for names of nobody, too."""
    owner = select(Staff.id).where(Staff.username == username).scalar_subquery()
    return await _has_signed_in(db, owner, device)


async def citizen_knows_device(db: ReadSession, phone: str, device: bytes) -> bool:
    """Say whether the owner of a phone signed in from this device before; likewise for phones without an account."""
    index = db.vault.index("citizens.phone", phone)
    owner = select(Citizen.id).where(Citizen.phone_index == index).scalar_subquery()
    return await _has_signed_in(db, owner, device)


async def _has_signed_in(db: ReadSession, subject: ScalarSelect[UUID], device: bytes) -> bool:
    seen = exists().where(Session.subject_id == subject, Session.device_index == device, Session.scope == Scope.FULL)
    return bool(await db.scalar(select(seen)))


async def find_sign_in(db: ReadSession, username: str) -> tuple[Staff, int, SecondFactor | None] | None:
    """Return a member of staff, disabled or not, the present epoch, and the second factor if it is confirmed."""
    query = (
        select(Staff, present_epoch(Staff.id.expression), SecondFactor)
        .outerjoin(SecondFactor, and_(SecondFactor.staff_id == Staff.id, SecondFactor.confirmed_at.is_not(None)))
        .where(Staff.username == username)
    )
    row = (await db.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


async def find_second_factor(db: ReadSession, staff_id: UUID, *, lock: bool = False) -> SecondFactor | None:
    """Return the second factor of a member of staff, confirmed or not."""
    return await db.get(SecondFactor, staff_id, with_for_update=lock or None)


async def take_step(db: WriteSession, staff_id: UUID, step: int) -> bool:
    """Use a time step of a confirmed second factor up; False when it, or a later one, was used before."""
    statement = (
        update(SecondFactor)
        .where(SecondFactor.staff_id == staff_id, SecondFactor.last_step < step)
        .where(SecondFactor.confirmed_at.is_not(None))
        .values(last_step=step)
        .returning(SecondFactor.staff_id)
    )
    return (await db.execute(statement)).one_or_none() is not None


async def take_recovery_code(db: WriteSession, staff_id: UUID, code_index: bytes, now: datetime) -> bool:
    """Use a recovery code up; False when it is not one, or was used."""
    statement = (
        update(RecoveryCode)
        .where(RecoveryCode.code_index == code_index, RecoveryCode.staff_id == staff_id)
        .where(RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.staff_id)
    )
    return (await db.execute(statement)).one_or_none() is not None


async def count_recovery_codes(db: ReadSession, staff_id: UUID) -> int:
    """Count the recovery codes that are left."""
    query = select(func.count()).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return int(await db.scalar(query) or 0)


async def delete_second_factor(db: WriteSession, staff_id: UUID) -> None:
    """Remove a second factor and its recovery codes."""
    await db.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    await db.execute(delete(SecondFactor).where(SecondFactor.staff_id == staff_id))


async def find_refresh_token(db: ReadSession, token_id: UUID) -> tuple[RefreshToken, Session] | None:
    """Return a refresh token and its session, the token locked."""
    query = (
        select(RefreshToken, Session)
        .join(Session, Session.id == RefreshToken.session_id)
        .where(RefreshToken.id == token_id)
        .with_for_update(of=RefreshToken)
    )
    row = (await db.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])
