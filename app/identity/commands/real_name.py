"""Keeping a proved real name on an account."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.core.crypto import GENERAL
from app.core.db import WriteSession
from app.identity.errors import RealNameAlreadyProved
from app.identity.models import Citizen
from app.identity.queries import find_citizen_by_id_number, get_citizen


async def record_real_name(db: WriteSession, citizen_id: UUID, name: str, id_number: str) -> Citizen:
    """Keep the name and number that public security confirmed. The same pair again changes nothing.

    Raises:
        RealNameAlreadyProved: the account carries another number, or the number another account.
    """
    citizen = await get_citizen(db, citizen_id, lock=True)
    index = db.vault.index("citizens.id_number", id_number)
    if citizen.id_number_index is not None and citizen.id_number_index != index:
        raise RealNameAlreadyProved
    other = await find_citizen_by_id_number(db, id_number)
    if other is not None and other.id != citizen.id:
        raise RealNameAlreadyProved
    citizen.name = name
    citizen.id_number_index = index
    citizen.id_number_sealed = db.vault.seal("citizens.id_number", citizen.id, id_number, division=GENERAL)
    citizen.real_name_proved_at = citizen.real_name_proved_at or db.clock.now()
    try:
        await db.flush()
    except IntegrityError:  # another account proved the same number in this very moment
        raise RealNameAlreadyProved from None
    return citizen
