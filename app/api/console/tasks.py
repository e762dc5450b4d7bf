"""What waits for whom: open steps in my division, the most urgent first; who sees to each."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.paging import Cursor, CursorRejected, Limit, read_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Moment, Out, Page
from app.api.console.narrowing import Which
from app.applications.clocks import StepKind
from app.applications.commands import claim_task, release_task
from app.applications.errors import ConflictOfInterest, TaskClosed, TaskNotFound, TaskTaken
from app.applications.household import applicant_name_of
from app.applications.queues import TaskState
from app.applications.task_queries import Task, list_tasks
from app.audit.commands import record_look
from app.core.clock import today
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed
from app.identity.actors import Actor
from app.identity.errors import TokenRejected
from app.identity.masks import mask_name
from app.reference.errors import DivisionMalformed

router = Router(prefix="/v1/console", tags=["console: applications"])


class Queue(StrEnum):
    """Who has to act."""

    TOWNSHIP = "township"
    COUNTY = "county"
    VILLAGE = "village"
    AGENCIES = "agencies"
    APPLICANT = "applicant"
    BANK = "bank"


class TaskOut(Out):
    """One open step of one application; `overdue` when its last day has passed, or that of the decision (`decide_by`).
    The applicant's name is masked.

    `taken`: somebody has claimed it or was given it; `mine`: the caller. Colleagues go on seeing it.
    """

    id: UUID
    application_id: UUID
    number: str | None
    division: str
    applicant_name: str
    kind: str
    queue: Queue
    opened_at: Moment
    due_on: date | None
    provisional: bool
    decide_by: date | None
    overdue: bool
    taken: bool
    mine: bool
    taken_at: Moment | None

    @classmethod
    def of(cls, db: ReadSession, task: Task, actor: Actor, on: date) -> "TaskOut":
        """Shape one task for who asks, as things stand `on` a day."""
        step, application = task
        return cls(
            id=step.id,
            application_id=application.id,
            number=application.number,
            division=application.division,
            applicant_name=mask_name(applicant_name_of(db, application)),
            kind=step.kind,
            queue=Queue(step.responsible),
            opened_at=step.opened_at,
            due_on=step.due_on,
            provisional=step.provisional,
            decide_by=application.decide_by,
            overdue=task.legal_date is not None and task.legal_date < on,
            taken=step.taken_by is not None,
            mine=step.taken_by == actor.id,
            taken_at=step.taken_at,
        )


@router.get(
    "/tasks",
    operation_id="list_tasks",
    summary="List what waits for my division",
    responses=problems(TokenRejected, CursorRejected, DivisionMalformed),
)
async def list_open(
    actor: Caseworker,
    db: Db,
    which: Which,
    queue: Annotated[Queue | None, Query()] = None,
    state: Annotated[TaskState, Query()] = TaskState.OPEN,
    kind: Annotated[StepKind | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[TaskOut]:
    """Open steps, by due date; those without one come last. That the caller saw them is recorded.

    `queue`: who has to act; left out, all queues. `state`: `mine` what the caller has taken, `due_soon` what is due
    today or within two working days, `overdue` what should be done. While an applicant's supplement is waited for the
    clock rests: such a step has no due date. `kind`: these steps alone. A division, program or number of which the
    caller sees nothing gives an empty list.
    """
    name = f"tasks:{queue}:{state}:{kind}:{which.division}:{which.program}:{which.number}"
    position = read_cursor(db.vault, actor, name, cursor)
    after = None
    if position is not None:
        due, step_id = position.split("|")
        after = (date.fromisoformat(due), UUID(step_id))
    rows = await list_tasks(
        db, actor, state=state, responsible=queue, kind=kind, wanted=which, after=after, limit=limit + 1
    )
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = write_cursor(db.vault, actor, name, f"{last.legal_date or date.max}|{last.step.id}")
    shown, on = rows[:limit], today(db.clock)
    if shown:
        cases = [task.application.case for task in shown]
        asked: dict[str, Any] = {"queue": queue, "state": state, **({"kind": kind} if kind else {}), **which.said()}
        await record_look(db, actor, "task.list", "tasks", cases=cases, count=len(shown), **asked)
    return Page(items=[TaskOut.of(db, task, actor, on) for task in shown], next=following)


@router.post(
    "/tasks/{task_id}/claim",
    operation_id="claim_task",
    summary="Take a task on",
    responses=problems(TokenRejected, TaskNotFound, ConflictOfInterest, RoleNotAllowed, TaskClosed, TaskTaken),
)
async def claim(task_id: UUID, actor: Caseworker, db: Db) -> TaskOut:
    """One person only: whoever comes second is told that it is taken, not by whom. Colleagues go on seeing it, and may
    act where the case cannot wait: taking a task is no lock on the application."""
    return TaskOut.of(db, await claim_task(db, actor, task_id), actor, today(db.clock))


@router.post(
    "/tasks/{task_id}/release",
    operation_id="release_task",
    summary="Give a task back to its queue",
    responses=problems(TokenRejected, TaskNotFound, ConflictOfInterest, TaskClosed, TaskTaken),
)
async def release(task_id: UUID, actor: Caseworker, db: Db) -> TaskOut:
    """One's own; reviewers and supervisors release anybody's in their division. One that nobody has stays as it is."""
    return TaskOut.of(db, await release_task(db, actor, task_id), actor, today(db.clock))
