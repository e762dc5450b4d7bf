"""Opening and closing the steps of an application: the one way any stage tells the timeline where things stand."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from app.applications.clocks import (
    LIMITS,
    LOCAL,
    URBAN_DECISION_DAYS,
    URBAN_PROGRAM,
    Limit,
    Responsible,
    StepKind,
)
from app.applications.edits import touch
from app.applications.models import Application, ApplicationStep
from app.applications.queries import find_open_step, get_open_step, insert_step, list_open_steps
from app.applications.queues import TAKERS
from app.core.clock import legal_date
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor
from app.reference.calendar import DueDate, WorkingCalendar
from app.reference.divisions import AreaClass
from app.reference.term_queries import load_calendar, load_terms

_LONGEST_BASIS = 64  # characters that the row holds


async def open_step(db: WriteSession, application: Application, kind: StepKind) -> ApplicationStep:
    """Open a step with the time limit its law gives it; a step already open stays as it is."""
    with db.no_autoflush:
        limit, due = await _term(db, application, kind)
    return await open_step_until(db, application, kind, limit.responsible, due, limit.basis)


async def open_step_until(
    db: WriteSession,
    application: Application,
    kind: StepKind,
    responsible: Responsible,
    due: DueDate | None,
    basis: str,
) -> ApplicationStep:
    """Open a step whose end was computed elsewhere (a payment's date, an extended limit)."""
    with db.no_autoflush:  # what is still to be written of the application goes with `touch`, as one statement
        step = await insert_step(
            db,
            id=new_id(),
            county=application.county,
            application_id=application.id,
            kind=kind,
            responsible=responsible,
            opened_at=db.clock.now(),
            due_on=due.on if due else None,
            provisional=due.provisional if due else False,
            basis=basis,
        )
        if step is None:
            return await get_open_step(db, application.id, kind)
    await touch(db, application)
    return step


async def note_step(db: WriteSession, application: Application, kind: StepKind, outcome: str) -> None:
    """Put down a step that is done already: the timeline tells it, and it is no task."""
    _close(db, await open_step(db, application, kind), outcome, None)


async def close_step(
    db: WriteSession, application: Application, kind: StepKind, outcome: str, *, by: Actor | None = None
) -> None:
    """Close the open step of a kind; none open changes nothing. `by`: who has done it, where somebody has."""
    step = await find_open_step(db, application.id, kind)
    if step is not None:
        _close(db, step, outcome, by)
        await touch(db, application)


async def close_all_steps(
    db: WriteSession,
    application: Application,
    outcome: str,
    *,
    but: Collection[StepKind] = (),
    by: Actor | None = None,
) -> None:
    """Close whatever is open, when the matter ends; `but`: what goes on; `by`: whose act ends it by being done."""
    for step in await list_open_steps(db, application.id):
        if step.kind not in but:
            _close(db, step, outcome, by)
    await touch(db, application)


def _close(db: WriteSession, step: ApplicationStep, outcome: str, by: Actor | None) -> None:
    step.closed_at, step.outcome = db.clock.now(), outcome
    # An act of another post ends a step, too, and has not done its work.
    step.closed_by = by.id if by is not None and by.role in TAKERS[StepKind(step.kind)] else None


async def decision_due(db: WriteSession, application: Application, working_days: int) -> DueDate:
    """Return the day by which the decision is due, counted from acceptance."""
    if application.accepted_at is None:
        raise ValueError("the decision clock starts with acceptance")
    calendar = await load_calendar(db, application.division)
    return calendar.add_working_days(legal_date(application.accepted_at), working_days)


async def urban_decision_due(db: WriteSession, application: Application) -> DueDate | None:
    """Return the day by which the regulation of 1999 wants a town's household decided on, counted from when all was
    handed in; None where it does not apply. Called while the acceptance is still open, which says when that was."""
    if application.area_class != AreaClass.URBAN or application.program != URBAN_PROGRAM:
        return None
    acceptance = await get_open_step(db, application.id, StepKind.ACCEPTANCE)
    calendar = await load_calendar(db, application.division)
    return calendar.add_calendar_days(legal_date(acceptance.opened_at), URBAN_DECISION_DAYS)


async def _term(db: WriteSession, application: Application, kind: StepKind) -> tuple[Limit, DueDate | None]:
    """Return how long a step may take, of some as the place says, and until when that is."""
    limit, today = LIMITS[kind], legal_date(db.clock.now())
    if kind in LOCAL:
        procedure, calendar = await load_terms(db, application.division, today)
        local = procedure[LOCAL[kind]]
        if local.local:
            limit = replace(limit, days=local.value, basis=local.basis[:_LONGEST_BASIS])
    elif limit.days is not None:
        calendar = await load_calendar(db, application.division)
    return limit, None if limit.days is None else _due(calendar, limit, limit.days, today)


def _due(calendar: WorkingCalendar, limit: Limit, days: int, today: date) -> DueDate:
    return calendar.add_calendar_days(today, days) if limit.calendar else calendar.add_working_days(today, days)
