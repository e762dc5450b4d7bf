"""Signing in: citizens by phone, staff by password."""

from app.core.crypto import GENERAL
from app.core.db import Database, WriteSession
from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.commands.sessions import SignedIn, start_session
from app.identity.errors import SignInRejected
from app.identity.keys import KeyRing
from app.identity.models import Citizen, Staff
from app.identity.numbers import read_phone
from app.identity.passwords import password_fits
from app.identity.queries import find_citizen_by_phone, find_staff_by_username


async def sign_in_citizen(db: WriteSession, ring: KeyRing, phone: str) -> SignedIn:
    """Open a session for the owner of `phone`, whose code was just taken; a first sign-in makes the account."""
    plain = read_phone(phone)
    citizen = await find_citizen_by_phone(db, plain)
    if citizen is None:
        row = new_id()
        citizen = Citizen(
            id=row,
            phone_sealed=db.vault.seal("citizens.phone", row, plain, division=GENERAL),
            phone_index=db.vault.index("citizens.phone", plain),
            created_at=db.clock.now(),
        )
        db.add(citizen)
        await db.flush()
    return await start_session(db, ring, citizen.id, Role.APPLICANT)


async def check_staff_password(database: Database, username: str, password: str) -> Staff:
    """Return the member of staff whose password it is. Takes the same time whether or not the name exists.

    Raises:
        SignInRejected: unknown, disabled, or the wrong password.
    """
    async with database.reading() as db:
        staff = await find_staff_by_username(db, username)
    # Outside any transaction: argon2 takes its time, a connection should not wait for it.
    fits = await password_fits(password, staff.password_hash if staff else None)
    if staff is None or not fits or staff.disabled_at is not None:
        raise SignInRejected
    return staff
