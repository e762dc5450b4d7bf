"""Asking again where answers have grown too old to decide by (domain 3.5)."""

from datetime import timedelta
from uuid import UUID

from app.applications.household import live_authorisation
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application, get_whole_application
from app.core.clock import today
from app.core.db import WriteSession
from app.identity.actors import SYSTEM
from app.verification.commands.rechecking import ask_again
from app.verification.models import Check
from app.verification.queries import find_current_report, has_open_checks, open_report
from app.verification.report import grown_old, has_expired

# What would grow too old before long is asked with the rest: each later report has the township judge anew.
_BEFORE_LONG = timedelta(days=30)


async def renew_report(db: WriteSession, application_id: UUID) -> list[Check]:
    """Ask anew what an expired report rests on, of members whose authorisation is in force; returns what was asked.

    Nothing is asked while agencies are being asked already, nor once the application is decided or ended.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    report = await find_current_report(db, application_id)
    on = today(db.clock)
    if application.status != ApplicationStatus.ACCEPTED or report is None or not has_expired(report, on):
        return []
    if await has_open_checks(db, application_id):
        return []
    whole = await get_whole_application(db, SYSTEM, application_id)
    old = grown_old(open_report(db, report), on + _BEFORE_LONG)
    checks = {check for member, check in old if live_authorisation(whole, member) is not None}
    return await ask_again(db, SYSTEM, application, checks) if checks else []
