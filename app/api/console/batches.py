"""Many at once: tasks given to one person, applications accepted. One request, a result for each row."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.problems import RowProblem, problems, wants_english
from app.api.common.routing import Router
from app.api.common.schemas import Id, In, Out
from app.applications.commands import accept_applications, assign_tasks
from app.core.errors import DomainError, RoleNotAllowed
from app.identity.errors import StaffNotFound, TokenRejected

router = Router(prefix="/v1/console", tags=["console: applications"])

_MOST = 100  # rows of one request: some seconds at most, and an answer that fits a screen


class AssignmentsIn(In):
    """Which tasks go to whom."""

    tasks: Annotated[list[Id], Field(min_length=1, max_length=_MOST)]
    staff_id: Id


class AcceptanceIn(In):
    """One application; `relative_of_staff`: a member is a close relative of a handler or committee member."""

    application_id: Id
    relative_of_staff: bool = False


class AcceptancesIn(In):
    """Which applications are accepted. One that is named twice is accepted once; a relative said once counts."""

    applications: Annotated[list[AcceptanceIn], Field(min_length=1, max_length=_MOST)]


class RowOut(Out):
    """What became of one row: `done`, or the problem that a request for it alone would have had."""

    id: UUID
    done: bool
    problem: RowProblem | None


class RowsOut(Out):
    """One result for each row, in the order they were sent."""

    items: list[RowOut]

    @classmethod
    def of(cls, order: list[UUID], refusals: Mapping[UUID, DomainError | None], request: Request) -> "RowsOut":
        """Shape what became of the rows."""
        english = wants_english(request)
        told = {each: refusal and RowProblem.of(refusal, english=english) for each, refusal in refusals.items()}
        return cls(items=[RowOut(id=each, done=told[each] is None, problem=told[each]) for each in order])


@router.post(
    "/task-assignments",
    operation_id="assign_tasks",
    summary="Give tasks to a member of the staff",
    responses=problems(TokenRejected, RoleNotAllowed, StaffNotFound),
)
async def assign(body: AssignmentsIn, actor: Caseworker, db: Db, request: Request) -> RowsOut:
    """By reviewers and supervisors, up to 100 tasks of their division, from whoever has them now. What is refused keeps
    no other row from being done: `task_not_found`, `task_closed`, `conflict_of_interest`, or `task_not_for_person`
    where post or place do not fit or the case is a close relative's. Sent again with the same key it does nothing
    twice."""
    refusals = await assign_tasks(db, actor, body.tasks, body.staff_id)
    return RowsOut.of(body.tasks, refusals, request)


@router.post(
    "/acceptances",
    operation_id="accept_applications",
    summary="Accept several applications",
    responses=problems(TokenRejected, RoleNotAllowed),
)
async def accept(body: AcceptancesIn, actor: Caseworker, db: Db, request: Request) -> RowsOut:
    """Up to 100, each by the rules of accepting one: `application_not_found`, `step_not_allowed`,
    `conflict_of_interest` or `authorisation_missing` refuse that row, and keep no other from being done."""
    order = [row.application_id for row in body.applications]
    relatives = {row.application_id for row in body.applications if row.relative_of_staff}
    refusals = await accept_applications(db, actor, {each: each in relatives for each in order})
    return RowsOut.of(order, refusals, request)
