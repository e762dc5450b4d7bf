"""What a clerk's lists are narrowed to, and the list of applications. A narrower list never shows what the whole one
does not: each begins at `visible_to`, and what is asked for only takes away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists

from app.applications.escalation_queries import LEGAL_DATE
from app.applications.lifecycle import Status
from app.applications.models import Application, ApplicationStep
from app.applications.queries import visible_to
from app.applications.queues import DUE_SOON_DAYS, Due
from app.core.clock import today
from app.core.db import ReadSession
from app.identity.actors import Actor
from app.reference.divisions import NATION, parse_division, scope_of
from app.reference.term_queries import load_calendar


@dataclass(frozen=True)
class Wanted:
    """Which cases: of a division and all below it, of a program, the one of a receipt number. None asks for nothing.

    `number` is compared as the household was given it, small letters read as large ones.
    """

    division: str | None = None
    program: str | None = None
    number: str | None = None

    def said(self) -> dict[str, Any]:
        """Return what is asked for, for the record of a look."""
        return {name: value for name, value in vars(self).items() if value is not None}


EVERY_CASE = Wanted()


_Narrowed = TypeVar("_Narrowed", bound=Select[Any])


def narrowed(query: _Narrowed, wanted: Wanted) -> _Narrowed:
    """Leave of a query over applications what is wanted; of a place elsewhere that is nothing.

    Raises:
        DivisionMalformed: what is to be the division is no division code.
    """
    if wanted.division is not None:
        query = query.where(Application.division.between(*scope_of(parse_division(wanted.division))))
    if wanted.program is not None:
        query = query.where(Application.program == wanted.program)
    if wanted.number is not None:
        query = query.where(Application.number == wanted.number.upper())
    return query


async def soon(db: ReadSession, actor: Actor) -> date:
    """Return the last day that is due soon, by the working days of the actor's division."""
    calendar = await load_calendar(db, actor.division or NATION)
    return calendar.add_working_days(today(db.clock), DUE_SOON_DAYS).on


async def is_due(db: ReadSession, actor: Actor, due: Due) -> ColumnElement[bool]:
    """Say of a step beside its application whether its legal date has passed, or comes soon."""
    match due:
        case Due.DUE_SOON:
            return LEGAL_DATE.between(today(db.clock), await soon(db, actor))
        case Due.OVERDUE:
            return today(db.clock) > LEGAL_DATE


async def list_applications(
    db: ReadSession,
    actor: Actor,
    *,
    status: Status | None = None,
    wanted: Wanted = EVERY_CASE,
    due: Due | None = None,
    after: UUID | None,
    limit: int,
) -> Sequence[Application]:
    """Return a page of applications, newest first; `due`: those with an open step that is.

    Raises:
        DivisionMalformed: what is to be the division is no division code.
    """
    query = narrowed(visible_to(actor), wanted).order_by(Application.id.desc()).limit(limit)
    if status is not None:
        query = query.where(Application.status == status)
    if due is not None:
        waits = exists().where(ApplicationStep.application_id == Application.id, ApplicationStep.closed_at.is_(None))
        query = query.where(waits.where(await is_due(db, actor, due)))
    if after is not None:
        query = query.where(Application.id < after)
    return (await db.execute(query)).scalars().all()
