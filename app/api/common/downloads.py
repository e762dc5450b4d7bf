"""Giving out a stored paper: as an attachment, never as something a browser would run."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import Response

from app.applications.models import Document
from app.core.crypto import BlobKey
from app.core.storage import Storage
from app.files.blobs import get_blob
from app.files.errors import FileLost
from app.files.models import Upload
from app.files.places import file_key

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def file_response(media_types: Iterable[str] = _ENDINGS) -> dict[int | str, dict[str, Any]]:
    """Describe the answer of a download, for its `responses`."""
    return {
        200: {"description": "The file as it is kept", "content": dict.fromkeys(media_types, _BINARY)},
        304: {"description": "The caller's copy is the same"},
    }


async def download(storage: Storage, document: Document, key: BlobKey | None) -> Response:
    """Return the paper's bytes; its digest is the ETag. `key`: what the paper lies under.

    Raises:
        FileLost: the storage does not have it.
    """
    # Built of our own words only: what the sender called the file is never asked.
    name = f"{document.kind}-{document.id.hex[-8:]}"
    content = await _kept(storage, document.upload_id, document.sha256, key)
    return attachment(content, document.media_type, name, document.sha256)


async def download_scan(storage: Storage, upload: Upload, key: BlobKey | None) -> Response:
    """Return the bytes of a finished upload; its digest is the ETag. `key`: what it lies under.

    Raises:
        FileLost: the storage does not have it.
    """
    sha256 = upload.stored_sha256 or ""
    content = await _kept(storage, upload.id, sha256, key)
    return attachment(content, upload.media_type or "", f"scan-{upload.id.hex[-8:]}", sha256)


async def _kept(storage: Storage, upload_id: UUID, sha256: str, key: BlobKey | None) -> bytes:
    try:
        return await get_blob(storage, key, file_key(upload_id, sha256))
    except FileNotFoundError:
        raise FileLost from None


def attachment(content: bytes, media_type: str, name: str, sha256: str) -> Response:
    """Return bytes to be kept as a file: `name` without its ending, of our own words."""
    filename = f"{name}.{_ENDINGS.get(media_type, 'bin')}"
    headers = {
        "Content-Disposition": f'attachment; filename="{filename}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": f'"{sha256}"',
        "Cache-Control": "private, no-cache",
    }
    return Response(content, media_type=media_type, headers=headers)
