"""Papers of an application as caseworkers see them; every look is recorded."""

from uuid import UUID

from fastapi import Request, Response

from app.api.common.callers import Caseworker
from app.api.common.deps import ToolsDep, trace_of
from app.api.common.downloads import download, file_response
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.applications.errors import ApplicationNotFound, ConflictOfInterest, DocumentNotFound
from app.applications.queries import get_document, list_cases
from app.audit.commands import record_look
from app.files.errors import FileLost
from app.files.queries import get_file_key
from app.identity.errors import TokenRejected

router = Router(prefix="/v1/console/applications/{application_id}/documents", tags=["console: applications"])


@router.get(
    "/{document_id}/content",
    operation_id="get_application_document_content",
    summary="Load a paper of an application",
    response_class=Response,
    responses={
        **problems(TokenRejected, ApplicationNotFound, ConflictOfInterest, DocumentNotFound, FileLost),
        **file_response(),
    },
)
async def content(
    application_id: UUID, document_id: UUID, request: Request, actor: Caseworker, tools: ToolsDep
) -> Response:
    """The file as it is kept. That the caller looked is on record before a byte leaves."""
    async with tools.database_for(actor).unit_of_work(trace_of(request)) as db:
        document = await get_document(db, actor, application_id, document_id)
        await record_look(
            db,
            actor,
            "document.read",
            "application",
            application_id,
            cases=await list_cases(db, [application_id]),
            document=str(document.id),
        )
        key = await get_file_key(db, document.upload_id)
    return await download(tools.storage, document, key)
