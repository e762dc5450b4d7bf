"""Lists as files: asked for by one person, approved by another, taken by the first."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb
from app.api.common.months import Month
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import CLEAN, SAYS_SOMETHING, DivisionCode, In, Moment, Out, Page, Paragraph
from app.api.common.step_up import recently_authenticated
from app.audit.purposes import Purpose
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.core.months import read_month, write_month
from app.core.spreadsheet import MEDIA_TYPE
from app.exports.commands import (
    Traced,
    Wanted,
    approve_export,
    reject_export,
    request_export,
    take_export,
    trace_row,
)
from app.exports.errors import (
    ColumnUnknown,
    DownloadsSpent,
    ExportExpired,
    ExportNotFound,
    ExportNotYours,
    ExportTooLarge,
    RowUnknown,
)
from app.exports.kinds import ExportKind
from app.exports.lifecycle import LIFECYCLE, Action, Status
from app.exports.models import Export
from app.exports.queries import get_export, list_exports
from app.identity.actors import Actor
from app.identity.errors import StepUpRequired, TokenRejected
from app.reference.errors import DivisionMalformed, OutsideYourDivision
from app.unmasking.errors import PurposeNotOfThisPost

router = Router(prefix="/v1/console", tags=["console: personal data"])

Column = Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")]


class ExportIn(In):
    """What is wanted, what for, and why in your own words.

    `division`: below which, one's own if left out; `month`: submitted in, in force in, paid for; `columns`: all if left
    out. `unmasked_fields`: those of `name`, `id_number`, `phone`, `address`, `account` that the file has to show in
    clear, as far as your post opens them one by one.
    """

    kind: Annotated[ExportKind, Field(strict=False)]
    division: DivisionCode | None = None
    month: Month | None = None
    status: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")] | None = None
    columns: Annotated[list[Column], Field(max_length=20)] = Field(default_factory=list)
    unmasked_fields: Annotated[list[Column], Field(max_length=10)] = Field(default_factory=list)
    purpose: Annotated[Purpose, Field(strict=False, examples=["casework"])]
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=SAYS_SOMETHING, examples=["季度抽查核对"])]

    def wanted(self) -> Wanted:
        """Return what the command takes."""
        return Wanted(
            self.kind,
            self.division,
            read_month(self.month) if self.month else None,
            self.status,
            tuple(self.columns),
            tuple(self.unmasked_fields),
            self.purpose,
            self.reason,
        )


class RejectExportIn(In):
    """Why it is refused."""

    reason: Paragraph


class TraceIn(In):
    """One line of the file, as it stands there."""

    row: Annotated[str, Field(min_length=1, max_length=4000, pattern=CLEAN, examples=['"测*甲","AAAA"'])]


class ExportOut(Out):
    """An export. `expires_at`, `downloads_left`: for how long and how often its file may be taken; `actions` is what
    you may do now, were you not the wrong person for it."""

    id: UUID
    kind: ExportKind
    division: str
    month: str | None
    filter_status: str | None
    columns: list[str]
    unmasked_fields: list[str]
    purpose: Purpose
    reason: str
    status: Status
    requested_by: UUID
    requested_at: Moment
    approved_by: UUID | None
    approved_at: Moment | None
    rejected_by: UUID | None
    rejected_at: Moment | None
    reject_reason: str | None
    expires_at: Moment | None
    downloads_left: int
    actions: list[Action]

    @classmethod
    def of(cls, db: ReadSession, row: Export, actor: Actor) -> "ExportOut":
        """Shape one export."""
        same = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        no = row.reject_reason_sealed
        shaped = {
            "month": write_month(row.month) if row.month else None,
            "unmasked_fields": row.unmasked,
            "purpose": Purpose(row.purpose),
            "reason": db.vault.open("exports.reason", row.id, row.reason_sealed),
            "reject_reason": None if no is None else db.vault.open("exports.reject_reason", row.id, no),
            "downloads_left": row.downloads_left,
            "actions": list(LIFECYCLE.actions(row.status, actor.role)),
        }
        return cls(**{**same, **shaped})


class TraceOut(Out):
    """Where a row comes from. `object_type`: export or payroll, whose id is `object_id`; `place`: the row's place in
    the file; `unaltered`: its cells are as they were written."""

    object_type: str
    object_id: UUID
    taken_by: UUID
    taken_at: Moment
    place: int
    unaltered: bool

    @classmethod
    def of(cls, traced: Traced) -> "TraceOut":
        """Shape what was found."""
        source, mark = traced.source, traced.mark
        return cls(
            object_type=source.object_type,
            object_id=source.object_id,
            taken_by=source.taken_by,
            taken_at=source.taken_at,
            place=mark.place,
            unaltered=mark.unaltered,
        )


@router.post(
    "/exports",
    status_code=201,
    operation_id="request_export",
    summary="Ask for a list as a file",
    responses=problems(
        TokenRejected,
        StepUpRequired,
        RoleNotAllowed,
        PurposeNotOfThisPost,
        OutsideYourDivision,
        ColumnUnknown,
        DivisionMalformed,
        ExportTooLarge,
    ),
    dependencies=[recently_authenticated()],
)
async def request(body: ExportIn, actor: Caseworker, db: Db, response: Response) -> ExportOut:
    """Names and numbers are masked unless `unmasked_fields` says otherwise. Another person has to approve; until then
    there is no file."""
    export = await request_export(db, actor, body.wanted())
    response.headers["Location"] = f"/v1/console/exports/{export.id}"
    return ExportOut.of(db, export, actor)


@router.get(
    "/exports",
    operation_id="list_exports",
    summary="List exports",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: ReadDb,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ExportOut]:
    """One's own, newest first; for township reviewers, county confirmers and supervisors those of their division."""
    name = f"exports:{status}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_exports(db, actor, status=status, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[ExportOut.of(db, row, actor) for row in rows[:limit]], next=following)


