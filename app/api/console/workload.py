"""Who has how much to do: for those who hand out work."""

from uuid import UUID

from fastapi import APIRouter

from app.api.common.callers import Caseworker
from app.api.common.deps import ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.schemas import Out, Page
from app.applications.task_queries import Workload, list_workload
from app.core.errors import RoleNotAllowed
from app.identity.actors import Role
from app.identity.errors import TokenRejected

router = APIRouter(prefix="/v1/console", tags=["console: applications"])


class WorkloadOut(Out):
    """What one member of the staff has taken (`open`, of that `due_soon` and `overdue`), and has `done` in the last 30
    days: also what he had not taken, and not what he had and a colleague did."""

    staff_id: UUID
    name: str
    role: Role
    division: str
    open: int
    due_soon: int
    overdue: int
    done: int

    @classmethod
    def of(cls, row: Workload) -> "WorkloadOut":
        """Shape one row."""
        return cls(**row._asdict())


@router.get(
    "/workload",
    operation_id="list_workload",
    summary="See who has how much to do",
    responses=problems(TokenRejected, RoleNotAllowed, CursorRejected),
)
async def list_all(actor: Caseworker, db: ReadDb, limit: Limit = 50, cursor: Cursor = None) -> Page[WorkloadOut]:
    """The staff of the own division and below, for reviewers and supervisors; who has taken nothing is there with
    zeros, closed accounts are not. What nobody has taken is in the list of tasks."""
    after = read_id_cursor(db.vault, actor, "workload", cursor)
    rows = await list_workload(db, actor, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "workload", str(rows[limit - 1].staff_id)) if len(rows) > limit else None
    return Page(items=[WorkloadOut.of(row) for row in rows[:limit]], next=following)
