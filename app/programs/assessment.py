"""What a program answers: findings that explain themselves, and the outcome they lead to."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from app.core.money import round_half_up
from app.programs.canonical import Json, fraction_json


class Outcome(StrEnum):
    """What a case looks like by the rules alone; a person decides."""

    LIKELY_ELIGIBLE = "likely_eligible"
    LIKELY_NOT_ELIGIBLE = "likely_not_eligible"
    ANOTHER_PROGRAM = "another_program"
    NEEDS_PERSON = "needs_person"


class Weight(StrEnum):
    """How a finding bears on the outcome."""

    FOUNDATION = "foundation"  # while it is open, nothing built on it can be said
    CONDITION = "condition"  # must be met
    NOTE = "note"  # explains, does not decide


_NO_NUMBERS: Mapping[str, Json] = {}

EXCLUDES = "excludes"
"""Name of an input: whether the household would be excluded, should what an open finding shows be so."""


class Distance(NamedTuple):
    """How far from the threshold; positive while there is room, negative beyond it."""

    value: Fraction
    unit: str  # 'fen_per_head_month' | 'fen' | 'fen_per_head' | 'count' | 'year' | 'share'

    def as_json(self) -> dict[str, Json]:
        """Write it exactly, and rounded for show."""
        return {"unit": self.unit, "rounded": round_half_up(self.value), **fraction_json(self.value)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Distance":
        """Read back what `as_json` wrote."""
        return cls(Fraction(int(stored["numerator"]), int(stored["denominator"])), stored["unit"])


class Finding(NamedTuple):
    """What one rule found: whether it is met (None: a person must look), by which law, from what.

    `inputs` are the case's, `numbers` the parameters'; both hold JSON values only. The words stand in the program's
    catalogue under `message` and `would_change`. `silent`: nothing speaks against it, but a source that it rests on has
    not answered; silence decides nothing, so `met` is None then.
    """

    rule: str
    met: bool | None
    law: tuple[str, ...]
    inputs: Mapping[str, Json]
    numbers: Mapping[str, Json] = _NO_NUMBERS
    distance: Distance | None = None
    weight: Weight = Weight.CONDITION
    silent: bool = False

    @property
    def message(self) -> str:
        """Name the text that says what was found."""
        return f"{self.rule}.{'silent' if self.silent else _VERDICTS[self.met]}"

    @property
    def is_unclear(self) -> bool:
        """Say whether a person must look, and not because a source is silent."""
        return self.met is None and not self.silent

    @property
    def would_change(self) -> str | None:
        """Name the text that says what would change it; a rule that is met, or only explains, has none."""
        return None if self.met or self.weight is Weight.NOTE else f"{self.message}.change"

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Finding":
        """Read back what `as_json` wrote, as far as words are made of it."""
        distance = stored["distance"]
        return cls(
            rule=stored["rule"],
            met=stored["met"],
            law=tuple(stored["law"]),
            inputs=stored["inputs"],
            numbers=stored["numbers"],
            distance=None if distance is None else Distance.from_json(distance),
            weight=Weight(stored["weight"]),
            silent=stored["silent"],
        )

    @property
    def speaks_against(self) -> bool:
        """Say whether it excludes the household: for certain, or unless the household can tell otherwise."""
        if self.weight is Weight.NOTE:
            return False
        return self.met is False or (self.met is None and self.inputs.get(EXCLUDES) is True)

    def as_json(self) -> dict[str, Json]:
        """Write the finding, with text keys and without texts: a better wording must not change old bytes."""
        return {
            "rule": self.rule,
            "met": self.met,
            "weight": self.weight.value,
            "law": self.law,
            "inputs": self.inputs,
            "numbers": self.numbers,
            "distance": self.distance.as_json() if self.distance else None,
            "silent": self.silent,
            "message": self.message,
            "would_change": self.would_change,
        }


_VERDICTS: dict[bool | None, str] = {True: "met", False: "not_met", None: "unclear"}


class MemberVerdict(NamedTuple):
    """Whether one person counts as a member of the household, and why; not `certain`: a person must look."""

    ref: str
    counted: bool
    reason: str
    law: tuple[str, ...]
    certain: bool = True

    def as_json(self) -> dict[str, Json]:
        """Write the verdict."""
        return {
            "ref": self.ref,
            "counted": self.counted,
            "reason": self.reason,
            "law": self.law,
            "certain": self.certain,
        }


class Assessment(NamedTuple):
    """The whole answer. `monthly_amount_fen` under `needs_person` is what follows if the open points turn out well."""

    program: str
    rules_version: int
    on: date
    outcome: Outcome
    another_program: str | None  # where the household should ask instead
    monthly_amount_fen: int
    per_capita_income: Fraction | None  # exact fen a month; None when nobody counts
    members: tuple[MemberVerdict, ...]
    findings: tuple[Finding, ...]
    one_off_amount_fen: int | None = None  # of a program that pays once; None where it does not

    @property
    def per_capita_income_fen(self) -> int | None:
        """Return the income per head and month, rounded for show; no rule reads it."""
        return None if self.per_capita_income is None else round_half_up(self.per_capita_income)

    @property
    def counted_members(self) -> int:
        """Return how many persons count."""
        return sum(member.counted for member in self.members)

    def as_json(self) -> dict[str, Json]:
        """Write everything; `canonical_bytes` of it is what a replay must reproduce."""
        exact = self.per_capita_income
        once: dict[str, Json] = {}
        if self.one_off_amount_fen is not None:
            once = {"one_off_amount_fen": self.one_off_amount_fen}
        return {
            **once,
            "program": self.program,
            "rules_version": self.rules_version,
            "on": self.on.isoformat(),
            "outcome": self.outcome.value,
            "another_program": self.another_program,
            "monthly_amount_fen": self.monthly_amount_fen,
            "per_capita_income_fen": self.per_capita_income_fen,
            "per_capita_income": None if exact is None else fraction_json(exact),
            "counted_members": self.counted_members,
            "members": [member.as_json() for member in self.members],
            "findings": [finding.as_json() for finding in self.findings],
        }


def all_met(findings: Iterable[Finding]) -> bool | None:
    """Say whether every condition is met; None while that cannot be said.

    An open foundation leaves everything open. Otherwise one certain failure decides, whatever other condition is open:
    none of them could undo it.
    """
    open_point = failed = False
    for finding in findings:
        if finding.weight is Weight.FOUNDATION and finding.met is not True:
            return None
        if finding.weight is Weight.CONDITION:
            open_point |= finding.met is None
            failed |= finding.met is False
    if failed:
        return False
    return None if open_point else True


def outcome_of(met: bool | None) -> Outcome:
    """Return the outcome that follows from whether every condition is met."""
    if met is None:
        return Outcome.NEEDS_PERSON
    return Outcome.LIKELY_ELIGIBLE if met else Outcome.LIKELY_NOT_ELIGIBLE
