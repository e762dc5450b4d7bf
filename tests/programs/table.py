"""A program's `cases.yaml`: reading its rows, judging them, and comparing with what they expect.

Left out of a row: judged on 2026-11-23, standard 641.00 yuan a month, one member m1 (the applicant, born 1980-05-06),
no `further` standard, nothing declared, nobody asked; with anything found or silent, or `asked`, everything was asked
about everybody. Members are called m1, m2, …; the second is the spouse unless it says otherwise. What is no setting is
an answer on the form.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from app.facts import FactKey, Item
from app.programs.assessment import Assessment
from app.programs.base import Program
from app.programs.case import Case
from tests.programs.builders import TODAY, build_case, fact, members, resolve, standard

Row = dict[str, Any]
_SETTINGS = frozenset(
    {
        *("name", "date", "standard", "further", "regional", "area_class", "members"),
        *("verified", "unavailable", "asked", "expect"),
    }
)


def read_rows(program: str) -> list[Row]:
    rows: list[Row] = yaml.safe_load(Path(__file__).with_name(program).joinpath("cases.yaml").read_text("utf-8"))
    return rows


def put_together(program: Program[Any, Any], row: Row) -> tuple[Case[Any], Any]:
    """Return the case of a row, and the numbers it is judged by."""
    facts = [(entry["member"], _fact(entry)) for entry in row.get("verified", [])]
    case = build_case(
        program,
        members(*row.get("members", [{}])),
        area_class=row.get("area_class", "urban"),
        verified={(ref, each.key): each for ref, each in facts},
        unavailable=[(ref, Item(item)) for ref, item in row.get("unavailable", [])],
        asked=row.get("asked"),
        **{name: value for name, value in row.items() if name not in _SETTINGS},
    )
    further = {name: standard(**given) for name, given in row.get("further", {}).items()}
    on, region = row.get("date", TODAY), row.get("regional")
    return case, resolve(program, on, region, further=further, **row.get("standard", {}))


def judge(program: Program[Any, Any], row: Row) -> Assessment:
    case, known = put_together(program, row)
    return program.assess(case, known, known.on)


def check(assessment: Assessment, expect: Row) -> None:
    """Compare what came out with what a row expects: the rules it names, and all of the rest it names."""
    assert assessment.outcome == expect["outcome"]
    assert assessment.another_program == expect.get("another")
    assert assessment.monthly_amount_fen == expect.get("amount", 0)
    assert assessment.one_off_amount_fen == expect.get("one_off")
    if "per_capita" in expect:
        assert assessment.per_capita_income_fen == expect["per_capita"]
    if "counted" in expect:
        assert [each.ref for each in assessment.members if each.counted] == expect["counted"]
    reasons = {each.ref: each.reason for each in assessment.members}
    assert reasons | expect.get("reasons", {}) == reasons
    findings = {each.rule: each.met for each in assessment.findings}
    assert findings | expect.get("findings", {}) == findings
    assert not findings.keys() & set(expect.get("absent", []))
    distances = {each.rule: each.distance and (each.distance.value, each.distance.unit) for each in assessment.findings}
    for rule, expected in expect.get("distances", {}).items():
        assert distances[rule] == (expected and (Fraction(expected[0]), expected[1]))


def _fact(entry: Row) -> Any:
    value = entry["value"]
    return fact(FactKey(entry["key"]), tuple(value) if isinstance(value, list) else value)
