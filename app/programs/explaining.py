"""What is told of a kept assessment: the same findings in the same words, wherever somebody reads them.

The self-check, the caseworker's screen, the phone and the letters all take their words from here, so that nobody reads
another reason than the one a decision rests on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.programs.assessment import Finding, Weight
from app.programs.registry import get_program
from app.programs.texts import Explanation, Language

Stored = Mapping[str, Any]


def explain_stored(program: str, stored: Stored, language: Language) -> Explanation:
    """Put a finding into words, as an assessment keeps it.

    Raises:
        ProgramUnknown: there is no such program.
    """
    return get_program(program).explain(Finding.from_json(stored), language)


def explain_member(program: str, reason: str, language: Language) -> str:
    """Say in words why somebody counts or does not.

    Raises:
        ProgramUnknown: there is no such program.
    """
    return get_program(program).texts.label("member", reason, language)


def not_met(findings: Sequence[Stored]) -> list[Stored]:
    """List the findings that keep a household out: the conditions that failed; where none did, those that are open.

    Beside a condition that failed for certain an open one decides nothing, and would read as if it did.
    """
    conditions = [finding for finding in findings if finding["weight"] != Weight.NOTE]
    failed = [finding for finding in conditions if finding["met"] is False]
    return failed or [finding for finding in conditions if finding["met"] is None]


def worked_out_by(program: str, findings: Sequence[Stored]) -> list[Stored]:
    """List the findings that show how an amount was worked out, in the order a person would go through them.

    Raises:
        ProgramUnknown: there is no such program.
    """
    rules = get_program(program).worked_out_by
    return [finding for finding in findings if finding["rule"] in rules]
