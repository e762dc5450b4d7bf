"""What this stage does when others have moved: each may run twice, and the second time changes nothing."""

from collections.abc import Mapping
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.events import PromiseFoundBroken
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.promise_lifecycle import Status as PromiseStatus
from app.applications.promise_queries import has_promise
from app.applications.queries import get_application
from app.applications.steps import open_step
from app.awards.commands import open_award_of
from app.awards.disputed import end_what_is_disputed
from app.awards.errors import AwardNotFound
from app.awards.events import AwardEvent, AwardOpened, AwardStopped, AwardTakenOver
from app.awards.following import follow_report
from app.awards.lifecycle import Status
from app.awards.queries import find_award_of, get_award, list_schedule
from app.awards.recomputing import begin, bring_timeline_in_line, recompute_next, recompute_opened
from app.awards.recomputing_queries import list_numbers_due, list_steps_due
from app.core.db import Database
from app.core.months import last_day_of
from app.events.commands import enqueue
from app.identity.actors import SYSTEM
from app.notices import commands as notices
from app.review.events import DecisionMade
from app.standards.events import ParameterChanged, StandardChanged

RECOMPUTE = "recompute_awards"
_STEPS_AT_ONCE = _AWARDS_AT_ONCE = 200


async def open_award(database: Database, event: DecisionMade) -> None:
    """Open the award of an approved application; a refusal, and a second time, change nothing."""
    if event.outcome != "approved":
        return
    async with database.unit_of_work() as db:
        await open_award_of(db, event.subject, event.decision_id)


async def work_out_grant(database: Database, event: DecisionMade) -> None:
    """Open the award of an approved application and work it out for the numbers its decision did not know, whoever else
    is about to: for who has to tell what it comes to."""
    async with database.unit_of_work() as db:
        award = await open_award_of(db, event.subject, event.decision_id)
    await _recompute_opened(database, award.id)


async def post_award(database: Database, event: AwardOpened) -> None:
    """Post the grant in the village, as it stands: a standard that rose on the way may have raised it already.

    The award is locked, as by whoever works it out anew: what one of the two writes, the other sees.
    """
    async with database.unit_of_work() as db:
        await get_application(db, SYSTEM, event.application_id, lock=True)
        award = await get_award(db, SYSTEM, event.subject, lock=True)
        if award.status != Status.STOPPED:
            await notices.post_award(db, award.application_id, await list_schedule(db, award.id))


async def review_broken_promise(database: Database, event: PromiseFoundBroken) -> None:
    """Have the county decide what follows for the award; before one was granted, nothing is granted, and after its stop
    there is nothing to decide.

    Raises:
        AwardNotFound: it was granted in this moment, and is to be opened yet; the job is tried again.
    """
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, event.subject, lock=True)
        if application.status != ApplicationStatus.APPROVED:
            return
        award = await find_award_of(db, application.id)
        if award is None:
            raise AwardNotFound
        if award.status != Status.STOPPED and await has_promise(db, application.id, PromiseStatus.BROKEN):
            await open_step(db, application, StepKind.BROKEN_PROMISE)


async def begin_recomputation(database: Database, event: StandardChanged | ParameterChanged) -> None:
    """Have the awards worked out anew that a number bears on, one job for each county."""
    async with database.unit_of_work() as db:
        for recomputation_id in await begin(db, event.subject):
            await enqueue(db, RECOMPUTE, {"recomputation": str(recomputation_id)})


async def take_award_down(database: Database, event: AwardStopped) -> None:
    """Let it hang in the village that a household receives the allowance as long as the award is in force (review
    measures art. 24), and no longer: who receives nothing any more is nobody's business."""
    async with database.unit_of_work() as db:
        award = await get_award(db, SYSTEM, event.subject)
        if award.to_month is None or award.to_month < award.from_month:
            await notices.take_down_award(db, event.application_id)
        else:
            await notices.limit_award(db, event.application_id, last_day_of(award.to_month))


async def end_disputes_about(database: Database, event: AwardEvent) -> None:
    """End what is disputed about a household whose award was stopped, or is another county's now."""
    async with database.unit_of_work() as db:
        await end_what_is_disputed(db, event.application_id)


async def follow_later_report(database: Database, payload: Mapping[str, str]) -> None:
    """See to what a report after the grant says: of what was disputed, and what nobody has seen yet."""
    async with database.unit_of_work() as db:
        await follow_report(db, UUID(payload["application"]), UUID(payload["report"]))


async def recompute_awards(database: Database, payload: Mapping[str, str]) -> None:
    """Work out a county's awards, some hundred in one transaction; a killed job goes on where it was."""
    while await _recompute_next(database, UUID(payload["recomputation"])):
        pass
    await bring_timelines_in_line(database)


async def recompute_opened_award(database: Database, event: AwardOpened | AwardTakenOver) -> None:
    """Work out a new award for numbers that its decision did not know: it begins when they hold."""
    await _recompute_opened(database, event.subject)


async def recompute_due_awards(database: Database) -> None:
    """Work out the awards that are due for numbers which their decision did not know; one in a transaction."""
    due = _AWARDS_AT_ONCE
    while due == _AWARDS_AT_ONCE:
        async with database.reading() as db:
            awards = await list_numbers_due(db, _AWARDS_AT_ONCE)
        for award_id in awards:
            await _recompute_opened(database, award_id)
        due = len(awards)


async def bring_timelines_in_line(database: Database) -> None:
    """Open a step where a person has to look, close it where nobody has to any more; one case in a transaction."""
    due = _STEPS_AT_ONCE
    while due == _STEPS_AT_ONCE:
        async with database.reading() as db:
            cases = await list_steps_due(db, _STEPS_AT_ONCE)
        for application_id, award_id in cases:
            async with database.unit_of_work() as db:
                await bring_timeline_in_line(db, application_id, award_id)
        due = len(cases)


async def _recompute_opened(database: Database, award_id: UUID) -> None:
    async with database.unit_of_work() as db:
        await recompute_opened(db, award_id)
    await bring_timelines_in_line(database)


async def _recompute_next(database: Database, recomputation_id: UUID) -> bool:
    async with database.unit_of_work("recompute") as db:
        return await recompute_next(db, recomputation_id)
