"""What a report says that comes after the grant: an agency that was silent answers, or contradicts what was entered by
hand, or says otherwise since it was asked anew about what somebody disputed.

Nothing follows by itself: what it says anew is put before the county, as with whatever a review finds.
"""

from collections.abc import Sequence
from uuid import UUID

from app.applications.models import Application
from app.applications.queries import get_application
from app.awards.comparing import changed_by_correction
from app.awards.errors import AwardNotFound
from app.awards.finding_models import AwardFinding
from app.awards.findings import FOUND_BY_DISPUTE, FOUND_BY_LATE_ANSWER, FoundChange, raise_finding
from app.awards.lifecycle import Status
from app.awards.models import Award
from app.awards.queries import find_award_of, get_award
from app.awards.unseen import changes_unseen, read_shown, said_before
from app.core.db import ReadSession, WriteSession
from app.facts import FactKey, Item
from app.identity.actors import SYSTEM
from app.verification.commands import settle_disputes
from app.verification.dispute_queries import list_asked_anew
from app.verification.models import HouseholdReport
from app.verification.queries import list_checks, open_report
from app.verification.report_queries import find_report_before, get_report


async def follow_report(db: WriteSession, application_id: UUID, report_id: UUID) -> tuple[AwardFinding, ...]:
    """See to what a report after the grant says: whose agency says otherwise about what was disputed now has its
    answer; and whatever is new is put before the county, once.

    Raises:
        ApplicationNotFound, ReportNotIssued: there is none.
        AwardNotFound: it was granted in this moment, and the award is to be opened yet; the job is tried again.
    """
    await settle_disputes(db, application_id, report_id)
    application = await get_application(db, SYSTEM, application_id, lock=True)
    award = await find_award_of(db, application_id)
    if award is None:
        raise AwardNotFound
    award = await get_award(db, SYSTEM, award.id, lock=True)
    if award.status == Status.STOPPED:
        return ()
    later = await get_report(db, SYSTEM, report_id)
    earlier = await find_report_before(db, later)
    corrected = await _corrected(db, award, earlier, later)
    found = [await _put(db, award, application, corrected, FOUND_BY_DISPUTE, later)] if corrected else []
    late = await _late(db, award, earlier, later)
    return tuple(found + ([await _put(db, award, application, late, FOUND_BY_LATE_ANSWER, later)] if late else []))


async def _put(
    db: WriteSession,
    award: Award,
    application: Application,
    changes: Sequence[FoundChange],
    found_by: str,
    later: HouseholdReport,
) -> AwardFinding:
    return await raise_finding(db, award, application, changes, found_by=found_by, campaign_id=None, report_id=later.id)


async def _corrected(
    db: ReadSession, award: Award, earlier: HouseholdReport | None, later: HouseholdReport
) -> Sequence[FoundChange]:
    disputes = await list_asked_anew(db, award.application_id)
    if earlier is None or not disputes:
        return ()
    return changed_by_correction(
        (await read_shown(db, award)).all,
        said_before(db, later, earlier),
        open_report(db, later),
        later.number,
        award.program,
        asked=frozenset(each.recheck_id for each in disputes if each.recheck_id is not None),
        disputed=frozenset((each.member_id, Item(each.item), FactKey(each.key)) for each in disputes),
    )


async def _late(
    db: ReadSession, award: Award, earlier: HouseholdReport | None, later: HouseholdReport
) -> Sequence[FoundChange]:
    """List what else is new. What a campaign asked is the campaign's to put before the county: nobody has seen it until
    then, whatever becomes of the rest."""
    campaigns = {check.id for check in await list_checks(db, award.application_id) if check.campaign_id is not None}
    of_campaigns = {
        (person.member, entry.item)
        for person, entry in open_report(db, later).entries()
        if entry.check is not None and entry.check in campaigns
    }
    unseen = await changes_unseen(db, award, later, earlier)
    return [change for change in unseen.changes if (change.member, change.item) not in of_campaigns]
