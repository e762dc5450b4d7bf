"""Storage keys of uploads: made of ids and digests of ours, never of anything a caller names.

Under its digest a blob cannot be replaced by another one: two requests that write the same key write the same bytes.
"""

from uuid import UUID


def parts_folder(upload_id: UUID) -> str:
    """Return where the parts of an upload are."""
    return f"uploads/{upload_id}"


def part_key(upload_id: UUID, number: int, sha256: str) -> str:
    """Return the key of one part."""
    return f"{parts_folder(upload_id)}/{number}-{sha256}"


def file_folder(upload_id: UUID) -> str:
    """Return where the finished file is."""
    return f"files/{upload_id}"


def file_key(upload_id: UUID, sha256: str) -> str:
    """Return the key of the finished file; `sha256` is that of the bytes kept."""
    return f"{file_folder(upload_id)}/{sha256}"
