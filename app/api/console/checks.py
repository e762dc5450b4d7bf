"""The caseworker's side of verification: the single checks, asking again, answers entered by hand."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ToolsDep, trace_of
from app.api.common.downloads import download_scan, file_response
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import CLEAN, Id, In, Moment, Out, Page, Paragraph
from app.applications.errors import ApplicationNotFound, ConflictOfInterest
from app.applications.queries import list_cases
from app.audit.commands import record_look
from app.core.clock import today
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.facts import Item, Outcome
from app.files.errors import FileLost, UploadNotFound, UploadUnfinished
from app.files.queries import find_upload, get_file_key
from app.identity.actors import Role
from app.identity.errors import TokenRejected
from app.programs.declaration import PlainDate
from app.reference.procedure import Mode
from app.verification.commands import GivenAnswer, answer_check_manually, retry_check
from app.verification.errors import (
    AgencyStillAwaited,
    AuthorisationNotInForce,
    CheckNotFound,
    FactsNotFitting,
    ScanNotFound,
    ScanRequired,
    VerificationClosed,
)
from app.verification.lifecycle import Action, Status, actions_for
from app.verification.models import Check
from app.verification.queries import get_check, list_visible_checks

router = Router(prefix="/v1/console", tags=["console: verification"])

Typed = Annotated[str, Field(max_length=200, pattern=CLEAN)]


Amount = Annotated[int, Field(ge=0, le=10**13)]


class ManualAnswerIn(In):
    """What the agency said. `facts`: every field of the item for a hit (money in fen, areas in cm², dates as ISO text),
    none for `none`. `as_of`: the date the agency says it is true for. `note`: how it was obtained. `scan`: the id of a
    finished upload of one's own (`/v1/uploads`), the paper that the agency answered on; without it nothing is
    entered."""

    outcome: Literal["hit", "none"]
    facts: Annotated[
        dict[Annotated[str, Field(max_length=32)], Amount | Typed | Annotated[list[Typed], Field(max_length=20)]],
        Field(max_length=10, examples=[{"dwelling_count": 1, "dwelling_area": 725000}]),
    ]
    as_of: PlainDate
    note: Paragraph
    scan: Id | None = None

    def given(self) -> GivenAnswer:
        """Return what the command takes."""
        return GivenAnswer(Outcome(self.outcome), self.facts, self.as_of, self.note, self.scan)


class CheckOut(Out):
    """One question to one agency; what it found is in the report. `actions` is what the caller may do now.

    `mode`: how the agency is asked; `manual` on paper, by the county, whose task `manual_entry` it is until its day.

    `last_failure`: why the last attempt brought nothing (timeout, refused, error, garbage), or was not made because the
    agency has been failing (held_back). `answered_by`: who entered
    what stands by hand; `entered_by`: who ever entered an answer by hand, also when the agency has answered since."""

    id: UUID
    application_id: UUID
    member_id: UUID
    item: Item
    partner: str
    mode: Mode
    status: Status
    outcome: Outcome | None
    purpose: str
    authorisation_id: UUID
    operator: str
    attempts: int
    last_failure: str | None
    opened_at: Moment
    asked_at: Moment | None
    answered_at: Moment | None
    answered_by: UUID | None
    entered_by: UUID | None
    scanned: Annotated[bool, Field(description="there is a scan of the paper that the answer was entered from")]
    next_attempt_at: Moment | None
    due_on: str
    actions: list[Action]

    @classmethod
    def of(cls, check: Check, role: Role, on: date) -> "CheckOut":
        return cls(
            id=check.id,
            application_id=check.application_id,
            member_id=check.member_id,
            item=Item(check.item),
            partner=check.partner,
            mode=Mode(check.mode),
            status=Status(check.status),
            outcome=Outcome(check.outcome) if check.outcome else None,
            purpose=check.purpose,
            authorisation_id=check.authorisation_id,
            operator=check.operator,
            attempts=check.attempts,
            last_failure=check.last_failure,
            opened_at=check.opened_at,
            asked_at=check.asked_at,
            answered_at=check.answered_at,
            answered_by=check.answered_by,
            entered_by=check.entered_by,
            scanned=check.scan_upload_id is not None,
            next_attempt_at=check.next_attempt_at,
            due_on=check.due_on.isoformat(),
            actions=actions_for(Status(check.status), check.due_on, role, on),
        )


@router.get(
    "/applications/{application_id}/checks",
    operation_id="list_checks",
    summary="List the checks of an application",
    responses=problems(TokenRejected, ApplicationNotFound, ConflictOfInterest),
)
async def list_checks(application_id: UUID, actor: Caseworker, db: Db) -> Page[CheckOut]:
    """Every question to an agency, where it stands and what may be done about it. All on one page. Every look is
    recorded."""
    checks = await list_visible_checks(db, actor, application_id)
    if checks:
        cases = await list_cases(db, [application_id])
        await record_look(db, actor, "check.list", "application", application_id, cases=cases, count=len(checks))
    return Page(items=[CheckOut.of(check, actor.role, today(db.clock)) for check in checks], next=None)


@router.post(
    "/checks/{check_id}/retry",
    operation_id="retry_check",
    summary="Ask an agency again",
    responses=problems(
        TokenRejected,
        CheckNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        VerificationClosed,
        AuthorisationNotInForce,
    ),
)
async def retry(check_id: UUID, actor: Caseworker, db: Db) -> CheckOut:
    """Ask again where an agency gave no answer. The present report stays until a new one supersedes it."""
    return CheckOut.of(await retry_check(db, actor, check_id), actor.role, today(db.clock))


@router.post(
    "/checks/{check_id}/manual-answer",
    operation_id="answer_check_manually",
    summary="Enter an answer by hand",
    responses=problems(
        TokenRejected,
        CheckNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        AgencyStillAwaited,
        VerificationClosed,
        AuthorisationNotInForce,
        SamePersonNotAllowed,
        FactsNotFitting,
        ScanRequired,
        UploadNotFound,
        UploadUnfinished,
    ),
)
async def answer(check_id: UUID, body: ManualAnswerIn, actor: Caseworker, db: Db) -> CheckOut:
    """Enter what an agency said on paper, with a scan of it, once it gave no answer or is past its day: only the
    county's handler, who then may not decide. What the agency itself says later counts instead, and the report shows
    both. Where what somebody entered is disputed, another person enters what is said to it anew."""
    check = await answer_check_manually(db, actor, check_id, body.given())
    return CheckOut.of(check, actor.role, today(db.clock))


@router.get(
    "/checks/{check_id}/scan",
    operation_id="get_check_scan",
    summary="Load the scan that an answer was entered from",
    response_class=Response,
    responses={
        **problems(TokenRejected, CheckNotFound, ConflictOfInterest, ScanNotFound, FileLost),
        **file_response(),
    },
)
async def scan(check_id: UUID, request: Request, actor: Caseworker, tools: ToolsDep) -> Response:
    """The file as it is kept. That the caller looked is on record before a byte leaves."""
    async with tools.database_for(actor).unit_of_work(trace_of(request)) as db:
        check = await get_check(db, actor, check_id)
        upload = None if check.scan_upload_id is None else await find_upload(db, check.scan_upload_id)
        if upload is None:
            raise ScanNotFound
        cases = await list_cases(db, [check.application_id])
        await record_look(db, actor, "check.scan.read", "check", check.id, cases=cases, item=check.item)
        key = await get_file_key(db, upload.id)
    return await download_scan(tools.storage, upload, key)
