"""What waits for me: open steps in my division, the most urgent first."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.paging import Cursor, CursorRejected, Limit, read_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.schemas import Moment, Out, Page
from app.applications.models import Application, ApplicationStep
from app.applications.queries import list_tasks
from app.audit.commands import record_look
from app.core.clock import today
from app.identity.errors import TokenRejected
from app.identity.masks import mask_name

router = APIRouter(prefix="/v1/console", tags=["console: applications"])


class Queue(StrEnum):
    """Who has to act."""

    TOWNSHIP = "township"
    COUNTY = "county"
    VILLAGE = "village"
    AGENCIES = "agencies"
    APPLICANT = "applicant"
    BANK = "bank"


class TaskOut(Out):
    """One open step of one application; `overdue` when its last day has passed. The applicant's name is masked."""

    id: UUID
    application_id: UUID
    number: str | None
    division: str
    applicant_name: str
    kind: str
    opened_at: Moment
    due_on: date | None
    provisional: bool
    overdue: bool

    @classmethod
    def of(cls, step: ApplicationStep, application: Application, on: date) -> "TaskOut":
        return cls(
            id=step.id,
            application_id=application.id,
            number=application.number,
            division=application.division,
            applicant_name=mask_name(application.applicant_name),
            kind=step.kind,
            opened_at=step.opened_at,
            due_on=step.due_on,
            provisional=step.provisional,
            overdue=step.due_on is not None and step.due_on < on,
        )


@router.get(
    "/tasks",
    operation_id="list_tasks",
    summary="List what waits for my division",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_open(
    actor: Caseworker,
    db: Db,
    queue: Annotated[Queue, Query()],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[TaskOut]:
    """Open steps of the queue, by due date; those without one come last. That the caller saw them is recorded."""
    name = f"tasks:{queue}"
    position = read_cursor(db.vault, actor, name, cursor)
    after = None
    if position is not None:
        due, step_id = position.split("|")
        after = (date.fromisoformat(due), UUID(step_id))
    rows = await list_tasks(db, actor, responsible=queue, after=after, limit=limit + 1)
    following = None
    if len(rows) > limit:
        last = rows[limit - 1][0]
        following = write_cursor(db.vault, actor, name, f"{last.due_on or date.max}|{last.id}")
    shown, on = rows[:limit], today(db.clock)
    if shown:
        cases = [application.case for _, application in shown]
        await record_look(db, actor, "task.list", "tasks", cases=cases, count=len(shown), queue=queue)
    return Page(items=[TaskOut.of(step, application, on) for step, application in shown], next=following)
