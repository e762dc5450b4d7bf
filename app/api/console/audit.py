"""Who did, or saw, what: for supervisors and administrators, within their counties."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from app.api.common.callers import Caseworker
from app.api.common.deps import ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Instant, Moment, Out, Page
from app.audit.models import AuditRecord
from app.audit.queries import list_records
from app.core.errors import RoleNotAllowed
from app.identity.actors import Role
from app.identity.errors import TokenRejected

router = Router(prefix="/v1/console/audit", tags=["console: audit"])

_READERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


class AuditRecordOut(Out):
    """One act or look. `detail` holds codes, ids and counts; `trace` is the request's `X-Request-Id`."""

    id: UUID
    at: Moment
    county: str | None
    actor_id: UUID
    actor_role: str
    action: str
    object_type: str
    object_id: UUID
    purpose: str | None
    detail: dict[str, Any]
    trace: str

    @classmethod
    def of(cls, row: AuditRecord) -> "AuditRecordOut":
        """Shape one record."""
        return cls(
            id=row.id,
            at=row.at,
            county=row.county,
            actor_id=row.actor_id,
            actor_role=row.actor_role,
            action=row.action,
            object_type=row.object_type,
            object_id=row.object_id,
            purpose=row.purpose,
            detail=row.detail,
            trace=row.trace,
        )


@router.get(
    "",
    operation_id="list_audit_records",
    summary="List who did or saw what",
    responses=problems(TokenRejected, RoleNotAllowed, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: ReadDb,
    object_id: Annotated[UUID | None, Query(description="everything done to one record")] = None,
    actor_id: Annotated[UUID | None, Query(description="everything one person did")] = None,
    action: Annotated[str | None, Query(pattern=r"^[a-z_]+(\.[a-z_]+)+$", max_length=64)] = None,
    since: Annotated[Instant | None, Query()] = None,
    until: Annotated[Instant | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AuditRecordOut]:
    """Newest first. `since` is included, `until` is not."""
    if actor.role not in _READERS:
        raise RoleNotAllowed
    name = f"audit:{object_id}:{actor_id}:{action}:{since}:{until}"
    rows = await list_records(
        db,
        actor,
        object_id=object_id,
        actor_id=actor_id,
        action=action,
        since=since,
        until=until,
        after=read_id_cursor(db.vault, actor, name, cursor),
        limit=limit + 1,
    )
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[AuditRecordOut.of(row) for row in rows[:limit]], next=following)
