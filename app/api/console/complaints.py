"""The handlers' side of complaints: hand out, answer, uphold, dismiss. Who complained is behind a door of its own."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb
from app.api.common.free_words import Words
from app.api.common.limits import LimitsDep
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import Id, In, Line, Moment, Out, Page, Paragraph
from app.api.common.step_up import recently_authenticated
from app.applications.errors import ConflictOfInterest
from app.audit.commands import record_look
from app.complaints.commands import (
    answer_complaint,
    assign_complaint,
    dismiss_complaint,
    uphold_complaint,
    view_reporter,
)
from app.complaints.contents import answer_of, text_of
from app.complaints.errors import (
    AssigneeNotSuitable,
    ComplaintNotFound,
    NotAssignedToYou,
    OutcomeDoesNotFit,
    ReporterNotFound,
)
from app.complaints.lifecycle import Action, Category, Status, actions
from app.complaints.models import Complaint
from app.complaints.queries import get_complaint, list_complaints
from app.core.clock import today
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.identity.actors import Actor
from app.identity.errors import StaffNotFound, StepUpRequired, TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import UNMASKINGS

router = Router(prefix="/v1/console/complaints", tags=["console: complaints"])

_CONCLUDING = problems(
    TokenRejected,
    ComplaintNotFound,
    ConflictOfInterest,
    StepNotAllowed,
    RoleNotAllowed,
    NotAssignedToYou,
    OutcomeDoesNotFit,
    SamePersonNotAllowed,
)


class AssignIn(In):
    """Who is to handle it: a township or county handler whose place it is, and nobody who worked on the case."""

    staff_id: Id


class AnswerIn(In):
    """What the reporter reads."""

    text: Paragraph


class ReporterViewIn(In):
    """Why you look. It stays on record beside your name."""

    purpose: Line


class ReporterOut(Out):
    """Who complained. `name` is null where an account has not proved one."""

    name: str | None
    phone: str


class ComplaintSummary(Out):
    """A complaint in a list."""

    id: UUID
    number: str
    category: Category
    status: Status
    named: bool
    division: str
    application_id: UUID | None
    received_at: Moment
    due_on: str | None
    due_provisional: bool
    assigned_to: UUID | None

    @classmethod
    def of_row(cls, row: Complaint) -> "ComplaintSummary":
        """Shape one complaint without what is sealed."""
        return cls(
            id=row.id,
            number=row.number,
            category=row.category,
            status=row.status,
            named=row.named,
            division=row.division,
            application_id=row.application_id,
            received_at=row.received_at,
            due_on=row.due_on.isoformat() if row.due_on else None,
            due_provisional=row.due_provisional,
            assigned_to=row.assigned_to,
        )


class StaffComplaintOut(ComplaintSummary):
    """A whole complaint. `application_number` as told, also where there is no such application; `actions` is what you
    may do now."""

    text: Words
    application_number: str | None
    due_basis: str | None
    assigned_at: Moment | None
    answer: Words | None
    answered_by: UUID | None
    answered_at: Moment | None
    actions: list[Action]

    @classmethod
    def of(cls, db: ReadSession, row: Complaint, actor: Actor) -> "StaffComplaintOut":
        """Shape one complaint for a handler."""
        return cls(
            **ComplaintSummary.of_row(row).model_dump(),
            text=text_of(db.vault, row),
            application_number=row.application_number,
            due_basis=row.due_basis,
            assigned_at=row.assigned_at,
            answer=answer_of(db.vault, row),
            answered_by=row.answered_by,
            answered_at=row.answered_at,
            actions=list(actions(Category(row.category), Status(row.status), actor.role)),
        )


@router.get(
    "",
    operation_id="list_complaints",
    summary="List complaints",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(
    actor: Caseworker,
    db: ReadDb,
    status: Annotated[Status | None, Query()] = None,
    overdue: Annotated[bool, Query(description="only those whose last day for an answer has passed")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ComplaintSummary]:
    """Newest first: for the county and supervisors all below their division, but for a handler those about cases in
    which he acted; for a township handler what was given to him."""
    name = f"console-complaints:{status}:{overdue}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    due_before = today(db.clock) if overdue else None
    rows = await list_complaints(db, actor, status=status, due_before=due_before, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[ComplaintSummary.of_row(row) for row in rows[:limit]], next=following)


@router.get(
    "/{complaint_id}",
    operation_id="get_complaint",
    summary="Read one complaint",
    responses=problems(TokenRejected, ComplaintNotFound, ConflictOfInterest, SamePersonNotAllowed),
)
async def get(complaint_id: UUID, actor: Caseworker, db: Db) -> StaffComplaintOut:
    """What was written and how far it is; not who wrote it. Every look is recorded. It is closed to a handler who acted
    in the case before it came."""
    complaint = await get_complaint(db, actor, complaint_id)
    # Without the household it is about: its citizens read their records, and a complaint is not told to them.
    await record_look(db, actor, "complaint.read", "complaint", complaint_id, county=complaint.county)
    return StaffComplaintOut.of(db, complaint, actor)


@router.post(
    "/{complaint_id}/assign",
    operation_id="assign_complaint",
    summary="Give a complaint to a handler",
    responses=problems(
        TokenRejected,
        ComplaintNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        StaffNotFound,
        AssigneeNotSuitable,
        SamePersonNotAllowed,
    ),
)
async def assign(complaint_id: UUID, body: AssignIn, actor: Caseworker, db: Db) -> StaffComplaintOut:
    """The county's step; possible again until it is answered."""
    return StaffComplaintOut.of(db, await assign_complaint(db, actor, complaint_id, staff_id=body.staff_id), actor)


