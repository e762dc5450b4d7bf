"""Shapes that several audiences share: strict input, plain output, bounded text."""

import re
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.config import JsonDict, JsonValue

from app.core.clock import SHANGHAI

T = TypeVar("T")


class In(BaseModel):
    """Base of all input: unknown members refused, no coercion ('1' is not 1, 1.0 is not 1)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


GIVEN: JsonDict = {"not": {"type": "null"}}
NOT_GIVEN: JsonDict = {"type": "null"}


def exactly_one(*members: str) -> JsonDict:
    """Say in the schema that exactly one of these members is given (not absent, not null)."""
    ways: list[JsonValue] = [
        {"required": [one], "properties": {name: GIVEN if name == one else NOT_GIVEN for name in members}}
        for one in members
    ]
    return {"anyOf": ways}


class Out(BaseModel):
    """Base of all output: every field is always present."""

    model_config = ConfigDict(frozen=True)


def _in_shanghai(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _one_spelling(pattern: str) -> BeforeValidator:
    """Let in one spelling of what Python reads in many: no `urn:uuid:`, no `20261201T`, no number for a moment."""
    spelled = re.compile(pattern)

    def check(value: object) -> object:
        if not isinstance(value, str) or not spelled.fullmatch(value):
            raise ValueError("not the one spelling allowed")
        return value

    return BeforeValidator(check)


UUID_SPELLED = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
# RFC 3339 with an offset. The years keep every sum with a date inside what the database can hold.
MOMENT_SPELLED = (
    r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
)

Id = Annotated[UUID, Field(strict=False), _one_spelling(UUID_SPELLED)]
Instant = Annotated[
    AwareDatetime,
    Field(strict=False, json_schema_extra={"pattern": f"^{MOMENT_SPELLED}$"}, examples=["2026-12-01T09:30:00+08:00"]),
    _one_spelling(MOMENT_SPELLED),
]

# Lines and tabs, and no other control character. A pattern and not a function, so that clients see it, too.
_CONTROL = r"\x00-\x08\x0b-\x1f\x7f"
CLEAN = rf"^[^{_CONTROL}]*$"
# What shows nothing: white space of any width, joiners, marks of direction, variation and order, fillers.
_BLANK = (
    r"\t\n\x20\x80-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
)
# It says something: a blank reason would stand in a written notice.
SAYS_SOMETHING = rf"^[^{_CONTROL}]*[^{_CONTROL}{_BLANK}][^{_CONTROL}]*$"

Line = Annotated[str, Field(min_length=1, max_length=100, pattern=CLEAN, examples=["测试"])]
Paragraph = Annotated[str, Field(min_length=1, max_length=2000, pattern=SAYS_SOMETHING, examples=["情况属实。"])]
IdNumber = Annotated[str, Field(min_length=15, max_length=25, pattern=CLEAN, examples=["539900198001010014"])]
DivisionCode = Annotated[str, Field(pattern=r"^[0-9]{12}$", examples=["532502203202"])]
Moment = Annotated[
    datetime,
    PlainSerializer(_in_shanghai, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
Fen = Annotated[int, Field(ge=0, le=10**13, description="integer fen, 1/100 yuan")]


class Page(Out, Generic[T]):
    """One page. `next` goes into `cursor` for the page after; null on the last."""

    items: list[T]
    next: str | None
