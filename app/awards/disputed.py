"""What is disputed while an award is in force: what a review found counts against the household like what was found
before the grant, and is put right the same way.

Nothing is lowered or stopped by it, nor raised: where the agency says otherwise than it did, the county looks, as with
whatever a review finds (`following`). And as nobody is refused before the grant, nothing is lowered or stopped on what
was found while the agency has time to answer.
"""

from collections.abc import Sequence
from uuid import UUID

from app.applications.commands.documents import StoredFile
from app.applications.models import Application
from app.applications.queries import get_application
from app.awards.errors import FindingDisputed
from app.awards.lifecycle import RESTS_ON_FINDINGS, AdjustGround, Status, StopGround
from app.awards.queries import find_award_of
from app.core.db import WriteSession
from app.identity.actors import SYSTEM, Actor
from app.verification.commands import Disputed, cancel_rechecks, let_disputes_lapse, raise_dispute
from app.verification.dispute_models import ReportDispute
from app.verification.report_queries import get_sight
from app.verification.waiting import find_awaited


async def dispute_finding(
    db: WriteSession, actor: Actor, application_id: UUID, said: Disputed, evidence: Sequence[StoredFile] = ()
) -> ReportDispute:
    """Take a dispute in, of a report before the decision, or of a later one while the award is in force.

    Raises:
        whatever `raise_dispute` says.
    """
    await get_sight(db, actor, application_id)  # first of all: nothing is locked for who is not in it
    async with db.wider():  # listed in another's household one sees neither its application nor its award
        await get_application(db, SYSTEM, application_id, lock=True)
        award = await find_award_of(db, application_id)
    in_force = award is not None and award.status != Status.STOPPED
    return await raise_dispute(db, actor, application_id, said, evidence, in_force=in_force)


async def refuse_disputed(db: WriteSession, application: Application, ground: StopGround | AdjustGround) -> None:
    """Refuse to stop or lower an award on what was found while something found is disputed and its agency has time to
    answer. Death, the household's own wish, refused work and a changed standard rest on nothing of it.

    Past the agency's day, its silence holds up nothing more. The application is locked by whoever calls.

    Raises:
        FindingDisputed: its detail says what is waited for, and until when.
    """
    if ground not in RESTS_ON_FINDINGS:
        return
    awaited = await find_awaited(db, application)
    if awaited is None:
        return
    if awaited.until is None:
        raise FindingDisputed("dispute_letter_unsent", count=awaited.fields)
    raise FindingDisputed("dispute_answer_until", count=awaited.fields, until=awaited.until.isoformat())


async def end_what_is_disputed(db: WriteSession, application_id: UUID) -> None:
    """Let what is disputed lapse, and ask nothing more because of it: the award is not in force any more.

    Raises:
        ApplicationNotFound: there is none.
    """
    await let_disputes_lapse(db, application_id)
    await cancel_rechecks(db, application_id)
