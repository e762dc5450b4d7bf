"""Refusals of the public log."""

from typing import ClassVar

from app.core.errors import DomainError, Kind


class CheckpointNotFound(DomainError):
    """There is no checkpoint of this size."""

    code: ClassVar[str] = "checkpoint_not_found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    title: ClassVar[str] = "There is no checkpoint of this size"
    title_zh: ClassVar[str] = "没有该大小的检查点"
