"""Following a complaint by number and code, without sign-in."""

import hmac

from app.complaints.commands.filing import code_text
from app.complaints.errors import ComplaintNotFound
from app.complaints.models import Complaint
from app.complaints.queries import find_by_number
from app.core.db import Database
from app.core.ids import number_is_valid


async def look_up_complaint(database: Database, number: str, code: str) -> Complaint:
    """Return the complaint whose number and code these are. An unknown number and a wrong code answer the same.

    Raises:
        ComplaintNotFound: they do not belong together.
    """
    plain, secret = number.strip().upper(), code.strip().upper()
    if not number_is_valid(plain):
        raise ComplaintNotFound
    async with database.reading() as db:
        complaint = await find_by_number(db, plain)
        given = db.vault.index("complaints.code", code_text(plain, secret))
        if not hmac.compare_digest(complaint.code_index if complaint else b"", given) or complaint is None:
            raise ComplaintNotFound
    return complaint
