"""Who did, or saw, what: for supervisors and administrators, within their counties."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.free_words import Words
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.schemas import Instant, Moment, Out, Page
from app.audit.commands import open_reason, record_look
from app.audit.models import AuditRecord
from app.audit.purposes import Purpose
from app.audit.queries import Wanted, list_records
from app.audit.subjects import Case
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed
from app.identity.actors import Role
from app.identity.errors import TokenRejected

router = APIRouter(prefix="/v1/console/audit", tags=["console: audit"])

_READERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


class AuditRecordOut(Out):
    """One act or look. `detail` holds codes, ids and counts; `trace` is the request's `X-Request-Id`.

    `look`: data were seen, nothing was changed. `citizen_ids`, `application_ids`: whom it is about; a look at a list is
    one record with all that were shown. `before_digest`, `after_digest`: keyed digests of the object's state. `reason`:
    the person's own words. `position`: the place in the sealed tree; null until it is sealed, a second or so later.
    """

    id: UUID
    at: Moment
    county: str | None
    actor_id: UUID
    actor_role: str
    actor_division: str | None
    actor_level: str | None
    action: str
    look: bool
    object_type: str
    object_id: UUID
    object_version: int | None
    purpose: str | None
    reason: Words | None
    citizen_ids: list[UUID]
    application_ids: list[UUID]
    before_digest: str | None
    after_digest: str | None
    detail: dict[str, Any]
    trace: str
    position: Annotated[int, Field(ge=0)] | None

    @classmethod
    def of(cls, db: ReadSession, row: AuditRecord, position: int | None) -> "AuditRecordOut":
        """Shape one record."""
        same = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        shaped = {
            "reason": open_reason(db, row),
            "citizen_ids": row.citizens,
            "application_ids": row.applications,
            "before_digest": row.before_digest and row.before_digest.hex(),
            "after_digest": row.after_digest and row.after_digest.hex(),
            "position": position,
        }
        return cls(**{**same, **shaped})


@router.get(
    "",
    operation_id="list_audit_records",
    summary="List who did or saw what",
    responses=problems(TokenRejected, RoleNotAllowed, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    object_id: Annotated[UUID | None, Query(description="everything done to one record")] = None,
    actor_id: Annotated[UUID | None, Query(description="everything one person did")] = None,
    action: Annotated[str | None, Query(pattern=r"^[a-z_]+(\.[a-z_]+)+$", max_length=64)] = None,
    citizen_id: Annotated[UUID | None, Query(description="everything about one citizen")] = None,
    application_id: Annotated[UUID | None, Query(description="everything about one case")] = None,
    purpose: Annotated[Purpose | None, Query()] = None,
    look: Annotated[bool | None, Query(description="only looks, or only acts")] = None,
    since: Annotated[Instant | None, Query()] = None,
    until: Annotated[Instant | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AuditRecordOut]:
    """Newest first. `since` is included, `until` is not. That the caller looked is a record, too."""
    if actor.role not in _READERS:
        raise RoleNotAllowed
    wanted = Wanted(object_id, actor_id, action, citizen_id, application_id, purpose, look, since, until)
    name = f"audit:{wanted}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_records(db, actor, wanted, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1][0].id)) if len(rows) > limit else None
    items = [AuditRecordOut.of(db, row, position) for row, position in rows[:limit]]
    if items:
        asked = [Case(application_id, citizen_id)] if application_id or citizen_id else []
        await record_look(db, actor, "audit.list", "audit_records", cases=asked, count=len(items))
    return Page(items=items, next=following)
