"""What becomes of reports and of what is disputed in them, as days pass and agencies answer; a second time changes
nothing. Of a sweep each row is seen to by itself: one that fails keeps none behind it waiting."""

from app.applications.events import ApplicationEvent, AuthorisationWithdrawn
from app.core.clock import today
from app.core.db import Database
from app.core.sweeping import Apart
from app.verification.commands import let_disputes_lapse, move_on, renew_report, settle_disputes
from app.verification.dispute_queries import list_to_move_on, list_unauthorised
from app.verification.events import VerificationCompleted
from app.verification.report_queries import list_expired

_BATCH = 100


async def renew_expired_reports(database: Database) -> None:
    """Have agencies asked again about every case that waits for a decision with a report too old for one."""
    after, apart = None, Apart("renew_expired_reports")
    while True:
        async with database.reading() as db:
            expired = await list_expired(db, today(database.clock), after=after, limit=_BATCH)
        for application_id in expired:
            with apart.row(application_id):
                async with database.unit_of_work() as db:
                    await renew_report(db, application_id)
        if len(expired) < _BATCH:
            return apart.finish()
        after = expired[-1]  # some cannot be renewed, and must not keep the others from it


async def settle_by_new_report(database: Database, event: VerificationCompleted) -> None:
    """See whether what is disputed was put right by what the agency says now."""
    async with database.unit_of_work() as db:
        await settle_disputes(db, event.subject, event.report_id)


async def end_disputes(database: Database, event: ApplicationEvent) -> None:
    """End what is disputed in a matter that has ended."""
    async with database.unit_of_work() as db:
        await let_disputes_lapse(db, event.subject)


async def end_disputes_of_withdrawn(database: Database, event: AuthorisationWithdrawn) -> None:
    """End what is disputed about a member who withdrew the authorisation: its agency is not written to about her."""
    async with database.unit_of_work() as db:
        await let_disputes_lapse(db, event.subject, about=event.member_id)


async def end_unauthorised_disputes(database: Database) -> None:
    """End what an earlier version took in about members who had withdrawn the authorisation, and what nobody was told
    of: without it a refusal would wait for an answer that nobody may ask for."""
    after, apart = None, Apart("end_unauthorised_disputes")
    while True:
        async with database.reading() as db:
            void = await list_unauthorised(db, after=after, limit=_BATCH)
        for dispute in void:
            with apart.row(dispute.id):
                async with database.unit_of_work() as db:
                    await let_disputes_lapse(db, dispute.application_id, about=dispute.member_id)
        if len(void) < _BATCH:
            return apart.finish()
        after = void[-1].id


async def pursue_disputes(database: Database) -> None:
    """Let tickets whose day has passed be overdue, and escalated once supervisors were told; each by itself."""
    after, apart = None, Apart("pursue_disputes")
    while True:
        async with database.reading() as db:
            waiting = await list_to_move_on(db, today(database.clock), after=after, limit=_BATCH)
        for dispute_id in waiting:
            with apart.row(dispute_id):
                async with database.unit_of_work() as db:
                    await move_on(db, dispute_id)
        if len(waiting) < _BATCH:
            return apart.finish()
        after = waiting[-1]
