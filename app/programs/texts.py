"""Findings in words: a small catalogue per program, Chinese and English side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from app.core.money import fen_to_yuan
from app.programs.assessment import Finding
from app.programs.canonical import Json
from app.programs.compared import COMPARED, as_judged

Language = Literal["zh", "en"]

_COMMA: dict[Language, str] = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class Text:
    """The same words in both languages."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """Return the words in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Explanation:
    """A finding in words."""

    title: str
    message: str
    would_change: str | None


class Catalogue:
    """Texts by key.

    In a text `{name}` stands for a value. An amount named `x_fen` is written in yuan as `{x}`; a list of codes named
    `kinds` is written with the labels `kinds.<code>`. A code that a region invented is written in Chinese with the
    first of the names that its row gives it on the form, which the finding shows under `sources`; else as it is.
    """

    def __init__(self, texts: Mapping[str, Text]) -> None:
        self.texts = dict(texts)

    @classmethod
    def load(cls, path: Path, shared: "Catalogue | None" = None) -> "Catalogue":
        """Read a catalogue file: key → {zh, en}; it may say what `shared` says in words of its own."""
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        own = {key: Text(**entry) for key, entry in content.items()}
        return cls({**(shared.texts if shared else {}), **own})

    def render(self, key: str, language: Language, values: Mapping[str, Json] | None = None) -> str:
        """Return one text with its values filled in."""
        given = values or {}
        spoken = dict(self._spoken(name, value, language, given) for name, value in given.items())
        return self.texts[key].to(language).format_map(spoken)

    def label(self, group: str, code: str, language: Language) -> str:
        """Return the words for one code, or the code where there are none."""
        text = self.texts.get(f"{group}.{code}")
        return text.to(language) if text else code

    def explain(self, finding: Finding, language: Language) -> Explanation:
        """Put a finding into words."""
        values: Mapping[str, Json] = {**finding.inputs, **finding.numbers}
        if finding.rule in COMPARED:
            values = as_judged(finding, values)
        change = finding.would_change
        return Explanation(
            title=self.render(finding.rule, language),
            message=self.render(finding.message, language, values),
            would_change=change and self.render(change, language, values),
        )

    def _spoken(self, name: str, value: Json, language: Language, given: Mapping[str, Json]) -> tuple[str, object]:
        """Write one value as people read it."""
        if name.endswith("_fen") and isinstance(value, int):
            return name.removesuffix("_fen"), fen_to_yuan(value)
        if isinstance(value, list | tuple):
            labels = (self._label(name, str(code), language, given) for code in value)
            return name, _COMMA[language].join(labels)
        if isinstance(value, str):
            return name, self.label(name, value, language)
        return name, value

    def _label(self, group: str, code: str, language: Language, given: Mapping[str, Json]) -> str:
        text = self.texts.get(f"{group}.{code}")
        if text is not None:
            return text.to(language)
        sources = given.get("sources")
        row = sources.get(code) if isinstance(sources, Mapping) else None
        names = row.get("value") if isinstance(row, Mapping) and language == "zh" else None
        return str(names[0]) if isinstance(names, list | tuple) and names else code


@cache
def household_texts() -> Catalogue:
    """Return the words of the rules that programs about a household share."""
    return Catalogue.load(Path(__file__).with_name("household.yaml"))
