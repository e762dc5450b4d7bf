"""An assessment in words: each rule with what was found, by which law, from what, in the caller's language."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from app.api.common.schemas import Out
from app.core.money import CURRENCY
from app.programs.assessment import Outcome, Weight
from app.programs.explaining import explain_member, explain_stored

Language = Literal["zh", "en"]


class FindingOut(Out):
    """What one rule found. `met` null: a person must look. `weight` note: it explains and does not decide.

    `inputs` are the household's, `numbers` the published ones, each with its source; `distance` is how far the
    threshold is, positive while there is room.
    """

    rule: str
    title: str
    met: bool | None
    weight: Weight
    law: list[str]
    message: str
    would_change: str | None
    inputs: dict[str, Any]
    numbers: dict[str, Any]
    distance: dict[str, Any] | None

    @classmethod
    def of(cls, program: str, stored: Mapping[str, Any], language: Language) -> "FindingOut":
        """Shape one finding as it is stored."""
        words = explain_stored(program, stored, language)
        return cls(
            rule=stored["rule"],
            title=words.title,
            met=stored["met"],
            weight=Weight(stored["weight"]),
            law=list(stored["law"]),
            message=words.message,
            would_change=words.would_change,
            inputs=stored["inputs"],
            numbers=stored["numbers"],
            distance=stored["distance"],
        )


class CountedOut(Out):
    """Whether one member counts, and why, as a code and in words; `ref` is the member's id.

    Not `certain`: a person must look.
    """

    ref: str
    counted: bool
    certain: bool
    reason: str
    reason_words: str
    law: list[str]

    @classmethod
    def of(cls, program: str, stored: Mapping[str, Any], language: Language) -> "CountedOut":
        """Shape one verdict as it is stored."""
        return cls(
            ref=stored["ref"],
            counted=stored["counted"],
            certain=stored["certain"],
            reason=stored["reason"],
            reason_words=explain_member(program, stored["reason"], language),
            law=list(stored["law"]),
        )


class AssessmentOut(Out):
    """What the rules say about a household on a day; a person decides.

    Under `needs_person` the amount is what follows if the open points turn out well. `one_off_amount_fen`: of a program
    that pays once; null where it does not.
    """

    program: str
    judged_on: str
    rules_version: int
    outcome: Outcome
    another_program: str | None
    monthly_amount_fen: int
    one_off_amount_fen: int | None
    currency: str = Field(examples=[CURRENCY])
    per_capita_income_fen: int | None
    counted_members: int
    members: list[CountedOut]
    findings: list[FindingOut]

    @classmethod
    def of(cls, stored: Mapping[str, Any], language: Language) -> "AssessmentOut":
        """Shape an assessment as it is stored."""
        program = stored["program"]
        return cls(
            program=program,
            judged_on=stored["on"],
            rules_version=stored["rules_version"],
            outcome=Outcome(stored["outcome"]),
            another_program=stored["another_program"],
            monthly_amount_fen=stored["monthly_amount_fen"],
            one_off_amount_fen=stored.get("one_off_amount_fen"),
            currency=CURRENCY,
            per_capita_income_fen=stored["per_capita_income_fen"],
            counted_members=stored["counted_members"],
            members=[CountedOut.of(program, member, language) for member in stored["members"]],
            findings=[FindingOut.of(program, finding, language) for finding in stored["findings"]],
        )


def language_of(*, english: bool) -> Language:
    """Name the language of the catalogue."""
    return "en" if english else "zh"
