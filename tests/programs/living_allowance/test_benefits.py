"""A pension or unemployment benefit that is drawn and was not declared: whose it is, and whether it would exclude."""

import pytest

from app.facts import FactKey, Item
from tests.programs.living_allowance.builders import PROGRAM, assess, case, fact, found, members, parameters

STANDARD = 64_100


def _drawing(*monthly: int, key: FactKey = FactKey.PENSION_MONTHLY, people=None, silent=(), **answers):
    drawn = {(f"m{n}", key): fact(key, fen, "human_resources") for n, fen in enumerate(monthly, start=1) if fen}
    return case(people or members(*[{}] * len(monthly)), verified=drawn, unavailable=silent, **answers)


def _finding(judged):
    return found(assess(judged), "benefits_declared")


def test_the_finding_shows_who_draws_what_and_how_much_of_it_was_not_declared():
    finding = _finding(
        _drawing(0, 45_000, income=[{"member": "m2", "kind": "transfer", "amount_fen": 15_000, "period": "month"}])
    )

    assert (finding.inputs["members"], finding.inputs["persons"], finding.inputs["month_fen"]) == (["m2"], 1, 30_000)
    assert finding.inputs["not_declared"] == {"m2": 30_000}
    (shown,) = finding.inputs["found"]
    assert (shown["value"], shown["source"]) == (45_000, "human_resources")
    assert finding.law[0].endswith("第十三条第一款第四项")


@pytest.mark.parametrize(("monthly", "excludes"), [(STANDARD - 1, False), (STANDARD, True), (286_000, True)])
def test_it_speaks_against_a_household_that_it_would_take_to_the_standard(monthly, excludes):
    finding = _finding(_drawing(monthly))

    assert (finding.met, finding.speaks_against) == (None, excludes)


@pytest.mark.parametrize(("monthly", "excludes"), [(2 * STANDARD - 1, False), (2 * STANDARD, True)])
def test_it_is_shared_by_all_who_count(monthly, excludes):
    assert _finding(_drawing(monthly, 0)).speaks_against is excludes


def test_a_household_above_the_standard_by_its_own_word_is_told_that_and_not_this():
    wage = {"member": "m1", "kind": "wage", "amount_fen": STANDARD, "period": "month"}

    findings = {each.rule: each for each in assess(_drawing(286_000, income=[wage])).findings}

    assert findings["benefits_declared"].speaks_against is False
    assert findings["income_below_standard"].speaks_against is True


def test_silence_never_speaks_against_anybody():
    finding = _finding(case(unavailable=[("m1", Item.SOCIAL_INSURANCE)]))

    assert (finding.silent, finding.speaks_against) == (True, False)


def test_what_one_draws_is_said_though_the_register_is_silent_about_another():
    finding = _finding(_drawing(286_000, 0, silent=[("m2", Item.SOCIAL_INSURANCE)]))

    assert (finding.silent, finding.inputs["silent"]) == (False, [["m2", "social_insurance"]])


def test_who_does_not_count_has_nothing_to_declare():
    judged = assess(_drawing(0, 286_000, people=members({}, {"situation": "in_prison"})))

    assert "benefits_declared" not in {each.rule for each in judged.findings}


def _alone(*monthly: int, ground: str):
    people = members({"disability": {"kind": "physical", "grade": 1}}, {})
    return _drawing(*monthly, people=people, alone={"member": "m1", "ground": ground})


def test_of_who_applies_alone_the_own_benefit_decides_against_the_standard():
    finding = _finding(_alone(STANDARD, 0, ground="severe_disability"))

    assert (finding.inputs["members"], finding.speaks_against) == (["m1"], True)


@pytest.mark.parametrize(("monthly", "excludes"), [(3 * STANDARD - 1, False), (3 * STANDARD, True)])
def test_the_familys_benefit_decides_where_it_has_to_be_an_edge_family(monthly, excludes):
    finding = _finding(_alone(0, monthly, ground="severe_disability"))

    assert (finding.inputs["members"], finding.speaks_against) == (["m2"], excludes)


def test_what_version_4_sets_beside_the_declaration_is_not_looked_at_under_version_3():
    stored = _drawing(286_000).as_json(), parameters().as_json()

    before, now = PROGRAM.replay(*stored, 3), PROGRAM.replay(*stored)

    assert (before.rules_version, now.rules_version) == (3, 5)
    assert "benefits_declared" not in {each.rule for each in before.findings}
    assert "benefits_declared" in {each.rule for each in now.findings}


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "每月共 2860.00 元没有申报"), ("en", "by 2860.00 yuan a month together")],
)
def test_it_is_said_in_plain_words_and_what_can_be_said_to_it(language, said):
    explained = PROGRAM.explain(_finding(_drawing(286_000)), language)

    assert said in explained.message
    assert explained.would_change
