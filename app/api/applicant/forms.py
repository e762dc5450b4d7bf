"""The form as the contract tells it: what `answers` of a draft may hold, for clients that are generated from it.

Made of the forms of the programs that one can apply for, so that a new program or a new question is told without a line
here. Said, not enforced: what fits is judged by the program's form, after the patch was applied (app/programs).
"""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from app.programs.registry import PROGRAMS


class _ToldAs:
    """Describes a plain map in the contract as if it were this shape."""

    def __init__(self, shape: type[BaseModel]) -> None:
        self._shape = shape

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self._shape.__pydantic_core_schema__)


def _questions() -> Iterator[tuple[str, FieldInfo]]:
    for program in PROGRAMS.values():
        if program.open_for_applications:
            yield from program.answers_model.model_fields.items()


def _form(name: str, doc: str, *, removable: bool) -> type[BaseModel]:
    kinds: dict[str, list[Any]] = {}
    for question, field in _questions():
        kind = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        if kind not in kinds.setdefault(question, []):
            kinds[question].append(kind)
    nothing = [None] if removable else []
    fields: dict[str, Any] = {
        question: (reduce(or_, [*each, *nothing]), FieldInfo(default=None, json_schema_extra=_without_default))
        for question, each in kinds.items()
    }
    closed = ConfigDict(extra="forbid", title=name)
    return create_model(name, __config__=closed, __doc__=doc, __module__=__name__, **fields)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)  # what is left out stays as it is, or was not answered


_PATCH = _form(
    "AnswersPatch",
    "A merge patch of the form: a list that is given replaces the one before, an empty one says “none”, null removes.",
    removable=True,
)
_ANSWERS = _form(
    "Answers", "The form as far as it is filled in; what is left out was not answered yet.", removable=False
)

AnswersPatch = Annotated[dict[str, Any], _ToldAs(_PATCH)]
Answers = Annotated[dict[str, Any], _ToldAs(_ANSWERS)]
