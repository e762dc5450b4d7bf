"""An amount that was judged to lie below a limit, or within it, is written so, though each is rounded by itself."""

import itertools
import json
import re
from typing import Any

import pytest

from app.letters.findings import amount_explained
from app.programs.canonical import canonical_bytes
from app.programs.compared import COMPARED
from app.programs.explaining import explain_stored
from app.programs.registry import PROGRAMS, get_program
from tests.programs.builders import build_case, found, members, resolve

_RURAL = {"amount_fen": 455_000, "period": "year", "area_class": "rural"}
_SIGNS = {
    "不低于": lambda one, other: one >= other,
    "低于": lambda one, other: one < other,
    "不少于": lambda one, other: one >= other,
    "少于": lambda one, other: one < other,
    "不超过": lambda one, other: one <= other,
    "未超过": lambda one, other: one <= other,
    "超过": lambda one, other: one > other,
}
_SIGN = "|".join(_SIGNS)
_COMPARES = re.compile(rf"([0-9.]+) 元，?[^0-9限]*?({_SIGN})[^0-9]*?([0-9.]+) 元")
_REGION: dict[str, Any] = {
    "rigid_expense_family": {
        "disposable_income": {"year": 2025, "urban_fen": 455_000, "rural_fen": 455_000},
        "expense_ratio": "1/3",
        "rigid_expense.living": {},
    },
    "temporary_aid": {
        "income_limit": "1",
        "fast_track": {"months_of_standard": "1"},
        "township_ceiling": {"months_of_standard": "1"},
        "ceiling": {"months_of_standard": "2"},
    },
}
_FIRE = {"kind": "emergency", "cause": "fire", "urgent": True, "at_place_of_event": True}


def _judged(program: str, heads: int, year_fen: int, region: dict[str, Any] | None = None, **answers: Any):
    rules = get_program(program)
    child = {"relation": "child", "birth_date": "2015-01-01"}
    case = build_case(
        rules,
        members({}, *[child] * (heads - 1)),
        area_class="rural",
        income=[{"member": "m1", "kind": "wage", "amount_fen": year_fen, "period": "year"}],
        **answers,
    )
    parameters = resolve(rules, region=region, **_RURAL)
    return rules.assess(case, parameters, parameters.on)


def _words(program: str, assessment: Any, rule: str, language: Any = "zh") -> str:
    stored = json.loads(canonical_bytes(found(assessment, rule).as_json()))
    return explain_stored(program, stored, language).message


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "人均每年 4549.99 元，低于当地标准每年 4550.00 元"), ("en", "4549.99 yuan per head and year, below")],
)
def test_who_is_below_the_standard_by_less_than_half_a_fen_reads_below_it(language, words):
    below = _judged("living_allowance", 3, 3 * 455_000 - 1)

    finding = found(below, "income_below_standard")
    assert finding.met
    assert words in _words("living_allowance", below, "income_below_standard", language)
    assert words in get_program("living_allowance").explain(finding, language).message
    assert finding.inputs["income_fen"] == 455_000


def test_the_letter_about_the_grant_reads_the_same():
    told = amount_explained("living_allowance", _judged("living_allowance", 3, 3 * 455_000 - 1).as_json())

    assert any("人均每年 4549.99 元，低于当地标准每年 4550.00 元" in words for words in told)


def test_who_is_at_the_standard_reads_not_below_it():
    at = _judged("living_allowance", 3, 3 * 455_000)

    assert "人均每年 4550.00 元，不低于当地标准每年 4550.00 元" in _words(
        "living_allowance", at, "income_below_standard"
    )


@pytest.mark.parametrize(("needed", "met"), [(37_916, True), (37_917, False)])
def test_a_limit_of_a_fraction_of_a_fen_is_told_as_the_last_fen_within_it(needed, met):
    region = {"fast_track": {"months_of_standard": "1"}}

    judged = _judged("temporary_aid", 1, 0, region, needed_fen=needed, **_FIRE)

    finding = found(judged, "small_fast_track")
    assert (finding.met, finding.numbers["limit_fen"]) == (met, 37_916)
    assert "不超过 379.16 元" in _words("temporary_aid", judged, "small_fast_track")


def test_savings_above_such_a_limit_read_above_it():
    savings = [{"kind": "deposit", "owner": "m1", "value_fen": 37_917}]
    region = {"property.savings": {"kinds": ["deposit"], "months_of_standard": 1}}

    judged = _judged("living_allowance", 1, 0, region, property=savings)

    assert "379.17 元，超过当地规定的 379.16 元" in _words("living_allowance", judged, "property_within_fen_limit")


def _near(program: str):
    """Judge households around every limit that a program knows, a fraction of a fen below it and above."""
    heads_of = (1,) if program == "destitute_support" else (1, 2, 3)
    for heads, quarters in itertools.product(heads_of, (4, 6)):
        for step in range(-heads - 1, heads + 2):
            year = 455_000 * heads * quarters // 4 + step
            spent = [{"member": "m1", "kind": "living", "amount_fen": year // 3, "period": "year"}]
            answers = {
                "temporary_aid": {**_FIRE, "needed_fen": 37_917 * heads + step},
                "rigid_expense_family": {"expenses": spent},
            }
            yield _judged(program, heads, year, _REGION.get(program), **answers.get(program, {}))


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_words_compare_compares_as_they_say(program):
    compared = 0
    for judged in _near(program):
        for finding in judged.findings:
            for one, sign, other in _COMPARES.findall(_words(program, judged, finding.rule)):
                assert _SIGNS[sign](float(one), float(other)), _words(program, judged, finding.rule)
                compared += 1
    assert compared


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_every_rule_whose_words_compare_two_amounts_is_known(program):
    template = re.compile(rf"\{{\w+\}} 元，?[^{{限]*?({_SIGN})[^{{]*?\{{\w+\}} 元")
    comparing = {key.split(".")[0] for key, text in program.texts.texts.items() if template.search(text.zh)}

    assert comparing <= COMPARED
