"""The table of cases, row by row."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.facts import FactKey, Item
from tests.programs.living_allowance.builders import TODAY, assess, case, fact, members, parameters

_ROWS = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
_ANSWERS = ("income", "expenses", "property", "supporters")


def _assess(row: dict[str, Any]):
    known = parameters(row.get("date", TODAY), row.get("regional"), **row.get("standard", {}))
    facts = [
        (entry["member"], fact(FactKey(entry["key"]), _value(entry["value"]))) for entry in row.get("verified", [])
    ]
    judged = case(
        members(*row.get("members", [{}])),
        verified={(ref, each.key): each for ref, each in facts},
        unavailable=[(ref, Item(item)) for ref, item in row.get("unavailable", [])],
        asked=row.get("asked"),
        **{name: row[name] for name in _ANSWERS if name in row},
    )
    return assess(judged, known)


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize("row", _ROWS, ids=[row["name"] for row in _ROWS])
def test_case(row: dict[str, Any]):
    expect = row["expect"]

    assessment = _assess(row)

    assert assessment.outcome == expect["outcome"]
    assert assessment.monthly_amount_fen == expect["amount"]
    assert assessment.another_program == expect.get("another")
    if "per_capita" in expect:
        assert assessment.per_capita_income_fen == expect["per_capita"]
    if "counted" in expect:
        assert [each.ref for each in assessment.members if each.counted] == expect["counted"]
    reasons = {each.ref: each.reason for each in assessment.members}
    assert reasons | expect.get("reasons", {}) == reasons
    findings = {each.rule: each.met for each in assessment.findings}
    assert findings | expect.get("findings", {}) == findings
    assert not findings.keys() & set(expect.get("absent", []))


def test_case_names_are_unique():
    names = [row["name"] for row in _ROWS]

    assert len(set(names)) == len(names)
