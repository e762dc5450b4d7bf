"""Managing staff accounts."""

from uuid import UUID

from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Role
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
    if len(set(password)) < _LEAST_DIFFERENT:
        raise PasswordTooSimple
    if await find_staff_by_username(db, username) is not None:
        raise UsernameTaken
    staff = Staff(
        id=new_id(),
        username=username,
        password_hash=hash_password(password),
        name=name,
        role=role,
        division=division,
        created_at=db.clock.now(),
    )
    db.add(staff)
    await db.flush()
    return staff


async def disable_staff(db: WriteSession, staff_id: UUID) -> Staff:
    """Close a staff account; its next request is refused.

    Raises:
        StaffNotFound: there is none.
    """
    staff = await get_staff(db, staff_id)
    staff.disabled_at = staff.disabled_at or db.clock.now()
    await db.flush()
    return staff
