"""The house rules of programs: registered, speaking both languages, apart from one another."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

import app.programs
from app.programs.errors import ProgramUnknown, RulesVersionUnknown
from app.programs.registry import PROGRAMS, get_program
from app.programs.service_items import read_service_item

_ROOT = Path(app.programs.__file__).parent


def test_every_folder_is_registered_under_its_own_name():
    folders = {path.parent.name for path in _ROOT.glob("*/program.py")}

    assert folders == set(PROGRAMS)


def test_an_unknown_code_is_refused():
    with pytest.raises(ProgramUnknown):
        get_program("free_lunch")


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_every_text_speaks_both_languages(program):
    assert all(text.zh and text.en for text in program.texts.texts.values())
    assert program.title.zh
    assert program.title.en


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_program_imports_another(program):
    others = tuple(f"app.programs.{other}" for other in PROGRAMS if other != program)
    files = (_ROOT / program).glob("*.py")

    imported = {name for file in files for name in _imports_of(ast.parse(file.read_text("utf-8")))}

    assert sorted(name for name in imported if name.startswith(others)) == []


def test_what_programs_share_knows_none_of_them():
    programs = tuple(f"app.programs.{program}" for program in PROGRAMS)
    files = [file for file in _ROOT.glob("*.py") if file.name != "registry.py"]

    imported = {name for file in files for name in _imports_of(ast.parse(file.read_text("utf-8")))}

    assert sorted(name for name in imported if name.startswith(programs)) == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_national_value_has_its_law_and_its_days(program):
    content = yaml.safe_load((_ROOT / program / "parameters.yaml").read_text("utf-8"))

    since = content.pop("rules_since")
    for name, entries in content.items():
        days = [(entry["valid_from"], entry.get("valid_to")) for entry in entries]
        assert all(entry["law"] for entry in entries), name
        assert all(entry.keys() <= {"value", "law", "valid_from", "valid_to"} for entry in entries), name
        assert min(days)[0] >= since, name
        assert all(first[1] and first[1] < second[0] for first, second in pairwise(days)), name


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_has_a_service_guide(program):
    item = read_service_item(program)

    assert item.conditions
    assert item.basis


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_program_judges_by_its_present_rules_again(program):
    assert program.rules_version in program.replays
    with pytest.raises(RulesVersionUnknown):
        program.replay({}, {}, max(program.replays) + 1)


def _imports_of(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
