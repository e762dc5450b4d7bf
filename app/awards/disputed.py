"""What is disputed while an award is in force: what a review found counts against the household like what was found
before the grant, and is put right the same way.

Nothing is lowered or stopped by it, nor raised: where the agency says otherwise than it did, the county looks, as with
whatever a review finds.
"""

from collections.abc import Sequence
from uuid import UUID

from app.applications.commands.documents import StoredFile
from app.applications.queries import get_application
from app.awards.comparing import changed_by_correction
from app.awards.finding_models import AwardFinding
from app.awards.findings import FOUND_BY_DISPUTE, raise_finding
from app.awards.lifecycle import Status
from app.awards.queries import find_award_of, get_award
from app.core.db import WriteSession
from app.facts import FactKey, Item
from app.identity.actors import SYSTEM, Actor
from app.verification.commands import (
    Disputed,
    cancel_rechecks,
    let_disputes_lapse,
    raise_dispute,
    settle_disputes,
)
from app.verification.dispute_models import ReportDispute
from app.verification.dispute_queries import list_asked_anew
from app.verification.queries import open_report
from app.verification.report_queries import find_report_before, get_report, get_sight


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


async def follow_report(db: WriteSession, application_id: UUID, report_id: UUID) -> AwardFinding | None:
    """See to what a report after the grant says of what was disputed: whose agency says otherwise now has its answer,
    and what an agency that was asked anew says otherwise is put before the county, once.

    Raises:
        ApplicationNotFound, ReportNotIssued: there is none.
    """
    await settle_disputes(db, application_id, report_id)
    application = await get_application(db, SYSTEM, application_id, lock=True)
    award = await find_award_of(db, application_id)
    later = await get_report(db, SYSTEM, report_id)
    earlier = await find_report_before(db, later)
    if award is None or earlier is None:
        return None
    award = await get_award(db, SYSTEM, award.id, lock=True)
    if award.status == Status.STOPPED:
        return None
    disputes = await list_asked_anew(db, application_id)
    changes = changed_by_correction(
        open_report(db, earlier),
        open_report(db, later),
        award.program,
        asked=frozenset(each.recheck_id for each in disputes if each.recheck_id is not None),
        disputed=frozenset((each.member_id, Item(each.item), FactKey(each.key)) for each in disputes),
    )
    if not changes:
        return None
    return await raise_finding(
        db, award, application, changes, found_by=FOUND_BY_DISPUTE, campaign_id=None, since_report=earlier.id
    )


async def end_what_is_disputed(db: WriteSession, application_id: UUID) -> None:
    """Let what is disputed lapse, and ask nothing more because of it: the award is not in force any more.

    Raises:
        ApplicationNotFound: there is none.
    """
    await let_disputes_lapse(db, application_id)
    await cancel_rechecks(db, application_id)
