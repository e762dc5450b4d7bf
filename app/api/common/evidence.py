"""Shapes of the evidence that several audiences read."""

import base64
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from app.api.common.schemas import Moment, Out
from app.audit.models import AuditCheckpoint

Size = Annotated[int, Field(ge=0, le=10**15)]
Hash = Annotated[str, Field(min_length=44, max_length=44, description="SHA-256, base64")]


class CheckpointOut(Out):
    """A signed state of the tree. `note` is the whole of it: a C2SP checkpoint as a signed note (Ed25519), to be kept
    to the byte; the other members repeat what stands in it."""

    size: Size
    root: Hash
    at: Moment
    note: Annotated[str, Field(max_length=1000)]

    @classmethod
    def of(cls, row: AuditCheckpoint) -> "CheckpointOut":
        return cls(size=row.size, root=write_hash(row.root), at=row.at, note=row.note)


def write_hash(digest: bytes) -> str:
    """Return a hash as it is written everywhere in the evidence."""
    return base64.b64encode(digest).decode()


def write_proof(hashes: Sequence[bytes]) -> list[str]:
    """Return the hashes of a proof, in order."""
    return [write_hash(each) for each in hashes]
