"""Managing staff accounts."""

from uuid import UUID

from app.core.db import Database, WriteSession
from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.commands.sessions import end_all_sessions
from app.identity.commands.sign_in import check_presence
from app.identity.errors import PasswordTooSimple, UsernameTaken
from app.identity.models import Staff
from app.identity.passwords import hash_password
from app.identity.queries import find_staff_by_username, get_staff

_LEAST_DIFFERENT = 6  # characters


async def add_staff(db: WriteSession, username: str, password: str, name: str, role: Role, division: str) -> Staff:
    """Open a staff account.

    Raises:
        PasswordTooSimple: it hardly varies.
        UsernameTaken: there is one of this name.
    """
    _refuse_simple(password)
    if await find_staff_by_username(db, username) is not None:
        raise UsernameTaken
    staff = Staff(
        id=new_id(),
        username=username,
        password_hash=await hash_password(password),
        name=name,
        role=role,
        division=division,
        created_at=db.clock.now(),
    )
    db.add(staff)
    await db.flush()
    return staff


async def disable_staff(db: WriteSession, staff_id: UUID) -> Staff:
    """Close a staff account; its next request is refused, and no session of before comes back with it.

    Raises:
        StaffNotFound: there is none.
    """
    staff = await get_staff(db, staff_id)
    staff.disabled_at = staff.disabled_at or db.clock.now()
    await end_all_sessions(db, staff_id)
    await db.flush()
    return staff


async def move_staff(db: WriteSession, staff_id: UUID, role: Role, division: str) -> Staff:
    """Give a member of staff another post. All sessions end: what was opened for the old post is closed.

    Raises:
        StaffNotFound: there is none.
    """
    staff = await get_staff(db, staff_id, lock=True)
    staff.role, staff.division = role, division
    await end_all_sessions(db, staff_id)
    await db.flush()
    return staff


async def change_password(database: Database, staff_id: UUID, *, present: str, following: str) -> None:
    """Give a member of staff the password of their own choosing. All sessions end, on every device.

    Raises:
        PasswordTooSimple: it hardly varies.
        ProofRejected: the present password is another.
        SignInBusy: too many passwords wait to be checked.
        StaffNotFound: there is no such account.
    """
    _refuse_simple(following)
    await check_presence(database, staff_id, password=present)
    fresh = await hash_password(following)
    async with database.unit_of_work() as db:
        staff = await get_staff(db, staff_id, lock=True)
        staff.password_hash = fresh
        await end_all_sessions(db, staff_id)


def _refuse_simple(password: str) -> None:
    if len(set(password)) < _LEAST_DIFFERENT:
        raise PasswordTooSimple
