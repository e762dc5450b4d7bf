"""`scripts/bench rules`: the rules of the minimum-living allowance, and one of them again in OpenFisca, side by side.

Both judge the same made-up households in the same minute: what counts of their income, and the amount, which have to be
equal to the fen. OpenFisca is made for arrays and names no reasons; ours explains every rule of one household, and its
short cut names none. Which of these belong beside each other is for the reader: each line says what it is.
"""

import gc
import json
import random
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.programs.base import Standard
from app.programs.case import Case
from app.programs.declaration import Income, IncomeKind, MemberFacts, yearly
from app.programs.living_allowance.answers import LivingAllowanceAnswers
from app.programs.living_allowance.fast import Numbers
from app.programs.living_allowance.program import LivingAllowance
from app.programs.parameters import STANDARD
from scripts.local.children import ROOT
from scripts.local.environment import SetupFailed, ensure
from scripts.local.narration import Refusal, say

ON = date(2026, 11, 25)
HOUSEHOLDS, SINGLES = 10_000, 300
_LOCK = "requirements-bench.lock"
_SIDE = ROOT / "scripts" / "local" / "bench" / "openfisca_side.py"
_KINDS: tuple[IncomeKind, ...] = ("wage", "business", "property", "transfer", "other")
_ROUNDS = 5
_PROGRAM = LivingAllowance()
_STANDARD = Standard(455_000, "year", "530000000000", "rural", date(2020, 1, 1), "benchmark")

HouseholdCase = Case[LivingAllowanceAnswers]


@dataclass(frozen=True)
class Measured:
    """Seconds of a processor for one household: ours and OpenFisca's, by way; and the amounts of both, in order."""

    ours: Mapping[str, float]
    theirs: Mapping[str, float]
    our_amounts: Sequence[int]
    their_amounts: Sequence[int]

    @property
    def differing(self) -> int:
        """Say how many amounts differ."""
        return sum(ours != theirs for ours, theirs in zip(self.our_amounts, self.their_amounts, strict=True))


def bench_rules() -> int:
    """Measure and print; return 1 where one amount differs.

    Raises:
        Refusal: OpenFisca cannot be installed, or does not answer.
    """
    say(f"Putting OpenFisca into an environment of its own, from {_LOCK}")
    python = _environment()
    cases = list(draw_cases(random.Random(1), HOUSEHOLDS))  # noqa: S311 (to be repeatable) # nosec B311
    say(f"Judging {HOUSEHOLDS:,} households, each side {_ROUNDS} times")
    ours, amounts = _measure(cases)
    theirs = _ask(python, cases)
    measured = Measured(
        ours,
        {"one by one": theirs["single_seconds"], "all at once": theirs["vector_seconds"]},
        amounts,
        theirs["amounts"],
    )
    return show(measured)


def draw_cases(chance: random.Random, number: int) -> Iterator[HouseholdCase]:
    """Draw households of one to six with income of every class, some of it at a cost, now and then at a loss."""
    for _ in range(number):
        members = [_member(place, chance) for place in range(chance.choice((1, 1, 2, 2, 3, 4, 6)))]
        income = [_income(chance, each.ref) for each in members for _ in range(chance.choice((0, 1, 1, 2)))]
        yield _PROGRAM.build_case(
            area_class="rural",
            division="532529103204",
            members=members,
            answers={"income": [line.model_dump() for line in income]},
        )


def described(case: HouseholdCase) -> list[dict[str, int]]:
    """Describe a household to OpenFisca: income and costs of twelve months of each person, by class."""
    persons: dict[str, dict[str, int]] = {member.ref: {} for member in case.members}
    for line in case.answers.income:
        person = persons[line.member]
        for name, fen in ((f"{line.kind}_gross", line.year_fen), (f"{line.kind}_costs", line.costs_year_fen)):
            person[name] = person.get(name, 0) + fen
    return list(persons.values())


