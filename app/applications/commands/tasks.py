"""Who sees to a task: claimed by oneself, given by those who hand out work, released again.

The history of a task's holders is in the audit; its row says only who has it now, or had it when it was done.
"""

from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.conflict_queries import is_relative
from app.applications.errors import TaskClosed, TaskNotForPerson, TaskTaken
from app.applications.queues import ASSIGNERS, TAKERS
from app.applications.task_queries import Task, get_task, release_tasks_of
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.identity.actors import Actor, Role
from app.identity.commands import disable_staff, move_staff
from app.identity.errors import StaffNotFound, TokenRejected
from app.identity.models import Staff
from app.identity.queries import get_staff
from app.reference.divisions import covers


async def claim_task(db: WriteSession, actor: Actor, task_id: UUID) -> Task:
    """Take a task on. Again by the same person changes nothing.

    Raises:
        TaskNotFound: there is none, or it lies outside the actor's division.
        ConflictOfInterest: the case of a close relative.
        RoleNotAllowed: not a task for this post.
        TaskClosed: the step is done.
        TaskTaken: somebody else has it.
    """
    staff = await get_staff(db, actor.id, lock=True)  # who is moved or disabled right now takes nothing with him
    if (staff.disabled_at, staff.role, staff.division) != (None, actor.role, actor.division):
        raise TokenRejected
    task = await get_task(db, actor, task_id)
    if actor.role not in TAKERS[StepKind(task.step.kind)]:
        raise RoleNotAllowed
    if task.step.closed_at is not None:
        raise TaskClosed
    if task.step.taken_by not in (None, actor.id):
        raise TaskTaken
    await _give(db, actor, task, actor.id, "task.claim")
    return task


async def release_task(db: WriteSession, actor: Actor, task_id: UUID) -> Task:
    """Give a task back to its queue: one's own, or anybody's by those who hand out work. Not taken changes nothing.

    Raises:
        TaskNotFound: there is none, or it lies outside the actor's division.
        ConflictOfInterest: the case of a close relative.
        TaskClosed: the step is done.
        TaskTaken: somebody else has it.
    """
    task = await get_task(db, actor, task_id)
    if task.step.closed_at is not None:
        raise TaskClosed
    if task.step.taken_by not in (None, actor.id) and actor.role not in ASSIGNERS:
        raise TaskTaken
    await _give(db, actor, task, None, "task.release")
    return task


async def assign_task(db: WriteSession, actor: Actor, task_id: UUID, staff_id: UUID) -> Task:
    """Give a task to a member of the staff, from whoever has it now.

    Raises:
        RoleNotAllowed: this is the reviewers' and supervisors'.
        StaffNotFound: there is none, the account is closed, or it is of another division.
        TaskNotFound: there is none, or it lies outside the actor's division.
        ConflictOfInterest: the case of a close relative of who assigns.
        TaskClosed: the step is done.
        TaskNotForPerson: not a task for that post or place, or the case of a close relative.
    """
    staff = await get_assignable(db, actor, staff_id)
    task = await get_task(db, actor, task_id)
    if task.step.closed_at is not None:
        raise TaskClosed
    if not await _is_for(db, task, staff):
        raise TaskNotForPerson
    await _give(db, actor, task, staff.id, "task.assign")
    return task


async def get_assignable(db: WriteSession, actor: Actor, staff_id: UUID) -> Staff:
    """Return whom the actor may give tasks to, locked: who is moved or disabled right now is given none.

    Raises:
        RoleNotAllowed: this is the reviewers' and supervisors'.
        StaffNotFound: there is none, the account is closed, or it is of another division.
    """
    if actor.role not in ASSIGNERS or actor.division is None:
        raise RoleNotAllowed
    staff = await get_staff(db, staff_id, lock=True)
    if staff.disabled_at is not None or not covers(actor.division, staff.division):
        raise StaffNotFound
    return staff


async def close_post(db: WriteSession, actor: Actor, staff_id: UUID) -> Staff:
    """Close a staff account; what its owner had taken goes back to the queues.

    Raises:
        StaffNotFound: there is none.
    """
    staff = await disable_staff(db, staff_id)
    await _release_all(db, actor, staff_id)
    return staff


async def change_post(db: WriteSession, actor: Actor, staff_id: UUID, role: Role, division: str) -> Staff:
    """Give a member of staff another post; what was taken in the old one goes back to the queues.

    Raises:
        StaffNotFound: there is none.
    """
    staff = await move_staff(db, staff_id, role, division)
    await _release_all(db, actor, staff_id)
    return staff


async def _is_for(db: WriteSession, task: Task, staff: Staff) -> bool:
    if staff.role not in TAKERS[StepKind(task.step.kind)] or not covers(staff.division, task.application.division):
        return False
    async with db.wider():  # what a colleague declared is not for who assigns to see
        return not await is_relative(db, staff.id, task.application.id)


async def _give(db: WriteSession, actor: Actor, task: Task, to: UUID | None, action: str) -> None:
    step, before = task.step, task.step.taken_by
    if before == to:
        return
    step.taken_by, step.taken_at = to, db.clock.now() if to else None
    await _record(db, actor, action, task, before)


async def _release_all(db: WriteSession, actor: Actor, staff_id: UUID) -> None:
    for task in await release_tasks_of(db, staff_id):
        await _record(db, actor, "task.release", task, staff_id)


async def _record(db: WriteSession, actor: Actor, action: str, task: Task, before: UUID | None) -> None:
    step, taken_by = task.step, task.step.taken_by
    await record_act(
        db,
        actor,
        action,
        "task",
        step.id,
        case=task.application.case,
        kind=step.kind,
        from_staff=str(before) if before else None,
        to_staff=str(taken_by) if taken_by else None,
    )
