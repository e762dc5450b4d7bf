"""Signing in: citizens by phone, staff by password and, once they have one, by their second factor."""

from dataclasses import dataclass
from uuid import UUID

from app.core.crypto import GENERAL
from app.core.db import Database, ReadSession, WriteSession
from app.core.ids import new_id
from app.identity.actors import Role, Scope
from app.identity.commands.second_factor import take_code_of
from app.identity.commands.sessions import SignedIn, start_session
from app.identity.devices import device_index
from app.identity.errors import ProofRejected, SecondFactorRejected, SecondFactorRequired, SignInRejected, TokenRejected
from app.identity.keys import KeyRing
from app.identity.models import Citizen, Staff
from app.identity.numbers import read_phone
from app.identity.passwords import password_fits
from app.identity.queries import (
    citizen_knows_device,
    find_citizen_by_phone,
    find_sign_in,
    get_staff,
    staff_knows_device,
)


@dataclass(frozen=True)
class Credentials:
    """Whose password it was, the epoch it was read in, and whether a second factor has to follow."""

    staff: Staff
    epoch: int
    has_factor: bool


@dataclass(frozen=True)
class Code:
    """What stands for the second factor: the authenticator's code or a recovery code."""

    totp: str | None = None
    recovery: str | None = None

    @property
    def is_given(self) -> bool:
        """Say whether there is any."""
        return self.totp is not None or self.recovery is not None


async def sign_in_citizen(db: WriteSession, ring: KeyRing, phone: str, *, device: str | None = None) -> SignedIn:
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
    return await start_session(db, ring, citizen.id, Role.APPLICANT, device=device)


async def is_own_device(database: Database, username: str, device: str | None) -> bool:
    """Say whether this member of staff signed in from this device before."""
    index = device_index(database.vault, device)
    if index is None:
        return False
    async with database.reading() as db:
        return await staff_knows_device(db, username, index)


async def is_own_phone(db: ReadSession, phone: str, device: str | None) -> bool:
    """Say whether the owner of this phone signed in from this device before."""
    index = device_index(db.vault, device)
    return index is not None and await citizen_knows_device(db, read_phone(phone), index)


async def check_staff_password(database: Database, username: str, password: str) -> Credentials:
    """Return whose password it is. Does the same work whether or not the name exists.

    Raises:
        SignInRejected: unknown, disabled, or the wrong password.
        SignInBusy: too many passwords wait to be checked.
    """
    async with database.reading() as db:
        found = await find_sign_in(db, username)
    # Outside any transaction: argon2 takes its time, a connection should not wait for it.
    fits = await password_fits(password, found[0].password_hash if found else None)
    if found is None or not fits or found[0].disabled_at is not None:
        raise SignInRejected
    staff, epoch, factor = found
    return Credentials(staff, epoch, factor is not None)


async def sign_in_staff(
    database: Database,
    ring: KeyRing,
    credentials: Credentials,
    code: Code,
    *,
    factor_required: bool,
    device: str | None = None,
) -> SignedIn:
    """Open a session for whoever knew the password. Without a second factor, where one is required, the session is good
    only for enrolling one.

    Raises:
        SecondFactorRequired: there is a second factor, and no code came with the password.
        SecondFactorRejected: the code is wrong, too old, or was used before.
    """
    if credentials.has_factor and not code.is_given:
        raise SecondFactorRequired
    staff = credentials.staff
    async with database.unit_of_work() as db:
        if credentials.has_factor and not await take_code_of(db, staff.id, totp=code.totp, recovery=code.recovery):
            raise SecondFactorRejected
        scope = Scope.FULL if credentials.has_factor or not factor_required else Scope.ENROLMENT
        return await start_session(
            db, ring, staff.id, Role(staff.role), epoch=credentials.epoch, device=device, scope=scope
        )


async def check_presence(
    database: Database, staff_id: UUID, *, password: str | None = None, totp: str | None = None
) -> None:
    """Make sure that who holds a session is its owner, by the password or the authenticator's code.

    Raises:
        ProofRejected: neither fits, or the code was used before.
        SignInBusy: too many passwords wait to be checked.
        TokenRejected: the account is closed.
    """
    async with database.unit_of_work() as db:
        staff = await get_staff(db, staff_id)
        fits = totp is not None and await take_code_of(db, staff_id, totp=totp)
    if staff.disabled_at is not None:
        raise TokenRejected
    if not fits and password is not None:
        fits = await password_fits(password, staff.password_hash)
    if not fits:
        raise ProofRejected
