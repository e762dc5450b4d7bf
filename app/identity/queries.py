"""Reads of identity."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.db import ReadSession, WriteSession
from app.identity.actors import Actor, Role
from app.identity.errors import StaffNotFound, TokenRejected
from app.identity.models import Citizen, Guess, OneTimeCode, RefreshToken, Session, Staff

Value = UUID | BindParameter[UUID]  # known now, or when a hot read is asked


async def find_citizen_by_phone(db: ReadSession, phone: str) -> Citizen | None:
    """Return the account of a phone."""
    index = db.vault.index("citizens.phone", phone)
    return (await db.execute(select(Citizen).where(Citizen.phone_index == index))).scalar_one_or_none()


async def find_citizen_by_id_number(db: ReadSession, id_number: str) -> Citizen | None:
    """Return the account that proved this identity number."""
    index = db.vault.index("citizens.id_number", id_number)
    return (await db.execute(select(Citizen).where(Citizen.id_number_index == index))).scalar_one_or_none()


async def get_citizen(db: ReadSession, citizen_id: UUID, *, lock: bool = False) -> Citizen:
    """Return an account.

    Raises:
        TokenRejected: there is none; whoever asks holds a token for nobody.
    """
    found = await db.get(Citizen, citizen_id, with_for_update=lock or None)
    if found is None:
        raise TokenRejected
    return found


async def find_live_code(db: ReadSession, phone: str, now: datetime) -> OneTimeCode | None:
    """Return the newest unused, unexpired code of a phone, locked."""
    query = (
        select(OneTimeCode)
        .where(OneTimeCode.phone_index == db.vault.index("one_time_codes.phone", phone))
        .where(OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
        .order_by(OneTimeCode.created_at.desc(), OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    return (await db.execute(query)).scalar_one_or_none()


async def find_staff_by_username(db: ReadSession, username: str) -> Staff | None:
    """Return a member of staff, disabled or not."""
    return (await db.execute(select(Staff).where(Staff.username == username))).scalar_one_or_none()


async def get_staff(db: ReadSession, staff_id: UUID) -> Staff:
    """Return a member of staff.

    Raises:
        StaffNotFound: there is none.
    """
    found = await db.get(Staff, staff_id)
    if found is None:
        raise StaffNotFound
    return found


async def list_staff(
    db: ReadSession, low: str, high: str, *, after: str = "", limit: int | None = None
) -> Sequence[Staff]:
    """Return the staff of the divisions from low to high, by user name, later than `after`."""
    query = select(Staff).where(Staff.division.between(low, high), Staff.username > after)
    return (await db.execute(query.order_by(Staff.username).limit(limit))).scalars().all()


def session_stands(session_id: Value, subject: Value) -> ColumnElement[bool]:
    """Say which session a token may speak for: its own, of its subject, and not revoked."""
    return and_(Session.id == session_id, Session.subject_id == subject, Session.revoked_at.is_(None))


async def get_actor(db: ReadSession, subject: UUID, role: Role, session_id: UUID) -> Actor:
    """Return the actor behind an access token, as things stand now: a disabled or moved member of staff loses what
    the token once gave, with the next request.

    Raises:
        TokenRejected: the session was revoked, or the account is gone, disabled or of another role.
    """
    if await db.scalar(select(Session.id).where(session_stands(session_id, subject))) is None:
        raise TokenRejected
    if role is Role.APPLICANT:
        return Actor(subject, role, None, session_id)
    staff = await db.get(Staff, subject)
    if staff is None or staff.disabled_at is not None or staff.role != role:
        raise TokenRejected
    return Actor(subject, Role(staff.role), staff.division, session_id)


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


async def count_guess(db: WriteSession, key: bytes, now: datetime, over: datetime) -> tuple[int, datetime]:
    """Count one more try, from one again where the count began before `over`; returns the count and its beginning."""
    anew = Guess.since <= over
    statement = insert(Guess).values(key=key, tries=1, since=now)
    statement = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={"tries": case((anew, 1), else_=Guess.tries + 1), "since": case((anew, now), else_=Guess.since)},
    )
    row = (await db.execute(statement.returning(Guess.tries, Guess.since))).one()
    return row[0], row[1]


async def uncount_guess(db: WriteSession, key: bytes) -> None:
    """Take one try off a count."""
    await db.execute(update(Guess).where(Guess.key == key, Guess.tries > 0).values(tries=Guess.tries - 1))


async def delete_guesses_before(db: WriteSession, over: datetime) -> None:
    """Remove counts that began before an instant."""
    await db.execute(delete(Guess).where(Guess.since <= over))
