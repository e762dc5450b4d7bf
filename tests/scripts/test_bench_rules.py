"""The rules beside OpenFisca: what it is asked, and that a difference of one fen is told."""

import random
from dataclasses import replace

from app.programs.living_allowance.program import LivingAllowance
from app.programs.parameters import STANDARD
from scripts.local.bench.rules import ON, Measured, described, draw_cases, show
from tests.programs.builders import build_case, members, standard

PROGRAM = LivingAllowance()
EQUAL = Measured({"explained": 0.001}, {"one by one": 0.002, "all at once": 0.0001}, [100, 0], [100, 0])


def test_openfisca_is_told_twelve_months_of_each_person_by_class():
    case = build_case(
        PROGRAM,
        members({}, {}),
        income=[
            {"member": "m1", "kind": "wage", "amount_fen": 1_000, "period": "month"},
            {"member": "m1", "kind": "wage", "amount_fen": 500, "period": "year"},
            {"member": "m2", "kind": "business", "amount_fen": 9_000, "period": "year", "costs_fen": 2_000},
        ],
    )

    first, second = described(case)

    assert first == {"wage_gross": 12_500, "wage_costs": 0}
    assert second == {"business_gross": 9_000, "business_costs": 2_000}


def test_drawn_households_are_the_same_each_time_and_of_all_sorts():
    once, again = [list(draw_cases(random.Random(1), 200)) for _ in range(2)]
    published = standard(amount_fen=455_000, period="year")
    judged = [PROGRAM.assess(case, PROGRAM.resolve(ON, {STANDARD: published}, {}), ON) for case in once]

    assert once == again
    assert len({assessment.outcome for assessment in judged}) == 4
    assert any(finding.rule == "no_class_at_a_loss" for assessment in judged for finding in assessment.findings)


def test_equal_amounts_are_a_success_and_the_rates_are_told_by_way(capsys):
    assert show(EQUAL) == 0

    told = capsys.readouterr().out
    assert "All 2 amounts are equal to the fen." in told
    assert next(line for line in told.splitlines() if "ours, explained" in line).split()[-2:] == ["1,000", "2.00"]


def test_a_difference_of_one_fen_is_a_failure_that_says_how_many(capsys):
    assert show(replace(EQUAL, their_amounts=[100, 1])) == 1

    assert "1 of 2 amounts differ." in capsys.readouterr().out
