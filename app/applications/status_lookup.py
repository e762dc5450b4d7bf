"""Where an application stands, told to whoever holds its receipt number and a second fact, without sign-in."""

import hmac
from collections.abc import Sequence

from app.applications.errors import ApplicationNotFound
from app.applications.models import Application, ApplicationStep
from app.applications.queries import find_by_number_with_owner, list_steps
from app.core.db import Database, ReadSession
from app.core.ids import number_is_valid
from app.identity.models import Citizen


async def look_up_status(
    database: Database, number: str, *, lookup_code: str | None, id_number_last4: str | None
) -> tuple[Application, Sequence[ApplicationStep]]:
    """Return the application of a receipt number and its steps, if the code given at submission or the last four
    characters of the applicant's identity number fit. An unknown number and a wrong fact answer the same.

    Raises:
        ApplicationNotFound: they do not belong together.
    """
    plain = number.strip().upper()
    if not number_is_valid(plain):
        raise ApplicationNotFound
    async with database.reading() as db:
        application, owner = await find_by_number_with_owner(db, plain) or (None, None)
        by_code = _same(application.lookup_code if application else None, lookup_code)
        by_number = _same(_last4(db, owner), id_number_last4)
        if application is None or not (by_code or by_number):
            raise ApplicationNotFound
        steps = await list_steps(db, application.id)
    return application, steps


def _same(known: str | None, given: str | None) -> bool:
    if known is None or given is None:
        return False
    return hmac.compare_digest(known.encode(), given.strip().upper().encode())


def _last4(db: ReadSession, citizen: Citizen | None) -> str | None:
    if citizen is None or citizen.id_number_sealed is None:
        return None
    return db.vault.open("citizens.id_number", citizen.id, citizen.id_number_sealed)[-4:]
