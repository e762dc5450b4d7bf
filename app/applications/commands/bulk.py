"""The same done to many: each row in a savepoint of its own, so that one that is refused keeps no other from it."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from uuid import UUID

from app.applications.commands.acceptance import accept_application
from app.applications.commands.tasks import assign_task, get_assignable
from app.applications.lifecycle import LIFECYCLE, Action
from app.core.db import WriteSession
from app.core.errors import DomainError, RoleNotAllowed
from app.identity.actors import Actor


async def accept_applications(
    db: WriteSession, actor: Actor, relative_of_staff: Mapping[UUID, bool]
) -> Mapping[UUID, DomainError | None]:
    """Accept applications, each as `accept_application` does and refuses; returns each one's refusal, or None.

    `relative_of_staff`: of each application, whether the township knows of a relative.

    Raises:
        RoleNotAllowed: this is no post that accepts anything.
    """
    if not any(step.action is Action.ACCEPT and actor.role in step.roles for step in LIFECYCLE.steps):
        raise RoleNotAllowed

    async def accept(application_id: UUID) -> None:
        await accept_application(db, actor, application_id, relative_of_staff=relative_of_staff[application_id])

    return await one_by_one(db, relative_of_staff, accept)


async def assign_tasks(
    db: WriteSession, actor: Actor, task_ids: Collection[UUID], staff_id: UUID
) -> Mapping[UUID, DomainError | None]:
    """Give tasks to one member of the staff, each as `assign_task` does and refuses; returns each one's refusal, or
    None.

    Raises:
        RoleNotAllowed: this is the reviewers' and supervisors'.
        StaffNotFound: there is none, the account is closed, or it is of another division.
    """
    await get_assignable(db, actor, staff_id)

    async def assign(task_id: UUID) -> None:
        await assign_task(db, actor, task_id, staff_id)

    return await one_by_one(db, task_ids, assign)


async def one_by_one(
    db: WriteSession, ids: Collection[UUID], act: Callable[[UUID], Awaitable[None]]
) -> Mapping[UUID, DomainError | None]:
    """Do the same to each, once however often it is named; returns each one's refusal, or None."""
    refusals: dict[UUID, DomainError | None] = dict.fromkeys(ids)
    for each in sorted(refusals):  # in one order, so that two batches that share rows cannot wait for each other
        try:
            async with db.begin_nested():
                await act(each)
        except DomainError as refusal:
            refusals[each] = refusal
    return refusals
