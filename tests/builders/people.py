"""Synthetic people for tests: names begin 测试, area code 539900 is no place."""

from datetime import date
from itertools import count

from stdnum.iso7064 import mod_11_2

from app.core.crypto import GENERAL
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.identity.commands import record_real_name
from app.identity.models import Citizen, Staff

_sequence = count(1)


def make_id_number(born: date = date(1980, 5, 17), sequence: int | None = None) -> str:
    """Return a correct identity number of nobody."""
    body = f"539900{born:%Y%m%d}{(sequence or next(_sequence)) % 1000:03d}"
    return body + mod_11_2.calc_check_digit(body)


def make_phone() -> str:
    """Return a phone number of nobody."""
    return f"1900000{next(_sequence) % 10000:04d}"


async def build_citizen(db: WriteSession, *, name: str = "测试甲", id_number: str | None = None) -> Actor:
    """Open an account with a proved real name; returns its actor."""
    row, phone = new_id(), make_phone()
    db.add(
        Citizen(
            id=row,
            phone_sealed=db.vault.seal("citizens.phone", row, phone, division=GENERAL),
            phone_index=db.vault.index("citizens.phone", phone),
            created_at=db.clock.now(),
        )
    )
    await db.flush()
    await record_real_name(db, row, name, id_number or make_id_number())
    return Actor(row, Role.APPLICANT)


async def build_staff(db: WriteSession, role: Role, division: str, *, username: str | None = None) -> Actor:
    """Open a staff account that cannot sign in by password; returns its actor."""
    staff = Staff(
        id=new_id(),
        username=username or f"{role}-{next(_sequence)}",
        password_hash="none",
        name="测试经办",
        role=role,
        division=division,
        created_at=db.clock.now(),
    )
    db.add(staff)
    await db.flush()
    return Actor(staff.id, role, division)
