"""No code of ours stands in a Chinese sentence: every template is filled with every code it may be filled with."""

import importlib
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest
import yaml

import app as product
from app.api.common import fault_words, progress_words
from app.api.common.code_words import CODED, in_chinese
from app.api.common.detail_words import SENTENCES, sentence_of
from app.api.common.problem_pages import every_refusal
from app.applications import lifecycle as applications
from app.core.errors import DomainError, RoleNotAllowed, StepNotAllowed
from app.core.lifecycle import Lifecycle
from app.disbursement.lifecycle import Exclusion
from app.handovers.lifecycle import Blocked
from app.identity.actors import Role
from app.notifications.texts import TEMPLATES
from app.programs.canonical import canonical_bytes
from app.programs.declaration import AreaClass, Period
from app.programs.explaining import explain_stored
from app.programs.registry import PROGRAMS
from app.reference.queries import FOR_ALL_CLASSES
from tests.programs.table import judge, read_rows

_APP = Path(product.__file__).parent
_CODE = re.compile(r"(?<![A-Za-z])[a-z]{2,}(?:_[a-z]+)*(?![A-Za-z])")
# Names of formats and spellings, which no other words stand for.
_SPELLED = {"https", "sha", "base", "true", "false", "application", "json"}
# What the caller itself spelled, events and parameters: told to partners and staff.
_NAMED_BY_CALLERS = {"names"}


def _lifecycles() -> Iterable[Lifecycle[Any, Any, Any]]:
    for path in sorted(_APP.rglob("*lifecycle.py")):
        module = importlib.import_module(".".join(("app", *path.relative_to(_APP).with_suffix("").parts)))
        yield from (each for each in vars(module).values() if isinstance(each, Lifecycle))


def _codes() -> Mapping[str, list[str]]:
    """List by name of the value what it may be: of states and steps all that any table knows."""
    tables = list(_lifecycles())
    assert len(tables) > 15
    return {
        "status": [*{state for table in tables for step in table.steps for state in (step.source, step.target)}],
        "action": [*{step.action for table in tables for step in table.steps}],
        "role": [*Role],
        "area_class": [*get_args(AreaClass), *FOR_ALL_CLASSES],
        "period": [*get_args(Period)],
        "program": [*PROGRAMS],
        "reasons": [*Blocked, *Exclusion],
    }


def _leftover(words: str) -> set[str]:
    return set(_CODE.findall(words)) - _SPELLED


@pytest.mark.parametrize("name", sorted(CODED))
def test_every_code_that_a_sentence_may_name_has_chinese_words(name: str):
    codes = _codes()[name]

    assert not {code for code in codes if _leftover(str(in_chinese(name, code)))}
    assert not {code for code in codes if _leftover(str(in_chinese(name, str(code))))}


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_no_sentence_of_a_refusal_names_a_code(key: str):
    names = {name for _, name, _, _ in Formatter().parse(SENTENCES[key][0]) if name} - _NAMED_BY_CALLERS
    codes = _codes()
    for name in sorted(names & CODED) or [""]:
        for code in codes.get(name, [""]):
            filled = {other: codes[other][0] if other in CODED else "1" for other in names} | {"names": ""}
            refusal = DomainError(key, **{**filled, **({name: code} if name else {})})
            assert not _leftover(sentence_of(refusal, english=False) or ""), code


@pytest.mark.parametrize("table", list(_lifecycles()), ids=lambda table: type(table.steps[0].action).__module__)
def test_every_step_that_is_refused_is_refused_in_chinese(table: Lifecycle[Any, Any, Any]):
    states: list[StrEnum] = [*{state for step in table.steps for state in (step.source, step.target)}]
    actions = {step.action for step in table.steps}

    refused = [_refusal(table, *tried) for tried in itertools.product(states, actions, Role)]

    assert not set().union(*(_leftover(words) for words in refused))


def test_a_citizen_reads_what_her_application_is_and_what_it_is_not_open_to():
    with pytest.raises(StepNotAllowed) as refusal:
        applications.LIFECYCLE.step(applications.Status.SUBMITTED, applications.Action.SUBMIT, Role.APPLICANT)

    assert sentence_of(refusal.value, english=False) == "当前状态为“已提交，待受理”，不能办理“提交”"
    assert sentence_of(refusal.value, english=True) == "'submit' is not possible while 'submitted'"


def test_several_reasons_are_told_one_by_one():
    blocked = DomainError("handover_blocked_by", reasons=(Blocked.OPEN_STEP, Blocked.UNDER_REVIEW))
    nothing = DomainError("left_out", reasons={"account_missing": 2})

    assert sentence_of(blocked, english=False) == "原发放地尚未办结：有事项尚未办结、待遇复核尚未完成"
    assert sentence_of(blocked, english=True) == "still to be settled by the county that pays: open_step, under_review"
    assert sentence_of(nothing, english=False) == "未列入：没有收款账户2项"
    assert sentence_of(nothing, english=True) == "left out: account_missing 2"


def test_no_title_of_a_refusal_names_a_code():
    assert not {code: left for code, each in every_refusal().items() if (left := _leftover(each.title_zh))}


def test_no_words_about_a_field_name_a_code():
    told = {key: chinese for key, (chinese, _) in fault_words.WORDS.items()}
    of_retention = {"years", "months", "days"}  # how an administrator spells a period

    filled = {key: words.format_map(_Blank()) for key, words in told.items()}
    assert not {key: left for key, words in filled.items() if (left := _leftover(words) - of_retention)}


def test_neither_the_timeline_nor_a_message_names_a_code():
    told = [words for words in _strings(vars(progress_words).values()) if re.search("[\u4e00-\u9fff]", words)]
    messages = [words.format(number="1") for words in TEMPLATES.values()]
    assert len(told) > 50

    assert not set().union(*(_leftover(words.format_map(_Blank())) for words in (*told, *messages)))


def test_no_letter_names_a_code():
    content = yaml.safe_load((_APP / "letters" / "texts.yaml").read_text("utf-8"))
    told = [words for words in _strings([content]) if re.search("[\u4e00-\u9fff]", words)]

    assert not set().union(*(_leftover(words.format_map(_Blank())) for words in told))


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_finding_names_a_code(program: str):
    for row in read_rows(program):
        for finding in judge(PROGRAMS[program], row).findings:
            words = explain_stored(program, json.loads(canonical_bytes(finding.as_json())), "zh")
            assert not _leftover(words.title + words.message + (words.would_change or "")), row["name"]


def _refusal(table: Lifecycle[Any, Any, Any], status: StrEnum, action: StrEnum, role: Role) -> str:
    """Take a step as a command does, from the state as a row holds it, and return what its refusal says."""
    try:
        table.step(str(status), action, role)
    except (StepNotAllowed, RoleNotAllowed) as refusal:
        return sentence_of(refusal, english=False) or ""
    return ""


class _Blank(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def _strings(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _strings(value.values())
        elif isinstance(value, list | tuple):
            yield from _strings(value)