@router.get(
    "/exports/{export_id}",
    operation_id="get_export",
    summary="Read one export",
    responses=problems(TokenRejected, ExportNotFound),
)
async def get(export_id: UUID, actor: Caseworker, db: ReadDb) -> ExportOut:
    """What was asked for, what for, and how far it is; nothing of the rows."""
    return ExportOut.of(db, await get_export(db, actor, export_id), actor)


@router.post(
    "/exports/{export_id}/approve",
    operation_id="approve_export",
    summary="Approve an export",
    responses=problems(
        TokenRejected, StepUpRequired, ExportNotFound, StepNotAllowed, RoleNotAllowed, SamePersonNotAllowed
    ),
    dependencies=[recently_authenticated()],
)
async def approve(export_id: UUID, actor: Caseworker, db: Db) -> ExportOut:
    """A township reviewer's, county confirmer's or supervisor's step, never of who asked. The file may be taken three
    times within 24 hours."""
    return ExportOut.of(db, await approve_export(db, actor, export_id), actor)


@router.post(
    "/exports/{export_id}/reject",
    operation_id="reject_export",
    summary="Reject an export",
    responses=problems(
        TokenRejected, StepUpRequired, ExportNotFound, StepNotAllowed, RoleNotAllowed, SamePersonNotAllowed
    ),
    dependencies=[recently_authenticated()],
)
async def reject(export_id: UUID, body: RejectExportIn, actor: Caseworker, db: Db) -> ExportOut:
    """The same persons' step, with the reason."""
    return ExportOut.of(db, await reject_export(db, actor, export_id, reason=body.reason), actor)


@router.get(
    "/exports/{export_id}/file",
    operation_id="get_export_file",
    summary="Download an approved export",
    response_class=Response,
    responses={
        **problems(
            TokenRejected,
            StepUpRequired,
            ExportNotFound,
            ExportNotYours,
            StepNotAllowed,
            RoleNotAllowed,
            ExportExpired,
            DownloadsSpent,
            ExportTooLarge,
        ),
        200: {
            "description": "The rows as CSV, UTF-8",
            "content": {"text/csv": {"schema": {"type": "string", "maxLength": 50_000_000}}},
        },
    },
    dependencies=[recently_authenticated()],  # a day may lie between the approval and this
)
async def file(export_id: UUID, actor: Caseworker, db: Db) -> Response:
    """For who asked, three times within 24 hours of the approval; HEAD counts, too. The first line, and a column of
    each row, say who asked, who approved, when and what for; the last column tells where a row comes from. Each
    download is on record, and the citizens in it read that."""
    taken = await take_export(db, actor, export_id)
    headers = {"Content-Disposition": f'attachment; filename="{taken.name}"', "Cache-Control": "no-store"}
    return Response(taken.content, media_type=MEDIA_TYPE, headers=headers)


@router.post(
    "/export-traces",
    operation_id="trace_export_row",
    summary="Find the file that a row was taken from",
    responses=problems(TokenRejected, RoleNotAllowed, RowUnknown),
    openapi_extra=retry_safe(),  # it only looks something up, and that it did is on record
)
async def trace(body: TraceIn, actor: Caseworker, db: Db) -> TraceOut:
    """A supervisor's: from one line of an export or of a payroll's roster, who took it and when, also where cells were
    changed."""
    return TraceOut.of(await trace_row(db, actor, body.row))
