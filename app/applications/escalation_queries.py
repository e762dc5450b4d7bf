"""Reads and writes of escalations: steps that an office did not do in time, and whose supervisors were told."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.applications.lifecycle import Status
from app.applications.models import Application, ApplicationStep, Escalation
from app.applications.queries import visible_to
from app.applications.queues import OFFICES, EscalationLevel
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.reference.divisions import Level, level_of

# The step's own last day, or that of the decision it holds up where that comes first; LEAST passes over nulls.
_DECIDE_BY = case((Application.status == Status.ACCEPTED, Application.decide_by))
LEGAL_DATE = func.least(ApplicationStep.due_on, _DECIDE_BY)


class Late(NamedTuple):
    """An open step whose legal date has passed."""

    step_id: UUID
    application_id: UUID
    kind: str
    due_on: date


class EscalatedTask(NamedTuple):
    """An escalation, with the step it is about and its application."""

    escalation: Escalation
    step: ApplicationStep
    application: Application


async def list_late(
    db: ReadSession, level: EscalationLevel, until: date, *, prefecture: str = "", limit: int
) -> Sequence[Late]:
    """Return open steps of the offices of a prefecture that were due by `until` and of which a level was not told."""
    told = exists().where(Escalation.step_id == ApplicationStep.id, Escalation.level == level)
    query = (
        select(ApplicationStep.id, ApplicationStep.application_id, ApplicationStep.kind, LEGAL_DATE)
        .join(Application, Application.id == ApplicationStep.application_id)
        .where(
            ApplicationStep.closed_at.is_(None),
            # While only a notice hangs, or a household is waited for, it is the decision that an office is late with.
            or_(ApplicationStep.responsible.in_(sorted(OFFICES)), until >= _DECIDE_BY),
            ApplicationStep.county.startswith(prefecture, autoescape=True),
            until >= LEGAL_DATE,
            ~told,
        )
        .order_by(ApplicationStep.id)
        .limit(limit)
    )
    return [Late._make(row) for row in (await db.execute(query)).all()]


async def list_late_prefectures(db: ReadSession, until: date) -> Sequence[str]:
    """Return the first four digits of the prefectures where steps were told to the county and are open still."""
    query = (
        select(func.left(Escalation.county, 4))
        .join(ApplicationStep, ApplicationStep.id == Escalation.step_id)
        .where(ApplicationStep.closed_at.is_(None), Escalation.due_on <= until)
        .distinct()
    )
    return (await db.scalars(query)).all()


async def find_late_step(db: WriteSession, step_id: UUID, until: date) -> Late | None:
    """Return a step if it is open and was due by `until`; its application's row is locked by who asks."""
    query = (
        select(ApplicationStep.id, ApplicationStep.application_id, ApplicationStep.kind, LEGAL_DATE)
        .join(Application, Application.id == ApplicationStep.application_id)
        .where(ApplicationStep.id == step_id, ApplicationStep.closed_at.is_(None), until >= LEGAL_DATE)
    )
    row = (await db.execute(query)).one_or_none()
    return None if row is None else Late._make(row)


async def add_escalation(db: WriteSession, application: Application, late: Late, level: EscalationLevel) -> bool:
    """Keep that a level was told of a step; False where it was told before."""
    row = {
        "id": new_id(),
        "county": application.county,
        "division": application.division,
        "application_id": application.id,
        "step_id": late.step_id,
        "level": level.value,
        "due_on": late.due_on,
        "escalated_at": db.clock.now(),
    }
    added = insert(Escalation).values(row).on_conflict_do_nothing().returning(Escalation.id)
    return await db.scalar(added) is not None


async def list_escalations(db: ReadSession, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[EscalatedTask]:
    """Return what was told to the actor's level and is not done yet, newest first.

    Raises:
        RoleNotAllowed: this is for supervisors.
    """
    if actor.role is not Role.SUPERVISOR or actor.division is None:
        raise RoleNotAllowed
    below = level_of(actor.division) in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    level = EscalationLevel.COUNTY if below else EscalationLevel.PREFECTURE
    query = (
        visible_to(actor)
        .join(Escalation, Escalation.application_id == Application.id)
        .join(ApplicationStep, ApplicationStep.id == Escalation.step_id)
        .add_columns(Escalation, ApplicationStep)
        .where(Escalation.level == level, ApplicationStep.closed_at.is_(None))
        .order_by(Escalation.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(Escalation.id < after)
    rows = (await db.execute(query)).all()
    return [EscalatedTask(escalation, step, application) for application, escalation, step in rows]
