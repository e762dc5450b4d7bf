"""Papers of an application: attach a finished upload, look at what was attached."""

from uuid import UUID

from fastapi import Response

from app.api.applicant.schemas import DocumentOut
from app.api.common.callers import Applicant
from app.api.common.deps import Db, ToolsDep
from app.api.common.downloads import download, file_response
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Id, In
from app.api.common.uploads import Kind
from app.applications.commands import add_document
from app.applications.commands.documents import StoredFile
from app.applications.errors import ApplicationNotFound, DocumentNotFound
from app.applications.queries import get_document
from app.core.errors import StepNotAllowed
from app.files.commands import attach_upload
from app.files.errors import FileLost, UploadNotFound, UploadUnfinished
from app.files.queries import get_file_key
from app.identity.errors import TokenRejected

router = Router(prefix="/v1/applications/{application_id}/documents", tags=["applicant"])


class DocumentIn(In):
    """Attach a finished upload."""

    kind: Kind
    upload_id: Id
    member_id: Id | None = None


@router.post(
    "",
    status_code=201,
    operation_id="add_document",
    summary="Attach a finished upload to an application",
    responses=problems(TokenRejected, ApplicationNotFound, UploadNotFound, UploadUnfinished, StepNotAllowed),
)
async def attach(application_id: UUID, body: DocumentIn, actor: Applicant, db: Db) -> DocumentOut:
    """Only papers that no agency can supply; attaching the same upload again answers with the same document. `size`
    and `sha256` are those of the file as it is kept, which for a picture is not the one sent."""
    upload = await attach_upload(db, actor, body.upload_id)
    file = StoredFile(upload.id, upload.media_type or "", upload.stored_size or 0, upload.stored_sha256 or "")
    return DocumentOut.of(
        await add_document(db, actor, application_id, kind=body.kind, member_id=body.member_id, file=file)
    )


@router.get(
    "/{document_id}/content",
    operation_id="get_document_content",
    summary="Load a paper I attached",
    response_class=Response,
    responses={
        **problems(TokenRejected, ApplicationNotFound, DocumentNotFound, FileLost),
        **file_response(),
    },
)
async def content(application_id: UUID, document_id: UUID, actor: Applicant, tools: ToolsDep) -> Response:
    """The file as it is kept; its digest is the ETag."""
    async with tools.database_for(actor).reading() as db:
        document = await get_document(db, actor, application_id, document_id)
        key = await get_file_key(db, document.upload_id)
    return await download(tools.storage, document, key)