@router.post(
    "/{complaint_id}/answer",
    operation_id="answer_complaint",
    summary="Answer an inquiry or a suggestion",
    responses=_CONCLUDING,
)
async def answer(complaint_id: UUID, body: AnswerIn, actor: Caseworker, db: Db) -> StaffComplaintOut:
    """The step of whoever it was given to."""
    return StaffComplaintOut.of(db, await answer_complaint(db, actor, complaint_id, text=body.text), actor)


@router.post(
    "/{complaint_id}/uphold",
    operation_id="uphold_complaint",
    summary="Find a complaint or report well founded",
    responses=_CONCLUDING,
)
async def uphold(complaint_id: UUID, body: AnswerIn, actor: Caseworker, db: Db) -> StaffComplaintOut:
    """The step of whoever it was given to; never of somebody who worked on the application it is about."""
    return StaffComplaintOut.of(db, await uphold_complaint(db, actor, complaint_id, text=body.text), actor)


@router.post(
    "/{complaint_id}/dismiss",
    operation_id="dismiss_complaint",
    summary="Find a complaint or report not founded",
    responses=_CONCLUDING,
)
async def dismiss(complaint_id: UUID, body: AnswerIn, actor: Caseworker, db: Db) -> StaffComplaintOut:
    """The step of whoever it was given to; never of somebody who worked on the application it is about."""
    return StaffComplaintOut.of(db, await dismiss_complaint(db, actor, complaint_id, text=body.text), actor)


@router.post(
    "/{complaint_id}/reporter-views",
    operation_id="view_complaint_reporter",
    summary="See who complained",
    responses=problems(
        TokenRejected,
        StepUpRequired,
        ComplaintNotFound,
        ConflictOfInterest,
        RoleNotAllowed,
        SamePersonNotAllowed,
        ReporterNotFound,
        TooManyRequests,
    ),
    dependencies=[recently_authenticated()],
    openapi_extra=retry_safe(),  # looking again is another look on record, and no second copy of the name is kept
)
async def see_reporter(
    complaint_id: UUID, body: ReporterViewIn, actor: Caseworker, limits: LimitsDep, db: Db
) -> ReporterOut:
    """Name and phone of the reporter, for verifying and answering. Each look is kept with its purpose, and counts as an
    unmasking of the day."""
    await limits.use((UNMASKINGS, str(actor.id)))
    seen = await view_reporter(db, actor, complaint_id, purpose=body.purpose)
    return ReporterOut(name=seen.name, phone=seen.phone)
