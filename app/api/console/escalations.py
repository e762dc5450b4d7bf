"""What an office did not do in time, for the supervisors it was told to."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.schemas import Moment, Out, Page
from app.applications.escalation_queries import EscalatedTask, list_escalations
from app.applications.household import applicant_name_of
from app.applications.queues import EscalationLevel
from app.audit.commands import record_look
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed
from app.identity.errors import TokenRejected
from app.identity.masks import mask_name

router = APIRouter(prefix="/v1/console", tags=["console: applications"])


class EscalationOut(Out):
    """One step that is overdue and still open. `due_on`: the legal date that passed, the step's or the decision's."""

    id: UUID
    task_id: UUID
    application_id: UUID
    number: str | None
    division: str
    applicant_name: str
    kind: str
    queue: str
    level: EscalationLevel
    due_on: date
    escalated_at: Moment
    taken: bool

    @classmethod
    def of(cls, db: ReadSession, row: EscalatedTask) -> "EscalationOut":
        """Shape one row; the applicant's name is masked."""
        escalation, step, application = row
        return cls(
            id=escalation.id,
            task_id=step.id,
            application_id=application.id,
            number=application.number,
            division=application.division,
            applicant_name=mask_name(applicant_name_of(db, application)),
            kind=step.kind,
            queue=step.responsible,
            level=EscalationLevel(escalation.level),
            due_on=escalation.due_on,
            escalated_at=escalation.escalated_at,
            taken=step.taken_by is not None,
        )


@router.get(
    "/escalations",
    operation_id="list_escalations",
    summary="List what is overdue and was told to my level",
    responses=problems(TokenRejected, RoleNotAllowed, CursorRejected),
)
async def list_all(actor: Caseworker, db: Db, limit: Limit = 20, cursor: Cursor = None) -> Page[EscalationOut]:
    """For supervisors, newest first. The county's are told the day after a legal date, the prefecture's and those above
    five working days later; what has been done since is left out. That the caller saw them is recorded."""
    after = read_id_cursor(db.vault, actor, "escalations", cursor)
    rows = await list_escalations(db, actor, after=after, limit=limit + 1)
    following = None
    if len(rows) > limit:
        following = write_cursor(db.vault, actor, "escalations", str(rows[limit - 1].escalation.id))
    shown = rows[:limit]
    if shown:
        cases = [row.application.case for row in shown]
        await record_look(db, actor, "task.list_escalated", "tasks", cases=cases, count=len(shown))
    return Page(items=[EscalationOut.of(db, row) for row in shown], next=following)
