"""What every program owes to every case of its table: words in both languages, law, and the same bytes again."""

import json
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

import app.programs
from app.facts import Item
from app.programs.assessment import Finding
from app.programs.base import Program
from app.programs.canonical import canonical_bytes
from app.programs.declaration import ExpenseKind, IncomeKind, PropertyKind, PropertyUse
from app.programs.household import apply_rules
from app.programs.registry import PROGRAMS
from app.programs.texts import Catalogue, household_texts
from tests.programs.builders import found
from tests.programs.table import Row, judge, put_together, read_rows

_FOLDER = Path(app.programs.__file__).parent
_KEPT = Path(__file__).parent
_ROWS = [(program, row) for program in PROGRAMS.values() for row in read_rows(program.code)]
_IDS = [f"{program.code}: {row['name']}" for program, row in _ROWS]

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
every_case = pytest.mark.parametrize(("program", "row"), _ROWS, ids=_IDS)


@every_program
def test_case_names_are_unique(program: Program[Any, Any]):
    names = [row["name"] for row in read_rows(program.code)]

    assert len(set(names)) == len(names)


@every_case
def test_every_finding_has_words_and_law(program: Program[Any, Any], row: Row):
    for finding in judge(program, row).findings:
        for words in (program.explain(finding, "zh"), program.explain(finding, "en")):
            assert words.title
            assert words.message
            assert not set("{}[]") & set(words.message + (words.would_change or ""))
            assert (words.would_change is None) == (finding.would_change is None)
        assert finding.law
        assert all(finding.law)
    assert all(member.law for member in judge(program, row).members)


@every_program
def test_every_reason_of_a_member_has_words(program: Program[Any, Any]):
    reasons = {each.reason for row in read_rows(program.code) for each in judge(program, row).members}

    assert {f"member.{reason}" for reason in reasons} - program.texts.texts.keys() == set()


@every_program
def test_the_table_or_a_kept_decision_says_every_text_of_a_finding_that_the_program_wrote(program: Program[Any, Any]):
    own = Catalogue.load(_FOLDER / program.code / "texts.yaml").texts

    assert _messages(own) - _said(program) - _once_said(program) == set()


def test_the_tables_say_every_text_that_programs_share():
    said = set().union(*map(_said, PROGRAMS.values()))

    assert _messages(household_texts().texts) - said == set()


def test_every_code_that_findings_list_has_words():
    labels = {
        *(f"kinds.{kind}" for kind in (*get_args(PropertyKind), *get_args(ExpenseKind))),
        *(f"classes.{kind}" for kind in get_args(IncomeKind)),
        *(f"uses.{use}" for use in get_args(PropertyUse)),
        *(f"items.{item}" for item in Item),
    }

    assert labels - household_texts().texts.keys() == set()


@every_case
def test_a_stored_decision_replays_to_the_same_bytes(program: Program[Any, Any], row: Row):
    case, known = put_together(program, row)
    decided = canonical_bytes(program.assess(case, known, known.on).as_json())

    again = program.replay(
        json.loads(canonical_bytes(case.as_json())),
        json.loads(canonical_bytes(known.as_json())),
        program.rules_version,
    )

    assert canonical_bytes(again.as_json()) == decided


@every_case
def test_only_law_that_speaks_on_the_day_is_cited(program: Program[Any, Any], row: Row):
    judged = judge(program, row)

    cited = {law for finding in judged.findings for law in finding.law} | {
        law for member in judged.members for law in member.law
    }
    new_law = judged.on >= date(2026, 7, 1)
    assert not any(law.startswith("社会救助暂行办法" if new_law else "社会救助法") for law in cited)


@every_program
def test_the_new_law_is_cited_from_its_first_day(program: Program[Any, Any]):
    row = read_rows(program.code)[0]
    before, after = (
        {law for finding in judge(program, {**row, "date": day}).findings for law in finding.law}
        for day in (date(2026, 6, 30), date(2026, 7, 1))
    )

    assert {law for law in after - before if law.startswith("社会救助法")}
    assert not {law for law in before if law.startswith("社会救助法")}


def _said(program: Program[Any, Any]) -> set[str]:
    return {finding.message for row in read_rows(program.code) for finding in judge(program, row).findings}


def _once_said(program: Program[Any, Any]) -> set[str]:
    said = set()
    for version in sorted(program.replays - {program.rules_version}):
        kept = json.loads(_KEPT.joinpath(program.code, "decisions", f"rules_{version}.json").read_text("utf-8"))
        for each in kept:
            again = program.replay(each["case"], each["parameters"], version)
            said |= {finding.message for finding in again.findings}
    return said


def _messages(texts: Any) -> set[str]:
    verdicts = {"met", "not_met", "unclear", "silent"}
    return {key for key in texts if key.count(".") == 1 and key.split(".")[1] in verdicts}


def test_no_rule_decides_by_a_source_that_has_not_answered():
    def decides(work: object) -> Finding:
        return Finding("decides", met=True, law=(), inputs={}, silent=True)

    with pytest.raises(ValueError, match="silence"):
        apply_rules((decides,), object())


def test_income_that_a_region_leaves_out_is_told_by_the_name_the_region_gave_it():
    row = {
        "regional": {"income_not_counted.festival_money": ["节日慰问金"]},
        "income": [
            {"member": "m1", "kind": "transfer", "detail": "节日慰问金", "amount_fen": 60_000, "period": "year"}
        ],
    }
    program = PROGRAMS["living_allowance"]

    left_out = found(judge(program, row), "income_left_out")

    assert program.explain(left_out, "zh").message == "下列收入不计入家庭收入：节日慰问金，全年共 600.00 元。"
