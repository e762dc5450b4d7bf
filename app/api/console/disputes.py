"""Disputes at the desk: the tickets to agencies, those that are late, and what an agency answered."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ToolsDep, trace_of
from app.api.common.disputes import DisputeOut
from app.api.common.downloads import download_scan, file_response
from app.api.common.explanations import language_of
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router
from app.api.common.schemas import CLEAN, Id, In, Moment, Out, Page, Paragraph
from app.applications.errors import ConflictOfInterest
from app.audit.commands import record_look
from app.core.clock import today
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.facts import FactKey, Item
from app.files.errors import FileLost, UploadNotFound, UploadUnfinished
from app.files.queries import find_upload, get_file_key
from app.identity.errors import TokenRejected
from app.programs.declaration import PlainDate
from app.verification.commands import TicketAnswer, Written, answer_dispute, send_dispute
from app.verification.dispute_lifecycle import SentWay, Status
from app.verification.dispute_models import ReportDispute
from app.verification.dispute_queries import get_dispute, list_disputes
from app.verification.errors import (
    AuthorisationNotInForce,
    CorrectionNotSent,
    CorrectionSent,
    DisputeNotFound,
    ScanNotFound,
    ScanRequired,
    SentOnUnfit,
)

router = Router(prefix="/v1/console/disputes", tags=["console: verification"])


class TicketAnswerIn(In):
    """What the agency answered, under which reference of its own, and its reasons; the citizen reads all of it. `scan`:
    the id of a finished upload of one's own (`/v1/uploads`), the letter itself; without it nothing is entered."""

    answer: Annotated[TicketAnswer, Field(strict=False, examples=["upheld"])]
    reference: Annotated[str, Field(min_length=1, max_length=64, pattern=CLEAN, examples=["车管复〔2026〕17号"])]
    reasons: Annotated[Paragraph, Field(examples=["经核实，该车辆登记信息无误，未办理转移登记。"])]
    scan: Id | None = None

    def written(self) -> Written:
        """Return what the command takes."""
        return Written(self.reference, self.reasons, self.scan)


class SentIn(In):
    """On which day the letter to the agency went out, and how."""

    sent_on: Annotated[PlainDate, Field(examples=["2026-11-24"])]
    way: Annotated[SentWay, Field(strict=False, examples=["post"])]


class DisputeSummary(Out):
    """A line of the list: which agency owes an answer about which field, not what is said of it."""

    id: UUID
    application_id: UUID
    division: str
    number: str
    source: str
    item: Item
    key: FactKey
    status: Status
    raised_at: Moment
    due_on: str
    sent_on: str | None

    @classmethod
    def of(cls, row: ReportDispute) -> "DisputeSummary":
        return cls(
            id=row.id,
            application_id=row.application_id,
            division=row.division,
            number=row.number,
            source=row.partner,
            item=Item(row.item),
            key=FactKey(row.key),
            status=Status(row.status),
            raised_at=row.raised_at,
            due_on=row.due_on.isoformat(),
            sent_on=row.sent_on.isoformat() if row.sent_on else None,
        )


@router.get(
    "",
    operation_id="list_disputes",
    summary="List tickets to agencies",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    status: Annotated[Status | None, Query()] = None,
    late: Annotated[bool, Query(description="those alone whose agency is past its day")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[DisputeSummary]:
    """Oldest first, those below one's division, without the cases of one's close relatives."""
    name = f"console-disputes:{status}:{late}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    late_on = today(db.clock) if late else None
    rows = await list_disputes(db, actor, status=status, late_on=late_on, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    if rows:
        cases = [row.case for row in rows[:limit]]
        await record_look(db, actor, "report.list_disputes", "dispute", cases=cases, count=len(cases))
    return Page(items=[DisputeSummary.of(row) for row in rows[:limit]], next=following)


@router.get(
    "/{dispute_id}",
    operation_id="get_dispute",
    summary="Read a dispute",
    responses=problems(TokenRejected, DisputeNotFound, ConflictOfInterest),
)
async def get(dispute_id: UUID, actor: Caseworker, db: Db, request: Request) -> DisputeOut:
    """What the citizen says, for the letter to the agency; the papers she gave are among the application's documents.
    Every look is recorded."""
    row = await get_dispute(db, actor, dispute_id)
    await record_look(db, actor, "report.read_dispute", "dispute", row.id, cases=[row.case])
    (shown,) = await DisputeOut.list_of(db, [row], language_of(english=wants_english(request)))
    return shown


@router.post(
    "/{dispute_id}/sent",
    operation_id="send_dispute",
    summary="Say that the letter to the agency was sent",
    responses=problems(
        TokenRejected,
        DisputeNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        CorrectionSent,
        SentOnUnfit,
        AuthorisationNotInForce,
    ),
)
async def sent(dispute_id: UUID, body: SentIn, actor: Caseworker, db: Db, request: Request) -> DisputeOut:
    """Only the county's handler, and not about somebody who has withdrawn the authorisation. The letter (kind
    `correction`) is among those of the case; until it is sent, it is the county's turn, and a task of its own
    (`correction_letter`)."""
    row = await send_dispute(db, actor, dispute_id, body.sent_on, body.way)
    return DisputeOut.of(db, row, language_of(english=wants_english(request)))


@router.post(
    "/{dispute_id}/answer",
    operation_id="answer_dispute",
    summary="Enter what the agency answered",
    responses=problems(
        TokenRejected,
        DisputeNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        SamePersonNotAllowed,
        CorrectionNotSent,
        ScanRequired,
        UploadNotFound,
        UploadUnfinished,
    ),
)
async def answer(dispute_id: UUID, body: TicketAnswerIn, actor: Caseworker, db: Db, request: Request) -> DisputeOut:
    """With a scan of its letter. Only the county's handler, who then may not decide; not who entered by hand what is
    disputed; and not before the letter was sent (`…/sent`), also where the agency, asked again, says something else
    meanwhile. Corrected, the agency is asked anew, and a new report shows it; upheld, the citizen reads why, and what
    can be done."""
    row = await answer_dispute(db, actor, dispute_id, body.answer, body.written())
    (shown,) = await DisputeOut.list_of(db, [row], language_of(english=wants_english(request)))
    return shown


@router.get(
    "/{dispute_id}/scan",
    operation_id="get_dispute_scan",
    summary="Load the scan of what an agency answered to a dispute",
    response_class=Response,
    responses={
        **problems(TokenRejected, DisputeNotFound, ConflictOfInterest, ScanNotFound, FileLost),
        **file_response(),
    },
)
async def scan(dispute_id: UUID, request: Request, actor: Caseworker, tools: ToolsDep) -> Response:
    """The file as it is kept. That the caller looked is on record before a byte leaves."""
    async with tools.database_for(actor).unit_of_work(trace_of(request)) as db:
        row = await get_dispute(db, actor, dispute_id)
        upload = None if row.scan_upload_id is None else await find_upload(db, row.scan_upload_id)
        if upload is None:
            raise ScanNotFound
        await record_look(db, actor, "report.read_dispute_scan", "dispute", row.id, cases=[row.case], item=row.item)
        key = await get_file_key(db, upload.id)
    return await download_scan(tools.storage, upload, key)
