"""Uploads in parts, made for networks that break: announce, send parts in any order, complete; or discard.

For citizens, whose papers they become, and for staff, who scan what an agency answered on paper.
"""

import base64
from collections.abc import Collection
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Header, Path, Request, Response
from pydantic import Field

from app.api.common.callers import SignedIn
from app.api.common.deps import Db, ReadDb, ToolsDep
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import In, Out
from app.files.commands import begin_upload, complete_upload, discard_upload, put_part
from app.files.errors import (
    ContentNotAllowed,
    DigestMismatch,
    FilesBusy,
    PartDiffers,
    PartRejected,
    TooManyUploads,
    UploadAttached,
    UploadFinished,
    UploadNotFound,
    UploadUnfinished,
)
from app.files.limits import MAX_SIZE, MOST_PARTS, PART_SIZE, count_parts
from app.files.models import Upload
from app.files.queries import get_upload, list_parts
from app.identity.errors import TokenRejected

_ALGORITHMS = {"sha-256": "sha256", "sha-512": "sha512"}  # the active ones of RFC 9530

router = Router(prefix="/v1", tags=["uploads"])

Kind = Literal["diagnosis", "receipt", "agreement", "entrustment", "other"]


class UploadIn(In):
    """Announce a file."""

    kind: Kind
    size: Annotated[int, Field(ge=1, le=MAX_SIZE, description="bytes")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])]


class UploadOut(Out):
    """How far an upload is. Cut the file into parts of `part_size` bytes, numbered from 1."""

    id: UUID
    size: int
    part_size: int
    parts: int
    missing: list[int]
    complete: bool
    media_type: str | None

    @classmethod
    def of(cls, upload: Upload, present: Collection[int]) -> "UploadOut":
        parts, complete = count_parts(upload.size), upload.completed_at is not None
        return cls(
            id=upload.id,
            size=upload.size,
            part_size=PART_SIZE,
            parts=parts,
            missing=[] if complete else [number for number in range(1, parts + 1) if number not in present],
            complete=complete,
            media_type=upload.media_type,
        )


@router.post(
    "/uploads",
    status_code=201,
    operation_id="begin_upload",
    summary="Announce a file",
    responses=problems(TokenRejected, TooManyUploads),
)
async def begin(body: UploadIn, actor: SignedIn, db: Db, response: Response) -> UploadOut:
    """Say how long the file is and what its digest will be. What is not finished within 7 days, or not attached to an
    application or an answer within 30, is cleared away; at most 30 files and 100 MB may be open at a time."""
    upload = await begin_upload(db, actor, kind=body.kind, size=body.size, sha256=body.sha256)
    response.headers["Location"] = f"/v1/uploads/{upload.id}"
    return UploadOut.of(upload, ())


@router.get(
    "/uploads/{upload_id}",
    operation_id="get_upload",
    summary="See which parts are missing",
    responses=problems(TokenRejected, UploadNotFound),
)
async def get(upload_id: UUID, actor: SignedIn, db: ReadDb) -> UploadOut:
    """After a cut: ask what is missing and send just that."""
    upload = await get_upload(db, actor, upload_id)
    return UploadOut.of(upload, await list_parts(db, upload.id))


@router.put(
    "/uploads/{upload_id}/parts/{number}",
    status_code=204,
    operation_id="put_upload_part",
    summary="Send one part",
    responses=problems(TokenRejected, UploadNotFound, PartRejected, PartDiffers, UploadFinished),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def put(
    upload_id: UUID,
    number: Annotated[int, Path(ge=1, le=MOST_PARTS)],
    request: Request,
    actor: SignedIn,
    tools: ToolsDep,
    content_digest: Annotated[
        str | None, Header(max_length=300, examples=["sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"])
    ] = None,
) -> None:
    """Send a part as raw bytes, with its digest in `Content-Digest: sha-256=:…:` (RFC 9530) where the platform can.
    In any order, ten at a time; again changes nothing, but other bytes under the same number are refused."""
    digests = _read_digests(content_digest)
    await put_part(
        tools.database_for(actor), tools.storage, actor, upload_id, number, await _read_part(request), digests
    )


@router.post(
    "/uploads/{upload_id}/complete",
    operation_id="complete_upload",
    openapi_extra=retry_safe(),
    summary="Finish an upload",
    responses=problems(TokenRejected, UploadNotFound, UploadUnfinished, DigestMismatch, ContentNotAllowed, FilesBusy),
)
async def complete(upload_id: UUID, actor: SignedIn, tools: ToolsDep) -> UploadOut:
    """Put the parts together and check the whole against the announced digest. A picture is then drawn anew, upright
    and without metadata such as the place it was taken at; a PDF must be open and without scripts. Ask again after a
    lost answer: it is done once."""
    return UploadOut.of(await complete_upload(tools.database_for(actor), tools.storage, actor, upload_id), ())


@router.delete(
    "/uploads/{upload_id}",
    status_code=204,
    operation_id="discard_upload",
    summary="Give an upload up",
    responses=problems(TokenRejected, UploadNotFound, UploadAttached),
)
async def discard(upload_id: UUID, actor: SignedIn, db: Db) -> None:
    """Make room for others: what arrived of it is cleared away."""
    await discard_upload(db, actor, upload_id)


async def _read_part(request: Request) -> bytes:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > PART_SIZE:
            raise PartRejected("part_too_long", most=PART_SIZE)
    return bytes(received)


def _read_digests(header: str | None) -> dict[str, bytes]:
    """Read the digests that we can check; the field may carry others beside them.

    Raises:
        PartRejected: it carries none that we can check, or one that is malformed.
    """
    if header is None:
        return {}
    found: dict[str, bytes] = {}
    for member in header.split(","):
        name, _, value = member.strip().partition("=")
        if name not in _ALGORITHMS:
            continue
        if len(value) < 2 or value[0] != ":" or value[-1] != ":":
            raise PartRejected("digest_malformed")
        try:
            found[_ALGORITHMS[name]] = base64.b64decode(value[1:-1], validate=True)
        except ValueError:  # binascii.Error is one; what is not ASCII raises another
            raise PartRejected("digest_malformed") from None
    if not found:
        raise PartRejected("digest_malformed")
    return found