def show(measured: Measured) -> int:
    """Print what was measured; return 1 where one amount differs."""
    ways = {
        **{f"ours, {way}": seconds for way, seconds in measured.ours.items()},
        **{f"OpenFisca, {way}": seconds for way, seconds in measured.theirs.items()},
    }
    single = measured.theirs["one by one"]
    say("")
    say(f"  {'households a second, one core':<52}{'rate':>10}   of OpenFisca one by one")
    for way, seconds in ways.items():
        say(f"  {way:<52}{1 / seconds:>10,.0f}   {single / seconds:.2f}")
    if measured.differing:
        say(f"{measured.differing:,} of {len(measured.our_amounts):,} amounts differ.")
        return 1
    say(f"All {len(measured.our_amounts):,} amounts are equal to the fen.")
    return 0


def _measure(cases: Sequence[HouseholdCase]) -> tuple[dict[str, float], list[int]]:
    parameters = _PROGRAM.resolve(ON, {STANDARD: _STANDARD}, {})
    numbers = Numbers(parameters)

    def explained(case: HouseholdCase) -> None:
        for finding in _PROGRAM.assess(case, parameters, ON).findings:
            _PROGRAM.explain(finding, "zh")

    ways: dict[str, Callable[[HouseholdCase], object]] = {
        "every rule with law, inputs and numbers": lambda case: _PROGRAM.assess(case, parameters, ON),
        "the same, put into words": explained,
        "outcome and amount alone": lambda case: numbers.judge(case, numbers.figures_of(case)),
    }
    times = {way: _seconds(judge, cases) for way, judge in ways.items()}
    return times, [_PROGRAM.assess(case, parameters, ON).monthly_amount_fen for case in cases]


def _seconds(judge: Callable[[HouseholdCase], object], cases: Sequence[HouseholdCase]) -> float:
    """Return the median over the rounds of a processor's time for one household, whatever else the machine does."""
    rounds = []
    gc.collect()
    gc.freeze()  # ten thousand households that wait to be judged are not the rules' to look through
    for _ in range(_ROUNDS):
        began = time.process_time()
        for case in cases:
            judge(case)
        rounds.append((time.process_time() - began) / len(cases))
    return statistics.median(rounds)


def _ask(python: str, cases: Sequence[HouseholdCase]) -> dict[str, Any]:
    question = {
        "standard_year_fen": yearly(_STANDARD.amount_fen, _STANDARD.period),
        "households": [described(case) for case in cases],
        "singles": SINGLES,
    }
    side = subprocess.run(
        [python, "-I", str(_SIDE)], input=json.dumps(question), capture_output=True, text=True, check=False
    )
    if side.returncode != 0:
        raise Refusal(f"OpenFisca ended early: {side.stderr.strip().splitlines()[-1:]}")
    answer: dict[str, Any] = json.loads(side.stdout)
    return answer


def _environment() -> str:
    """Make the environment where it is missing; it lies beside other data, away from the product's own."""
    folder = ROOT / ".data" / "bench-rules"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / _LOCK, folder / _LOCK)
    try:
        return str(ensure(folder, _LOCK, [_LOCK]))
    except SetupFailed as failure:
        raise Refusal(str(failure)) from None


def _member(place: int, chance: random.Random) -> MemberFacts:
    relation: Any = ("self", "spouse", "child", "child", "parent", "parent")[place]
    return MemberFacts(ref=f"m{place}", relation=relation, birth_date=date(chance.randrange(1940, 2020), 6, 1))


def _income(chance: random.Random, ref: str) -> Income:
    monthly = chance.random() < 0.5
    fen = chance.randrange(60_000 if monthly else 700_000)
    costs = chance.randrange(fen * 5 // 4 + 1) if chance.random() < 0.15 else 0
    kind = chance.choice(_KINDS)
    return Income(member=ref, kind=kind, amount_fen=fen, period="month" if monthly else "year", costs_fen=costs)
