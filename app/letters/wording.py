"""The words of letters, from `texts.yaml`: a title, paragraphs, what may be done against it."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from app.letters.kinds import Kind
from app.reference.divisions import Level

Values = Mapping[str, str | None]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wording(_Strict):
    """A letter of one kind: what stands before and after the points of the case."""

    title: str
    authority: Level
    before: tuple[str, ...]
    findings: str | None = None  # what stands above the words of the rules, where there are any
    after: tuple[str, ...]


class _Labels(_Strict):
    papers: Mapping[str, str]
    recoveries: Mapping[str, str]
    handovers: Mapping[str, str]
    grounds: Mapping[str, str]
    doubts: Mapping[str, str]
    findings: Mapping[str, str]
    remedies: Mapping[str, str]
    units: Mapping[str, str]


def wording_of(kind: Kind) -> Wording:
    """Return the words of a kind."""
    return _read()[0][kind]


def label(group: str, code: str) -> str:
    """Return the words for a code of a group: `grounds`, `doubts`, `papers` and so on."""
    words: str = getattr(_read()[1], group)[code]
    return words


def fill_in(texts: tuple[str, ...], values: Values) -> list[str]:
    """Fill in paragraphs, leaving out those about something that the case does not have (None)."""
    return [
        text.format_map(values)
        for text in texts
        if all(values[name] is not None for _, name, _, _ in Formatter().parse(text) if name)
    ]


def write_remedy(remedy: Mapping[str, Any]) -> str:
    """Say what may be done, where, and within what time."""
    labels = _read()[1]
    return labels.remedies[remedy["kind"]].format(within=remedy["within"], unit=labels.units[remedy["unit"]])


def write_day(day: date) -> str:
    """Write a day as letters do: 2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"


def write_month(month: date) -> str:
    """Write a month as letters do: 2026年12月."""
    return f"{month.year}年{month.month}月"


@cache
def _read() -> tuple[Mapping[Kind, Wording], _Labels]:
    content = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"))
    wordings = {kind: Wording.model_validate(content.pop(kind.value)) for kind in Kind}
    return wordings, _Labels.model_validate(content)
