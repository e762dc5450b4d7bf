"""What this stage does when others have moved: the letter that is due, once, though a job runs twice."""

from datetime import timedelta
from uuid import UUID

from app.applications.entrustment_queries import find_entrustment_of
from app.applications.events import (
    ApplicationAccepted,
    ApplicationRedirected,
    ApplicationSubmitted,
    ApplicationSupplemented,
    ApplicationTerminated,
    PromiseFoundBroken,
    SupplementRequested,
)
from app.applications.promise_lifecycle import Status as PromiseStatus
from app.applications.promise_queries import list_promises
from app.applications.queries import get_application
from app.awards.events import AwardIncreased, AwardReduced, AwardResumed, AwardStopped, AwardSuspended
from app.awards.jobs import work_out_grant
from app.core.db import Database, WriteSession
from app.core.sweeping import Apart
from app.identity.actors import SYSTEM
from app.letters.commands import issue_letter
from app.letters.kinds import Kind, Occasion
from app.letters.queries import list_unwritten
from app.reference.divisions import Level
from app.review.authority import level_of_decision
from app.review.decisions import APPROVED
from app.review.events import DecisionMade, EvidenceAsked
from app.review.evidence_queries import list_open_letters
from app.verification.commands import may_be_asked, take_up_unwritten
from app.verification.dispute_queries import get_dispute
from app.verification.events import ReportDisputed

_WRITTEN_WITHIN = timedelta(hours=1)  # of a dispute its letter is written, by the event's own job
_AT_ONCE = 100

Told = (
    ApplicationAccepted
    | SupplementRequested
    | ApplicationRedirected
    | ApplicationTerminated
    | DecisionMade
    | AwardSuspended
    | AwardResumed
    | AwardStopped
    | AwardReduced
    | AwardIncreased
    | PromiseFoundBroken
    | EvidenceAsked
    | ReportDisputed
)


async def write_letter(database: Database, event: Told) -> None:
    """Issue the letter that an event calls for; to somebody outside only while he, or it, is still to be asked.

    A grant's says what it comes to in the months to come, too, by numbers that are published already: the award is
    worked out before.
    """
    level = Level(event.level) if isinstance(event, ApplicationTerminated) else None
    if isinstance(event, DecisionMade) and event.outcome == APPROVED:
        await work_out_grant(database, event)
    async with database.unit_of_work() as db:
        if isinstance(event, EvidenceAsked) and not await _is_still_asked(db, event):
            return
        if isinstance(event, ReportDisputed) and not await _is_still_disputed(db, event):
            return
        if isinstance(event, DecisionMade):
            level = level_of_decision(await get_application(db, SYSTEM, event.subject))
        await issue_letter(db, occasion_of(event), level=level)


async def write_owed_corrections(database: Database) -> None:
    """Write to agencies about what was disputed when no such letters were written yet, and let the county send them;
    each by itself. Also where the job that would have written one was lost."""
    after, apart = None, Apart("write_owed_corrections")
    while True:
        async with database.reading() as db:
            before = db.clock.now() - _WRITTEN_WITHIN
            owed = await list_unwritten(db, before, after=after, limit=_AT_ONCE)
        for each in owed:
            with apart.row(each.id):
                await _write_correction(database, each.application_id, each.id)
        if len(owed) < _AT_ONCE:
            return apart.finish()
        after = owed[-1].id


async def _write_correction(database: Database, application_id: UUID, dispute_id: UUID) -> None:
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, application_id, lock=True)
        dispute = await get_dispute(db, SYSTEM, dispute_id)
        if await may_be_asked(db, dispute):
            await issue_letter(db, Occasion(Kind.CORRECTION, application_id, dispute_id))
            await take_up_unwritten(db, application, dispute)


async def _is_still_asked(db: WriteSession, event: EvidenceAsked) -> bool:
    """Say so with the application locked, as by whoever takes the letter back: of two at once the later one sees it."""
    application = await get_application(db, SYSTEM, event.subject, lock=True)
    return event.evidence_letter_id in {each.id for each in await list_open_letters(db, application.id)}


async def _is_still_disputed(db: WriteSession, event: ReportDisputed) -> bool:
    """Say whether its agency is to be asked, with the application locked as by whoever takes a dispute back, or
    withdraws an authorisation."""
    await get_application(db, SYSTEM, event.subject, lock=True)
    return await may_be_asked(db, await get_dispute(db, SYSTEM, event.dispute_id))


def occasion_of(event: Told) -> Occasion:
    """Say what letter an event calls for. What can happen once in a case is its own cause; suspensions come again."""
    match event:
        case ApplicationAccepted():
            return Occasion(Kind.ACCEPTED, event.subject, event.subject)
        case SupplementRequested():
            return Occasion(Kind.SUPPLEMENT, event.subject, event.subject)
        case ApplicationRedirected():
            return Occasion(Kind.REDIRECTED, event.subject, event.subject)
        case ApplicationTerminated():
            return Occasion(Kind.TERMINATED, event.subject, event.subject)
        case DecisionMade():
            kind = Kind.GRANTED if event.outcome == APPROVED else Kind.REFUSED
            return Occasion(kind, event.subject, event.decision_id)
        case AwardSuspended():
            return Occasion(Kind.SUSPENDED, event.application_id, event.id, event.reason)
        case AwardResumed():
            return Occasion(Kind.RESUMED, event.application_id, event.id)
        case AwardReduced():
            return Occasion(Kind.REDUCED, event.application_id, event.adjustment_id)
        case AwardIncreased():
            return Occasion(Kind.RAISED, event.application_id, event.adjustment_id)
        case PromiseFoundBroken():
            return Occasion(Kind.PROMISE_BROKEN, event.subject, event.promise_id)
        case EvidenceAsked():
            return Occasion(Kind.EVIDENCE, event.subject, event.evidence_letter_id)
        case ReportDisputed():
            return Occasion(Kind.CORRECTION, event.subject, event.dispute_id)
        case AwardStopped():
            return Occasion(Kind.STOPPED, event.application_id, event.subject)


async def write_letter_of_agent(database: Database, event: ApplicationSubmitted) -> None:
    """Tell somebody in writing that another handed in for her; nothing where she did it herself."""
    async with database.unit_of_work() as db:
        if await find_entrustment_of(db, event.subject) is not None:
            await issue_letter(db, Occasion(Kind.ENTRUSTED, event.subject, event.subject))


async def write_letters_of_promises(database: Database, event: ApplicationSubmitted | ApplicationSupplemented) -> None:
    """Give the household in writing what it was told and promised, once for each promise that it handed in."""
    async with database.unit_of_work() as db:
        for promise in await list_promises(db, event.subject):
            if promise.status != PromiseStatus.WITHDRAWN:
                await issue_letter(db, Occasion(Kind.PROMISED, event.subject, promise.id))
