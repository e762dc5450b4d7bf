"""Findings in words: a small catalogue per program, Chinese and English side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal, NamedTuple, get_args

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


class Explanation(NamedTuple):
    """A finding in words."""

    title: str
    message: str
    would_change: str | None


class _Template(NamedTuple):
    """One text in one language, ready to be filled: the words with places, and what comes there, in order."""

    words: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Template":
        """Take a text apart."""
        words, names = "", []
        for literal, name, _, _ in Formatter().parse(text):
            words += literal.replace("%", "%%")
            if name is not None:
                words += "%s"
                names.append(name)
        return cls(words if names else words.replace("%%", "%"), tuple(names))


class Catalogue:
    """Texts by key.

    In a text `{name}` stands for a value. An amount named `x_fen` is written in yuan as `{x}`; a list of codes named
    `kinds` is written with the labels `kinds.<code>`, and whether something is `known` with `known.true` or
    `known.false`. A code that a region invented is written in Chinese with the first of the names that its row gives it
    on the form, which the finding shows under `sources`; else as it is.
    """

    def __init__(self, texts: Mapping[str, Text]) -> None:
        self.texts = dict(texts)
        languages: tuple[Language, ...] = get_args(Language)
        self._templates = {
            (key, language): _Template.of(text.to(language))
            for key, text in self.texts.items()
            for language in languages
        }

    @classmethod
    def load(cls, path: Path, shared: "Catalogue | None" = None) -> "Catalogue":
        """Read a catalogue file: key → {zh, en}; it may say what `shared` says in words of its own."""
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        own = {key: Text(**entry) for key, entry in content.items()}
        return cls({**(shared.texts if shared else {}), **own})

    def render(self, key: str, language: Language, values: Mapping[str, Json] | None = None) -> str:
        """Return one text with its values filled in."""
        words, names = self._templates[key, language]
        if not names:
            return words
        given = values or {}
        return words % tuple([self._spoken(name, language, given) for name in names])

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

    def _spoken(self, name: str, language: Language, given: Mapping[str, Json]) -> object:
        """Write one value as people read it."""
        amount = given.get(name + "_fen")
        if isinstance(amount, int):
            return fen_to_yuan(amount)
        value = given[name]
        if isinstance(value, list | tuple):
            labels = [self._label(name, str(code), language, given) for code in value]
            return _COMMA[language].join(labels)
        if isinstance(value, bool):
            return self.label(name, "true" if value else "false", language)
        if isinstance(value, str):
            return self.label(name, value, language)
        return value

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
