"""The second factor of staff: enrolled, confirmed by a first code, used, taken off by two administrators."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.core.crypto import GENERAL, Vault
from app.core.db import WriteSession
from app.core.errors import SamePersonNotAllowed
from app.core.ids import new_secret_code
from app.identity.actors import Actor, Scope
from app.identity.commands.sessions import end_all_sessions
from app.identity.errors import ProofRejected, SecondFactorInForce, SecondFactorNotFound
from app.identity.models import RecoveryCode, SecondFactor
from app.identity.queries import (
    delete_second_factor,
    find_second_factor,
    find_session,
    get_staff,
    take_recovery_code,
    take_step,
)
from app.identity.totp import enrolment_address, new_secret, step_of

_RECOVERY_CODES = 10
_SECRET = "second_factors.secret"  # noqa: S105 (a column's name) # nosec B105
RESET_WITHIN = timedelta(hours=24)  # of two administrators, the second after the first


@dataclass(frozen=True)
class Enrolment:
    """What is shown once: the secret for the authenticator, and the codes for the day it is lost."""

    address: str
    secret: str
    recovery_codes: tuple[str, ...]


async def enrol_second_factor(db: WriteSession, actor: Actor) -> Enrolment:
    """Make a secret and recovery codes; they count once `confirm_second_factor` saw a code. Until then one may begin
    anew, and what was shown before is worth nothing.

    Raises:
        SecondFactorInForce: there is a confirmed one.
    """
    staff = await get_staff(db, actor.id, lock=True)  # of two at once, the second replaces the first
    standing = await find_second_factor(db, actor.id, lock=True)
    if standing is not None and standing.confirmed_at is not None:
        raise SecondFactorInForce
    await delete_second_factor(db, actor.id)
    secret, codes = new_secret(), tuple(new_secret_code() for _ in range(_RECOVERY_CODES))
    db.add(
        SecondFactor(
            staff_id=actor.id,
            secret_sealed=db.vault.seal(_SECRET, actor.id, secret, division=GENERAL),
            created_at=db.clock.now(),
            last_step=0,
        )
    )
    db.add_all(RecoveryCode(code_index=_code_index(db.vault, actor.id, code), staff_id=actor.id) for code in codes)
    await db.flush()
    return Enrolment(enrolment_address(secret, staff.username), secret, codes)


async def confirm_second_factor(db: WriteSession, actor: Actor, totp: str) -> SecondFactor:
    """Put the second factor in force by a first code. A session that was good only for this is good for all now.

    Raises:
        SecondFactorNotFound: nothing was enrolled.
        SecondFactorInForce: it was confirmed before.
        ProofRejected: the code does not fit.
    """
    factor = await find_second_factor(db, actor.id, lock=True)
    if factor is None:
        raise SecondFactorNotFound
    if factor.confirmed_at is not None:
        raise SecondFactorInForce
    step = step_of(db.vault.open(_SECRET, actor.id, factor.secret_sealed), totp, db.clock.now())
    if step is None:
        raise ProofRejected
    factor.confirmed_at, factor.last_step = db.clock.now(), step
    session = await find_session(db, actor.session) if actor.session else None
    if session is not None:
        session.scope = Scope.FULL
    await db.flush()
    return factor


async def take_code_of(
    db: WriteSession, staff_id: UUID, *, totp: str | None = None, recovery: str | None = None
) -> bool:
    """Use a code up and say whether it was good. Of many tries with one code at once, one succeeds."""
    if recovery is not None:
        return await take_recovery_code(db, staff_id, _code_index(db.vault, staff_id, recovery), db.clock.now())
    factor = await find_second_factor(db, staff_id)
    if factor is None or totp is None:
        return False
    step = step_of(db.vault.open(_SECRET, staff_id, factor.secret_sealed), totp, db.clock.now())
    return step is not None and await take_step(db, staff_id, step)


async def reset_second_factor(db: WriteSession, actor: Actor, staff_id: UUID) -> bool:
    """Take a second factor off, for somebody who lost it; all sessions end. Two administrators do it, the second within
    a day: one alone, who may know the first password, could become anybody. Returns whether it is off now.

    Raises:
        SamePersonNotAllowed: their own.
        SecondFactorNotFound: there is none.
    """
    if staff_id == actor.id:
        raise SamePersonNotAllowed
    factor = await find_second_factor(db, staff_id, lock=True)
    if factor is None:
        raise SecondFactorNotFound
    now = db.clock.now()
    asked = factor.reset_asked_at is not None and now - factor.reset_asked_at <= RESET_WITHIN
    if not asked or factor.reset_by in (None, actor.id):
        factor.reset_by, factor.reset_asked_at = actor.id, now
        await db.flush()
        return False
    await delete_second_factor(db, staff_id)
    await end_all_sessions(db, staff_id)
    return True


def _code_index(vault: Vault, staff_id: UUID, code: str) -> bytes:
    plain = code.replace("-", "").replace(" ", "").upper()
    return vault.index("recovery_codes.code", f"{staff_id}\0{plain}")
