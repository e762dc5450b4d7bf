"""Keeping a proved real name on an account."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.core.crypto import GENERAL
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.identity.errors import RealNameAlreadyProved, RealNameMismatch
from app.identity.models import Citizen
from app.identity.queries import find_citizen_by_id_number, find_citizen_by_phone, get_citizen
from app.identity.real_names import put_real_name


async def refuse_other_number(db: ReadSession, citizen_id: UUID, id_number: str) -> bool:
    """Refuse an account that carries another number already, before anybody is asked about this one; say whether the
    number is another account's, which only the caller may know.

    Raises:
        RealNameAlreadyProved: the account carries another number.
    """
    citizen = await get_citizen(db, citizen_id)
    if citizen.id_number_index not in (None, db.vault.index("citizens.id_number", id_number)):
        raise RealNameAlreadyProved
    async with db.wider():
        other = await find_citizen_by_id_number(db, id_number)
    return other is not None and other.id != citizen_id


async def open_account(db: WriteSession, name: str, id_number: str, phone: str | None) -> Citizen:
    """Return the account of a person whom public security knows; where she has none, a new one, with her telephone
    unless that opens another account already."""
    existing = await find_citizen_by_id_number(db, id_number)
    if existing is not None:
        return existing
    if phone is not None and await find_citizen_by_phone(db, phone) is not None:
        phone = None
    row = new_id()
    citizen = Citizen(
        id=row,
        phone_sealed=None if phone is None else db.vault.seal("citizens.phone", row, phone, division=GENERAL),
        phone_index=None if phone is None else db.vault.index("citizens.phone", phone),
        created_at=db.clock.now(),
    )
    db.add(citizen)
    await db.flush()
    return await record_real_name(db, row, name, id_number)


def phone_of(db: ReadSession, citizen: Citizen) -> str | None:
    """Return the telephone of an account; None where it has none."""
    sealed = citizen.phone_sealed
    return None if sealed is None else db.vault.open("citizens.phone", citizen.id, sealed)


async def record_real_name(db: WriteSession, citizen_id: UUID, name: str, id_number: str) -> Citizen:
    """Keep the name and number that public security confirmed. The same pair again changes nothing.

    Raises:
        RealNameAlreadyProved: the account carries another number.
        RealNameMismatch: the number is another account's.
    """
    citizen = await get_citizen(db, citizen_id, lock=True)
    index = db.vault.index("citizens.id_number", id_number)
    if citizen.id_number_index is not None and citizen.id_number_index != index:
        raise RealNameAlreadyProved
    async with db.wider():
        other = await find_citizen_by_id_number(db, id_number)
    if other is not None and other.id != citizen.id:
        raise RealNameMismatch
    put_real_name(db, citizen, name)
    citizen.id_number_index = index
    citizen.id_number_sealed = db.vault.seal("citizens.id_number", citizen.id, id_number, division=GENERAL)
    citizen.real_name_proved_at = citizen.real_name_proved_at or db.clock.now()
    try:
        await db.flush()
    except IntegrityError:  # another account proved the same number in this very moment
        raise RealNameMismatch from None
    return citizen
