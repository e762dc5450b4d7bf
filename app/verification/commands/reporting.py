"""The household report: issued when nothing is open, once for each state of the answers."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.household import name_of
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import get_whole_application
from app.applications.steps import close_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.events.commands import enqueue, record_event
from app.facts import NOT_JUDGED, Item
from app.identity.actors import SYSTEM
from app.reference.procedure import Procedure, Setting
from app.reference.term_queries import load_procedure
from app.verification.commands.concluding import supersede_conclusion
from app.verification.commands.entry import settle_entry
from app.verification.commands.tallies import keep_tallies
from app.verification.dispute_queries import has_disputes
from app.verification.events import VerificationCompleted
from app.verification.expected import concerns, items_to_check, members_to_check, stated_by
from app.verification.known import Known, what_is_known
from app.verification.models import Check, HouseholdReport
from app.verification.queries import (
    facts_entered,
    facts_found,
    find_current_report,
    has_open_checks,
    list_checks,
    next_report_number,
)
from app.verification.report import Content, Person, state_of, weigh_members, write_entry

# Where an answer still serves the matter: before the decision, and after a grant. Elsewhere it is nobody's business.
SERVED = frozenset({ApplicationStatus.ACCEPTED, ApplicationStatus.APPROVED})
# The job that sees to what a report after the grant says anew; payload: the application, the report.
FOLLOW_LATER_REPORT = "follow_later_report"


async def settle(db: WriteSession, application: Application, check: Check) -> None:
    """Let what follows from the end of a check follow: the report, if it was the last one. What a campaign asked is
    left to it, which knows what it has yet to ask; for what is asked about a supporter no report waits.

    The application is locked by whoever calls.
    """
    if check.of_supporter:
        await db.flush()
    elif check.campaign_id is None:
        await conclude(db, application)
    else:
        check.to_take_up = True
        await db.flush()


async def conclude(db: WriteSession, application: Application, *, of_campaign: bool = False) -> HouseholdReport | None:
    """Issue the report if nothing is open and the answers are not those of the present report.

    The application is locked by whoever calls. A report after the decision is kept for the file: the decision rests on
    its own copy of the facts, so no event follows. What it says anew is put before the county by a job of its own, and
    so is what it says of something disputed. `of_campaign`: a campaign issues it, and sees itself to what is new.
    """
    # Asked first: every answer but the last one ends here, and should not have to read all the others.
    if application.status not in SERVED or await has_open_checks(db, application.id):
        return None
    checks = await list_checks(db, application.id)
    procedure = await load_procedure(db, application.division, today(db.clock))
    known = what_is_known(checks, today(db.clock), procedure[Setting.REPORT_VALID_DAYS].value)
    state = hashlib.sha256(state_of(checks, known.values()).encode()).hexdigest()
    current = await find_current_report(db, application.id)
    if current is not None:
        if current.state == state:
            return None
        await supersede_conclusion(db, current.id)
        current.superseded_at = db.clock.now()
        await db.flush()  # one current report at any moment: the old one goes before the new one comes
    content = await _write(db, application, known, procedure)
    report = await _issue(db, application, content, state, procedure)
    # Also after the decision: agencies may have been asked again just before it, and a clock must not go on for ever.
    whole = "not_answered" if content.asked_in_vain else "complete"
    await close_step(db, application, StepKind.VERIFICATION, whole if report.complete else "incomplete")
    await settle_entry(db, application)
    if application.status == ApplicationStatus.ACCEPTED:
        await record_event(
            db,
            VerificationCompleted(
                subject=application.id,
                county=application.county,
                applicant_id=application.applicant_id,
                report_id=report.id,
            ),
        )
    elif not of_campaign or await has_disputes(db, application.id):
        await enqueue(db, FOLLOW_LATER_REPORT, {"application": str(application.id), "report": str(report.id)})
    return report


async def _issue(
    db: WriteSession, application: Application, content: Content, state: str, procedure: Procedure
) -> HouseholdReport:
    # Where nobody answered, nothing grows old but the silence.
    unanswered = today(db.clock) + timedelta(days=procedure[Setting.REPORT_VALID_DAYS].value)
    report_id = new_id()
    report = HouseholdReport(
        id=report_id,
        county=application.county,
        division=application.division,
        application_id=application.id,
        number=await next_report_number(db, application.id),
        issued_at=db.clock.now(),
        complete=content.complete,
        state=state,
        valid_until=content.valid_until() or unanswered,
        points=content.score.points if content.score else None,
        fields_sealed=db.vault.seal(
            "household_reports.fields", report_id, content.model_dump_json(), division=application.county
        ),
    )
    db.add(report)
    keep_tallies(db, report, content)
    await record_act(
        db,
        SYSTEM,
        "report.issue",
        "application",
        application.id,
        row=report,
        case=application.case,
        report=str(report.id),
        number=report.number,
        complete=report.complete,
    )
    return report


async def _write(
    db: WriteSession, application: Application, known: Mapping[tuple[UUID, Item], Known], procedure: Procedure
) -> Content:
    whole = await get_whole_application(db, SYSTEM, application.id)
    stated = stated_by(db, whole)
    valid_days, people = procedure[Setting.REPORT_VALID_DAYS].value, []
    further = {item for _, item in known} & NOT_JUDGED
    items = (*items_to_check(whole), *(item for item in Item if item in further))
    for member in members_to_check(db, whole):
        entries = []
        for item in items:
            known_of_it = known.get((member.id, item))
            if known_of_it is None and not concerns(db, whole, member, item):
                continue  # nobody has anything to say, which is no silence
            check, asked_again = (known_of_it.check, known_of_it.asked_again) if known_of_it else (None, None)
            found = facts_found(db, check) if check else {}
            entered = facts_entered(db, check) if check else {}
            entries.append(write_entry(item, check, found, stated[member.id], entered, valid_days, asked_again))
        people.append(
            Person(member=member.id, name=name_of(db, member), relation=member.relation, entries=tuple(entries))
        )
    return Content(members=tuple(people), score=weigh_members(people, procedure[Setting.CLOSE_LOOK_FROM].value))
