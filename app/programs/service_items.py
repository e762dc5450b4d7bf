"""The service guide of each program (办事指南): basis, conditions, materials. A file in the program's own folder."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_FOLDER = Path(__file__).parent


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """The same in both languages."""

    zh: str
    en: str


class Statement(_Strict):
    """Something that holds, and the law it rests on."""

    text: Words
    basis: str


class Material(_Strict):
    """A paper or an input, and when it is needed."""

    code: str
    name: Words
    when: Words


class ServiceItem(_Strict):
    """What a citizen may read before applying."""

    name: Words
    handled_by: Words
    basis: tuple[Words, ...]
    conditions: tuple[Statement, ...]
    materials: tuple[Material, ...]
    not_asked: Statement
    fee: Words
    result: Words


@cache
def read_service_item(program: str) -> ServiceItem:
    """Return the guide of a registered program."""
    content = yaml.safe_load((_FOLDER / program / "service_item.yaml").read_text(encoding="utf-8"))
    return ServiceItem.model_validate(content)
