"""What follows from a supporter's word: he is asked about on it, and no more once he withdrew it."""

from uuid import UUID

from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.core.db import WriteSession
from app.identity.actors import SYSTEM
from app.verification.commands.cancelling import cancel_void_checks
from app.verification.commands.opening import load_ways, open_for_supporters
from app.verification.queries import list_checks


async def follow_supporters(db: WriteSession, application_id: UUID) -> None:
    """Cancel what nothing authorises any more, and put down what a supporter has authorised. Before the household's own
    questions are down nothing is: they are put down together.

    Raises:
        ApplicationNotFound: there is none.
    """
    await cancel_void_checks(db, application_id)
    application = await get_application(db, SYSTEM, application_id, lock=True)
    if application.status == ApplicationStatus.ACCEPTED and await list_checks(db, application_id):
        await open_for_supporters(db, application, await load_ways(db, application))
