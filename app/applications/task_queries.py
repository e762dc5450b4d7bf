"""Reads of tasks: the open steps below one's division. What somebody sees of them starts at `visible_to`, as ever."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update

from app.applications.clocks import StepKind
from app.applications.conflict_queries import refuse_relative
from app.applications.desk_queries import EVERY_CASE, Wanted, is_due, narrowed
from app.applications.errors import TaskNotFound
from app.applications.escalation_queries import LEGAL_DATE
from app.applications.lifecycle import Status
from app.applications.models import Application, ApplicationStep
from app.applications.queries import visible_to
from app.applications.queues import ASSIGNERS, LATELY, TAKERS, Due, TaskState
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed
from app.identity.actors import Actor, Role
from app.identity.models import Staff
from app.reference.divisions import scope_of


class Task(NamedTuple):
    """A step and the application it belongs to."""

    step: ApplicationStep
    application: Application

    @property
    def legal_date(self) -> date | None:
        """The last day of the step, or that of the decision it holds up where that comes first."""
        decide_by = self.application.decide_by if self.application.status == Status.ACCEPTED else None
        return min((day for day in (self.step.due_on, decide_by) if day is not None), default=None)


async def list_tasks(
    db: ReadSession,
    actor: Actor,
    *,
    state: TaskState,
    responsible: str | None,
    kind: StepKind | None = None,
    wanted: Wanted = EVERY_CASE,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Sequence[Task]:
    """Return the open steps below the actor's division, the most urgent first; `responsible`: of this queue only.

    Raises:
        DivisionMalformed: what is to be the division is no division code.
    """
    due = func.coalesce(LEGAL_DATE, date.max)
    query = (
        narrowed(visible_to(actor), wanted)
        .join(ApplicationStep, ApplicationStep.application_id == Application.id)
        .add_columns(ApplicationStep)
        .where(ApplicationStep.closed_at.is_(None), *await _in_state(db, actor, state))
        .order_by(due, ApplicationStep.id)
        .limit(limit)
    )
    if responsible is not None:
        query = query.where(ApplicationStep.responsible == responsible)
    if kind is not None:
        query = query.where(ApplicationStep.kind == kind)
    if after is not None:
        query = query.where(tuple_(due, ApplicationStep.id) > after)
    return [Task(step, application) for application, step in (await db.execute(query)).all()]


async def _in_state(db: ReadSession, actor: Actor, state: TaskState) -> list[ColumnElement[bool]]:
    match state:
        case TaskState.OPEN:
            return []
        case TaskState.MINE:
            return [ApplicationStep.taken_by == actor.id]
        case TaskState.DUE_SOON | TaskState.OVERDUE:
            return [await is_due(db, actor, Due(state))]


async def get_task(db: WriteSession, actor: Actor, task_id: UUID) -> Task:
    """Return one task, locked: two who want it at once come one after the other.

    Raises:
        TaskNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is in the case of a close relative of the member of staff who asks.
    """
    query = (
        visible_to(actor)
        .join(ApplicationStep, ApplicationStep.application_id == Application.id)
        .add_columns(ApplicationStep)
        .where(ApplicationStep.id == task_id)
        .with_for_update(of=ApplicationStep)
        .execution_options(populate_existing=True)
    )
    found = (await db.execute(query)).one_or_none()
    if found is None:
        raise TaskNotFound
    application, step = found
    await refuse_relative(db, actor, application.id)
    return Task(step, application)


async def release_tasks_of(db: WriteSession, staff_id: UUID) -> Sequence[Task]:
    """Take from a member of staff what he has taken and not done, and return it."""
    mine = select(ApplicationStep.id).where(ApplicationStep.taken_by == staff_id, ApplicationStep.closed_at.is_(None))
    locked = (await db.scalars(mine.order_by(ApplicationStep.id).with_for_update())).all()
    await db.execute(update(ApplicationStep).where(ApplicationStep.id.in_(locked)).values(taken_by=None, taken_at=None))
    query = select(ApplicationStep, Application).join(Application, Application.id == ApplicationStep.application_id)
    return [Task(*row) for row in (await db.execute(query.where(ApplicationStep.id.in_(locked)))).all()]


class Workload(NamedTuple):
    """What one member of the staff has taken: open, of that due soon and overdue; and what he has done of late."""

    staff_id: UUID
    name: str
    role: Role
    division: str
    open: int
    due_soon: int
    overdue: int
    done: int


async def list_workload(db: ReadSession, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[Workload]:
    """Return how much the staff of the actor's division and below have to do, by account, in one statement.

    Raises:
        RoleNotAllowed: this is for those who hand out work.
    """
    if actor.role not in ASSIGNERS or actor.division is None:
        raise RoleNotAllowed
    page = (
        select(Staff.id, Staff.name, Staff.role, Staff.division)
        .where(
            Staff.division.between(*scope_of(actor.division)),
            Staff.role.in_(sorted(frozenset[Role]().union(*TAKERS.values()))),
            Staff.disabled_at.is_(None),
        )
        .order_by(Staff.id)
        .limit(limit)
    )
    if after is not None:
        page = page.where(Staff.id > after)
    staff, step = page.subquery(), ApplicationStep
    is_open = and_(step.closed_at.is_(None), step.taken_by == staff.c.id)
    # Who did it; where nobody of its post has, who had it. Of what was done before that was kept, too.
    is_done = and_(
        step.closed_at >= db.clock.now() - LATELY, func.coalesce(step.closed_by, step.taken_by) == staff.c.id
    )
    count = func.count(step.id)
    query = (
        select(
            *staff.columns,
            count.filter(is_open),
            count.filter(is_open, await is_due(db, actor, Due.DUE_SOON)),
            count.filter(is_open, await is_due(db, actor, Due.OVERDUE)),
            count.filter(is_done),
        )
        .outerjoin(step, or_(step.taken_by == staff.c.id, step.closed_by == staff.c.id))
        .outerjoin(Application, Application.id == step.application_id)
        .group_by(*staff.columns)
        .order_by(staff.c.id)
    )
    return [Workload._make(row) for row in (await db.execute(query)).all()]
