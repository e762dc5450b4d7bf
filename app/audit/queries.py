"""Reads of audit records, for those who oversee."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, false, select

from app.audit.models import AuditRecord
from app.core.db import ReadSession
from app.identity.actors import Actor, Role
from app.reference.divisions import NATION, Level, level_of, scope_of

_READERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
_COUNTY_AND_ABOVE = frozenset({Level.PROVINCE, Level.PREFECTURE, Level.COUNTY})


def visible_to(actor: Actor) -> Select[AuditRecord]:
    """Select the records this actor may see: supervisors and administrators, those of their counties.

    Records are kept by county. Below the county nobody reads them: there a part cannot be told from the whole. Those
    without a county (sign-ins, settings) are seen by who oversees everything.
    """
    query = select(AuditRecord)
    if actor.role not in _READERS or actor.division is None:
        return query.where(false())
    if actor.division == NATION:
        return query
    if level_of(actor.division) not in _COUNTY_AND_ABOVE:
        return query.where(false())
    low, high = scope_of(actor.division)
    return query.where(AuditRecord.county.between(low[:6], high[:6]))


async def list_records(
    db: ReadSession,
    actor: Actor,
    *,
    object_id: UUID | None,
    actor_id: UUID | None,
    action: str | None,
    since: datetime | None,
    until: datetime | None,
    after: UUID | None,
    limit: int,
) -> Sequence[AuditRecord]:
    """Return a page of records, newest first."""
    query = visible_to(actor).order_by(AuditRecord.id.desc()).limit(limit)
    wanted = ((AuditRecord.object_id, object_id), (AuditRecord.actor_id, actor_id), (AuditRecord.action, action))
    for column, value in wanted:
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(AuditRecord.at >= since)
    if until is not None:
        query = query.where(AuditRecord.at < until)
    if after is not None:
        query = query.where(AuditRecord.id < after)
    return (await db.execute(query)).scalars().all()
