"""One-time codes: made, taken once, five attempts. How many a phone may ask for is a limit (limits/policies.py)."""

import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from app.core.crypto import GENERAL
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.devices import device_index
from app.identity.models import OneTimeCode
from app.identity.numbers import read_phone
from app.identity.queries import find_live_code

CODE_LIFETIME = timedelta(minutes=5)
MAX_ATTEMPTS = 5


async def request_code(db: WriteSession, phone: str, *, device: str | None = None) -> UUID:
    """Make a code for `phone`; returns the id of its row, for the job that sends it. A code that a device asked for is
    good on that device only: tries from elsewhere use none of its attempts up.

    Raises:
        PhoneMalformed: not a mobile number.
    """
    plain, now = read_phone(phone), db.clock.now()
    row = new_id()
    code = f"{secrets.randbelow(10**6):06d}"
    db.add(
        OneTimeCode(
            id=row,
            phone_sealed=db.vault.seal("one_time_codes.phone", row, plain, division=GENERAL),
            phone_index=db.vault.index("one_time_codes.phone", plain),
            code_sealed=db.vault.seal("one_time_codes.code", row, code, division=GENERAL),
            device_index=device_index(db.vault, device),
            attempts=0,
            created_at=now,
            expires_at=now + CODE_LIFETIME,
        )
    )
    await db.flush()
    return row


async def take_code(db: WriteSession, phone: str, code: str, *, device: str | None = None) -> bool:
    """Use up the newest live code of `phone` on this device and say whether `code` is it.

    Says no instead of raising: a wrong attempt must be counted, and a raised refusal would undo the count.
    """
    now = db.clock.now()
    row = await find_live_code(db, read_phone(phone), device_index(db.vault, device), now)
    if row is None or row.attempts >= MAX_ATTEMPTS:
        return False
    row.attempts += 1
    fits = hmac.compare_digest(db.vault.open("one_time_codes.code", row.id, row.code_sealed), code)
    if fits:
        row.used_at = now
    await db.flush()
    return fits
