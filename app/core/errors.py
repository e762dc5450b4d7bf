"""Refusals: what may go wrong in the domain's own words. Nothing here knows HTTP; `api/common/problems.py` does."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar


class Kind(StrEnum):
    """What sort of refusal it is; the edge maps each to one HTTP status."""

    INVALID = "invalid"  # the input is wrong in itself
    UNAUTHENTICATED = "unauthenticated"  # who is calling is not known
    FORBIDDEN = "forbidden"  # known, and not allowed
    NOT_FOUND = "not_found"  # none, or not one this actor may see
    CONFLICT = "conflict"  # right in itself, wrong in the present state
    UNPROCESSABLE = "unprocessable"  # well formed, but cannot be carried out as it is
    TOO_MANY = "too_many"  # a limit was reached
    PRECONDITION_REQUIRED = "precondition_required"  # what the caller has seen must be said
    PRECONDITION_FAILED = "precondition_failed"  # what the caller has seen is no longer so
    GONE = "gone"  # was there, and was erased for good
    UNAVAILABLE = "unavailable"  # something outside did not answer; worth trying again


class Fault:
    """One thing that is wrong with an input: where (JSON Pointer), and a stable code.

    Its words stand in `api/common/fault_words.py`, in every language. Where the code alone says too little for a
    person, `about` chooses among its words; `numbers` are limits they name, never what was sent.
    """

    __slots__ = ("about", "code", "numbers", "pointer")

    def __init__(self, pointer: str, code: str, about: str = "", **numbers: int) -> None:
        self.pointer = pointer
        self.code = code
        self.about = about
        self.numbers = numbers


class DomainError(Exception):
    """Base of every refusal. Subclasses state `code`, `kind`, `title` (English) and `title_zh`.

    `detail` names a sentence of `api/common/detail_words.py`, which `values` fill: they never carry personal data.
    """

    code: ClassVar[str] = "domain_error"
    kind: ClassVar[Kind] = Kind.CONFLICT
    title: ClassVar[str] = "The request was refused"
    title_zh: ClassVar[str] = "请求被拒绝"

    def __init__(
        self,
        detail: str | None = None,
        *,
        faults: tuple[Fault, ...] = (),
        retry_after: int | None = None,
        extra: Mapping[str, Any] | None = None,
        **values: str | int | tuple[str, ...] | Mapping[str, int],
    ) -> None:
        super().__init__(f"{detail} {values}" if detail else self.title)
        self.detail = detail
        self.values = values
        self.faults = faults
        self.retry_after = retry_after
        self.extra = extra or {}  # members of the problem document that only this refusal has


class CannotStart(Exception):
    """Something that whoever runs the process has to put right before it can start; the message says what.

    Nobody calls yet: this is no refusal of a request.
    """


class StepNotAllowed(DomainError):
    """The table has no such step from the present status."""

    code = "step_not_allowed"
    kind = Kind.CONFLICT
    title = "This step is not possible in the present state"
    title_zh = "当前状态下不能办理此步骤"


class RoleNotAllowed(DomainError):
    """The step exists, but not for this actor's role."""

    code = "role_not_allowed"
    kind = Kind.FORBIDDEN
    title = "Your role may not do this"
    title_zh = "您的角色无权办理此事项"


class SamePersonNotAllowed(DomainError):
    """Separation of duties: the second step needs another person than the first."""

    code = "same_person_not_allowed"
    kind = Kind.FORBIDDEN
    title = "Another person must do this"
    title_zh = "须由另一人办理"
