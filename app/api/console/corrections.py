"""Requests for correction at the desk."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.corrections import CorrectionOut
from app.api.common.deps import Db
from app.api.common.explanations import language_of
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router
from app.api.common.schemas import In, Moment, Out, Page, Paragraph
from app.applications.errors import ConflictOfInterest
from app.audit.commands import record_look
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.corrections.commands import accept_correction, refuse_correction
from app.corrections.errors import CorrectionNotFound
from app.corrections.lifecycle import ObjectType, Status
from app.corrections.models import CorrectionRequest
from app.corrections.queries import get_correction, list_corrections
from app.identity.errors import TokenRejected

router = Router(prefix="/v1/console/corrections", tags=["console: corrections"])

_DECIDING = problems(
    TokenRejected, CorrectionNotFound, ConflictOfInterest, StepNotAllowed, RoleNotAllowed, SamePersonNotAllowed
)


class CorrectionSummary(Out):
    """A line of the list: what is said to be wrong, not the words."""

    id: UUID
    application_id: UUID
    division: str
    object_type: ObjectType
    object_id: UUID
    field: str
    status: Status
    requested_at: Moment
    due_on: str

    @classmethod
    def of(cls, row: CorrectionRequest) -> "CorrectionSummary":
        return cls(
            id=row.id,
            application_id=row.application_id,
            division=row.division,
            object_type=row.object_type,
            object_id=row.object_id,
            field=row.field,
            status=row.status,
            requested_at=row.requested_at,
            due_on=row.due_on.isoformat(),
        )


class RefusalIn(In):
    """Why it is right as it stands; the citizen reads it."""

    reason: Annotated[Paragraph, Field(examples=["经向车辆管理部门复核，登记未变更。"])]


@router.get(
    "",
    operation_id="list_corrections",
    summary="List requests for correction",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[CorrectionSummary]:
    """Newest first, those below one's division; the cases of one's close relatives are left out."""
    name = f"console-corrections:{status}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_corrections(db, actor, status=status, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    if rows:
        cases = [row.case for row in rows[:limit]]
        await record_look(db, actor, "correction.list", "correction", cases=cases, count=len(cases))
    return Page(items=[CorrectionSummary.of(row) for row in rows[:limit]], next=following)


@router.get(
    "/{correction_id}",
    operation_id="get_correction",
    summary="Read a request for correction",
    responses=problems(TokenRejected, CorrectionNotFound, ConflictOfInterest),
)
async def get(correction_id: UUID, actor: Caseworker, db: Db, request: Request) -> CorrectionOut:
    """What the citizen says is wrong and what would be right. Every look is recorded."""
    row = await get_correction(db, actor, correction_id)
    await record_look(db, actor, "correction.read", "correction", row.id, cases=[row.case])
    return CorrectionOut.of(db, row, language_of(english=wants_english(request)))


@router.post(
    "/{correction_id}/accept",
    operation_id="accept_correction",
    summary="Find that the citizen is right",
    responses=_DECIDING,
)
async def accept(correction_id: UUID, actor: Caseworker, db: Db, request: Request) -> CorrectionOut:
    """The request stays as the trail. What the case holds is put right by its steps, what an agency holds, there.
    Whoever entered an agency's answer by hand leaves a request about it to somebody else."""
    row = await accept_correction(db, actor, correction_id)
    return CorrectionOut.of(db, row, language_of(english=wants_english(request)))


@router.post(
    "/{correction_id}/refuse",
    operation_id="refuse_correction",
    summary="Find that it is right as it stands",
    responses=_DECIDING,
)
async def refuse(correction_id: UUID, body: RefusalIn, actor: Caseworker, db: Db, request: Request) -> CorrectionOut:
    """With the reason; the citizen is told it with the remedies."""
    row = await refuse_correction(db, actor, correction_id, reason=body.reason)
    return CorrectionOut.of(db, row, language_of(english=wants_english(request)))
