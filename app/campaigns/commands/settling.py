"""Seeing to what came of it for a household: a new report, or what was matched; and what a person is to look at."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from app.applications.clocks import Responsible, StepKind
from app.applications.models import Application
from app.applications.queries import get_application
from app.applications.steps import close_step, open_step_until
from app.awards.comparing import matched
from app.awards.findings import FoundChange, raise_finding
from app.awards.lifecycle import Status as AwardStatus
from app.awards.queries import get_award
from app.awards.unseen import Unseen, changes_unseen, matched_unseen
from app.campaigns.lifecycle import REVIEWS, HouseholdStatus, Outcome, QuestionStatus
from app.campaigns.models import Campaign, CampaignHousehold, CampaignQuestion
from app.campaigns.queries.settling import began_to_ask, list_questions, take_household
from app.core.db import WriteSession
from app.facts import Item
from app.identity.actors import SYSTEM
from app.verification.commands import conclude
from app.verification.queries import facts_found, find_current_report, get_check, has_open_checks
from app.verification.report_queries import find_report_at

REVIEW_BASIS = "最低生活保障审核确认办法 第三十一条"
# Something else asks agencies about the same household: its answers belong into the same report.
_LOOKED_AT_AGAIN = timedelta(minutes=10)


async def show_review(db: WriteSession, household_id: UUID, application_id: UUID) -> None:
    """Let the timeline tell that a review runs. The law sets no time within which agencies have answered in one: there
    is none that could be overdue, and the step ends with the household's report.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    household, _ = await take_household(db, household_id)
    if household.step_due and household.status in (HouseholdStatus.RUNNING, HouseholdStatus.READY):
        kind, who = StepKind.PERIODIC_REVIEW, Responsible.AGENCIES
        await open_step_until(db, application, kind, who, None, REVIEW_BASIS)
    household.step_due = False
    await db.flush()


async def settle_household(db: WriteSession, household_id: UUID, application_id: UUID) -> Outcome | None:
    """See to what came of it for one household, once: issue the report of a review, and put before a person what is
    new. None where it is not the time: nothing changes then but when it is looked at again.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    household, campaign = await take_household(db, household_id)
    if household.status != HouseholdStatus.READY:
        return None
    questions = await list_questions(db, household.id)
    review = campaign.kind in REVIEWS
    if review and await has_open_checks(db, application.id):
        household.look_at = db.clock.now() + _LOOKED_AT_AGAIN
        await db.flush()
        return None
    unseen = await (_review(db, application, household) if review else _match(db, household, campaign, questions))
    household.finding_id = await _put_before_a_person(db, application, household, campaign, unseen)
    outcome = _outcome(questions, differs=household.finding_id is not None)
    household.status, household.outcome = HouseholdStatus.SETTLED, outcome
    household.settled_at, household.step_due = db.clock.now(), False
    if review:
        await close_step(db, application, StepKind.PERIODIC_REVIEW, outcome.value)
    await db.flush()
    return outcome


async def _review(db: WriteSession, application: Application, household: CampaignHousehold) -> Unseen:
    """Return what the county has not seen. What is no sum is compared with the report as well that there was when the
    campaign began to ask: others may have come since, by a late answer to something else, or by this campaign before
    the last of its own answers, and nothing that is new may go unseen for it."""
    current = await find_current_report(db, application.id)
    began = await began_to_ask(db, application.id, household.campaign_id)
    before = current if began is None else await find_report_at(db, application.id, began)
    # Where answers were fresh, the present report says it.
    later = await conclude(db, application, of_campaign=True) or current
    household.report_id = None if later is None else later.id
    if later is None:
        return Unseen()
    return await changes_unseen(db, await get_award(db, SYSTEM, household.award_id), later, before)


async def _match(
    db: WriteSession, household: CampaignHousehold, campaign: Campaign, questions: Iterable[CampaignQuestion]
) -> Unseen:
    changes: list[FoundChange] = []
    for each in questions:
        if each.status == QuestionStatus.ANSWERED and each.check_id is not None:
            facts = facts_found(db, await get_check(db, SYSTEM, each.check_id))
            changes += matched(each.member_id, Item(each.item), facts, campaign.program)
    if not changes:  # as with nearly all, and nothing more is read for them
        return Unseen()
    return await matched_unseen(db, await get_award(db, SYSTEM, household.award_id), changes)


async def _put_before_a_person(
    db: WriteSession,
    application: Application,
    household: CampaignHousehold,
    campaign: Campaign,
    unseen: Unseen,
) -> UUID | None:
    """Return what a person is to look at; None where there is nothing, or nothing to look at it for any more. What was
    put before a person already is not put up once more, and a late answer takes back nothing that was found before."""
    if not unseen.changes:
        return household.finding_id or (unseen.told.id if unseen.told is not None else None)
    award = await get_award(db, SYSTEM, household.award_id, lock=True)
    if award.status == AwardStatus.STOPPED:
        return household.finding_id
    finding = await raise_finding(
        db,
        award,
        application,
        unseen.changes,
        found_by=campaign.kind,
        campaign_id=campaign.id,
        report_id=household.report_id,
    )
    return finding.id


def _outcome(questions: Sequence[CampaignQuestion], *, differs: bool) -> Outcome:
    if differs:
        return Outcome.DIFFERS
    statuses = {each.status for each in questions}
    if QuestionStatus.UNAVAILABLE in statuses:
        return Outcome.INCOMPLETE
    return Outcome.SKIPPED if statuses <= {QuestionStatus.SKIPPED} else Outcome.UNCHANGED
