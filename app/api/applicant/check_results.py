"""What agencies found that speaks against my household, and what I say to it."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.check_results import CheckResultOut, CheckResultsOut
from app.api.common.deps import Db, ReadDb
from app.api.common.explanations import language_of
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router
from app.api.common.schemas import Id, In, Paragraph
from app.applications.commands.documents import StoredFile
from app.applications.errors import ApplicationNotFound
from app.applications.queries import get_application
from app.core.db import ReadSession
from app.core.errors import StepNotAllowed
from app.files.commands import attach_upload
from app.files.errors import UploadNotFound, UploadUnfinished
from app.identity.actors import Actor
from app.identity.errors import TokenRejected
from app.review.check_result_models import CheckResult
from app.review.check_result_queries import list_check_results
from app.review.commands import accept_result, object_to_result
from app.review.errors import CheckResultNotFound

router = Router(prefix="/v1/applications/{application_id}/check-results", tags=["applicant"])


class CheckObjectionIn(In):
    """Why it is not so, and the finished uploads that show it."""

    statement: Annotated[Paragraph, Field(examples=["该车辆已于去年转让，附转让协议。"])]
    upload_ids: Annotated[list[Id], Field(max_length=10)] = Field(default_factory=list)


@router.get(
    "",
    operation_id="list_my_check_results",
    summary="See what speaks against my household",
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def list_mine(application_id: UUID, actor: Applicant, db: ReadDb, request: Request) -> CheckResultsOut:
    """Told before any opinion: each rule that is not met, from what, and until when one may object."""
    application = await get_application(db, actor, application_id)
    language = language_of(english=wants_english(request))
    rows = await list_check_results(db, application.id)
    return CheckResultsOut(items=[CheckResultOut.of(db, application.program, row, language) for row in rows])


@router.post(
    "/{result_id}/object",
    operation_id="object_to_check_result",
    summary="Object to what was found, with evidence",
    responses=problems(
        TokenRejected, ApplicationNotFound, CheckResultNotFound, StepNotAllowed, UploadNotFound, UploadUnfinished
    ),
)
async def object_to_it(
    application_id: UUID, result_id: UUID, body: CheckObjectionIn, actor: Applicant, db: Db, request: Request
) -> CheckResultOut:
    """The township has to check again before it gives its opinion. What was found first is kept beside the new
    report."""
    uploads = [await attach_upload(db, actor, upload) for upload in dict.fromkeys(body.upload_ids)]
    evidence = [
        StoredFile(each.id, each.media_type or "", each.stored_size or 0, each.stored_sha256 or "") for each in uploads
    ]
    row = await object_to_result(db, actor, application_id, result_id, statement=body.statement, evidence=evidence)
    return await _shown(db, actor, row, request)


@router.post(
    "/{result_id}/accept",
    operation_id="accept_check_result",
    summary="Let it stand",
    responses=problems(TokenRejected, ApplicationNotFound, CheckResultNotFound, StepNotAllowed),
)
async def accept(application_id: UUID, result_id: UUID, actor: Applicant, db: Db, request: Request) -> CheckResultOut:
    """Nothing is waited for any more; the remedies against the decision stay as they are."""
    return await _shown(db, actor, await accept_result(db, actor, application_id, result_id), request)


async def _shown(db: ReadSession, actor: Actor, row: CheckResult, request: Request) -> CheckResultOut:
    application = await get_application(db, actor, row.application_id)
    return CheckResultOut.of(db, application.program, row, language_of(english=wants_english(request)))
