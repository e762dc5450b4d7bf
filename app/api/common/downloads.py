"""Giving out a stored paper: as an attachment, never as something a browser would run."""

from typing import Any

from fastapi import Response

from app.applications.models import Document
from app.core.crypto import BlobKey
from app.core.storage import Storage
from app.files.blobs import get_blob
from app.files.errors import FileLost
from app.files.places import file_key

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def file_response() -> dict[int | str, dict[str, Any]]:
    """Describe the answer of a download, for its `responses`."""
    return {
        200: {"description": "The file as it is kept", "content": dict.fromkeys(_ENDINGS, _BINARY)},
        304: {"description": "The caller's copy is the same"},
    }


async def download(storage: Storage, document: Document, key: BlobKey | None) -> Response:
    """Return the paper's bytes; its digest is the ETag. `key`: what the paper lies under.

    Raises:
        FileLost: the storage does not have it.
    """
    try:
        content = await get_blob(storage, key, file_key(document.upload_id, document.sha256))
    except FileNotFoundError:
        raise FileLost from None
    # Built of our own words only: what the sender called the file is never asked.
    name = f"{document.kind}-{document.id.hex[-8:]}.{_ENDINGS.get(document.media_type, 'bin')}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": f'"{document.sha256}"',
        "Cache-Control": "private, no-cache",
    }
    return Response(content, media_type=document.media_type, headers=headers)
