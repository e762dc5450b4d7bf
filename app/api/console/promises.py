"""The desk's side of promises in the place of papers: what was promised, and whether it was true."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.problems import problems
from app.api.common.promises import PromiseOut, PromisesOut, Way
from app.api.common.routing import Router
from app.api.common.schemas import In, Paragraph
from app.applications.commands import verify_promise
from app.applications.errors import ApplicationNotFound, ConflictOfInterest, PromiseNotFound
from app.applications.promise_queries import list_promises
from app.applications.queries import get_case_file
from app.audit.commands import record_look
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.errors import TokenRejected

router = Router(prefix="/v1/console/applications/{application_id}/promises", tags=["console: applications"])


class PromiseFindingIn(In):
    """Whether the promise was true, by which way that was seen, and what was found; the household reads it."""

    outcome: Literal["kept", "broken"]
    way: Way
    finding: Annotated[Paragraph, Field(examples=["经向就诊医院函询，诊断属实。"])]


@router.get(
    "",
    operation_id="list_promises",
    summary="See what the household promised in the place of papers",
    responses=problems(TokenRejected, ApplicationNotFound, ConflictOfInterest, RoleNotAllowed),
)
async def list_all(application_id: UUID, actor: Caseworker, db: Db) -> PromisesOut:
    """Who promised what, by which words, when; and what became of it. Every look is recorded."""
    application = await get_case_file(db, actor, application_id)
    await record_look(db, actor, "promise.list", "application", application_id, cases=[application.case])
    return PromisesOut(items=[PromiseOut.of(db, row) for row in await list_promises(db, application.id)])


@router.post(
    "/{promise_id}/verify",
    operation_id="verify_promise",
    summary="Say whether a promise was true",
    responses=problems(
        TokenRejected, ApplicationNotFound, ConflictOfInterest, PromiseNotFound, StepNotAllowed, RoleNotAllowed
    ),
)
async def verify(
    application_id: UUID, promise_id: UUID, body: PromiseFindingIn, actor: Caseworker, db: Db
) -> PromiseOut:
    """From the acceptance on. On an untrue promise nothing is granted; of an award that was, the county decides, after
    hearing the recipient, or lets it stay (`…/awards/{id}/stop|adjust|keep`)."""
    row = await verify_promise(
        db, actor, application_id, promise_id, kept=body.outcome == "kept", way=body.way, finding=body.finding
    )
    return PromiseOut.of(db, row)
