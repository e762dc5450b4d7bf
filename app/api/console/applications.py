"""The caseworker's side of an application: list, read, accept, return, redirect, extend, terminate."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.conditional import tag
from app.api.common.deps import Db
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.places import VenueOut
from app.api.common.problems import problems
from app.api.common.promises import Paper
from app.api.common.routing import Router
from app.api.common.schemas import DivisionCode, In, Line, Page, Paragraph
from app.api.console.application_schemas import StaffApplicationOut, StaffApplicationSummary
from app.api.console.narrowing import Which
from app.applications.commands import (
    accept_application,
    extend_application,
    redirect_application,
    return_application,
    terminate_application,
)
from app.applications.desk_queries import list_applications
from app.applications.errors import (
    ApplicationNotFound,
    AuthorisationMissing,
    ConflictOfInterest,
    ExtensionNotAllowed,
    ExtensionUnfounded,
    OneTimeNoticeGiven,
    PaperPromised,
    PlaceNotElsewhere,
    WrongPlace,
)
from app.applications.lifecycle import Status
from app.applications.queries import get_case_file
from app.applications.queues import Due
from app.audit.commands import record_look
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Actor
from app.identity.errors import TokenRejected
from app.reference.errors import DivisionMalformed, DivisionUnknown

router = Router(prefix="/v1/console/applications", tags=["console: applications"])


class AcceptIn(In):
    """`relative_of_staff`: a member is a close relative of a handler or committee member (registered separately)."""

    relative_of_staff: bool = False


class ReturnIn(In):
    """The one-time notice: everything that is missing, at once. `papers`: the kinds of paper among it that a promise
    may stand for; none for which one does."""

    missing: Annotated[list[Line], Field(min_length=1, max_length=20)]
    papers: Annotated[list[Paper], Field(max_length=10)] = Field(default_factory=list)


class RedirectIn(In):
    """The place that takes the application (its township, or a village there), and why; the household reads it."""

    to: DivisionCode
    reason: Paragraph


class ExtendIn(In):
    """Why the decision needs up to 45 working days."""

    reason: Literal["objection", "lives_elsewhere", "remote_application", "hard_survey"]


class TerminateIn(In):
    """Why the procedure ends: the household refuses to cooperate without good reason."""

    reason: Paragraph


async def _shape(db: ReadSession, actor: Actor, application_id: UUID) -> StaffApplicationOut:
    application = await get_case_file(db, actor, application_id)
    tag(application.version)
    return await StaffApplicationOut.masked(db, application, actor.role)


@router.get(
    "",
    operation_id="list_applications",
    summary="List the applications of my division",
    responses=problems(TokenRejected, CursorRejected, DivisionMalformed),
)
async def list_all(
    actor: Caseworker,
    db: Db,
    which: Which,
    status: Annotated[Status | None, Query()] = None,
    due: Annotated[Due | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[StaffApplicationSummary]:
    """What was submitted below the caller's division, newest first. That the caller saw them is recorded.

    `due`: those with an open step that should be done (`overdue`), or is due today or within two working days
    (`due_soon`). A division, program or number of which the caller sees nothing gives an empty list.
    """
    name = f"console-applications:{status}:{due}:{which.division}:{which.program}:{which.number}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_applications(db, actor, status=status, wanted=which, due=due, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    shown = rows[:limit]
    if shown:
        asked = which.said() if due is None else {"due": due, **which.said()}
        await record_look(
            db,
            actor,
            "application.list",
            "applications",
            cases=[row.case for row in shown],
            count=len(shown),
            status=status,
            **asked,
        )
    return Page(items=[StaffApplicationSummary.of_row(db, row) for row in shown], next=following)


@router.get(
    "/{application_id}",
    operation_id="get_application",
    summary="Read one application",
    responses=problems(TokenRejected, ApplicationNotFound, ConflictOfInterest, RoleNotAllowed),
)
async def get(application_id: UUID, actor: Caseworker, db: Db) -> StaffApplicationOut:
    """The application as declared, masked; what agencies found is in its report. Every look is recorded."""
    application = await get_case_file(db, actor, application_id)
    await record_look(db, actor, "application.read", "application", application_id, cases=[application.case])
    tag(application.version)
    return await StaffApplicationOut.masked(db, application, actor.role)


@router.post(
    "/{application_id}/accept",
    operation_id="accept_application",
    summary="Accept an application",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        AuthorisationMissing,
        WrongPlace,
    ),
)
async def accept(application_id: UUID, body: AcceptIn, actor: Caseworker, db: Db) -> StaffApplicationOut:
    """Start the decision clock (30 working days), the agencies' checks and the survey."""
    await accept_application(db, actor, application_id, relative_of_staff=body.relative_of_staff)
    return await _shape(db, actor, application_id)


@router.post(
    "/{application_id}/return",
    operation_id="return_application",
    summary="Tell once everything that is missing",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        OneTimeNoticeGiven,
        PaperPromised,
    ),
)
async def give_back(application_id: UUID, body: ReturnIn, actor: Caseworker, db: Db) -> StaffApplicationOut:
    """Give the one-time notice; no clock runs until the applicant supplements, then the acceptance's begins anew."""
    await return_application(db, actor, application_id, missing=list(body.missing), papers=body.papers)
    return await _shape(db, actor, application_id)


@router.get(
    "/{application_id}/place",
    operation_id="get_place_of_application",
    summary="See whether the application is where it belongs",
    responses=problems(TokenRejected, ApplicationNotFound, ConflictOfInterest, RoleNotAllowed),
)
async def get_place(application_id: UUID, actor: Caseworker, db: Db) -> VenueOut:
    """By where the members are registered and live, and what the place has set. Every look is recorded."""
    application = await get_case_file(db, actor, application_id)
    await record_look(db, actor, "application.place", "application", application_id, cases=[application.case])
    return await VenueOut.of(db, application)


@router.post(
    "/{application_id}/redirect",
    operation_id="redirect_application",
    summary="Tell the household which place takes its application",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        DivisionMalformed,
        DivisionUnknown,
        PlaceNotElsewhere,
    ),
)
async def redirect(application_id: UUID, body: RedirectIn, actor: Caseworker, db: Db) -> StaffApplicationOut:
    """Not taken here: the household is told in writing why, and where it applies. It may do so at once."""
    await redirect_application(db, actor, application_id, to=body.to, reason=body.reason)
    return await _shape(db, actor, application_id)


@router.post(
    "/{application_id}/extend",
    operation_id="extend_application",
    summary="Extend the decision clock",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        ConflictOfInterest,
        StepNotAllowed,
        RoleNotAllowed,
        ExtensionNotAllowed,
        ExtensionUnfounded,
    ),
)
async def extend(application_id: UUID, body: ExtendIn, actor: Caseworker, db: Db) -> StaffApplicationOut:
    """Extend to 45 working days, once, for a reason from the list that the case bears out: an objection to the notice,
    or somebody who lives or is registered elsewhere, or applies in another county than his own."""
    await extend_application(db, actor, application_id, reason=body.reason)
    return await _shape(db, actor, application_id)


@router.post(
    "/{application_id}/terminate",
    operation_id="terminate_application",
    summary="End the procedure for non-cooperation",
    responses=problems(TokenRejected, ApplicationNotFound, ConflictOfInterest, StepNotAllowed, RoleNotAllowed),
)
async def terminate(application_id: UUID, body: TerminateIn, actor: Caseworker, db: Db) -> StaffApplicationOut:
    """End without a decision because the household refuses to cooperate."""
    await terminate_application(db, actor, application_id, reason=body.reason)
    return await _shape(db, actor, application_id)
