"""What holds for the numbers of every program: their days, and that none is skipped."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import app.programs
from app.programs.base import Program
from app.programs.canonical import canonical_bytes
from app.programs.errors import ParameterNotUsable, RulesNotInForce
from app.programs.registry import PROGRAMS
from app.reference.errors import StandardMissing
from tests.programs.builders import TODAY, regional, resolve, standard

_FOLDER = Path(app.programs.__file__).parent
_TOMORROW = TODAY + timedelta(days=1)

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())


def _national(program: Program[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((_FOLDER / program.code / "parameters.yaml").read_text("utf-8"))
    return content


@every_program
def test_a_standard_is_needed_and_must_be_in_force(program: Program[Any, Any]):
    with pytest.raises(StandardMissing):
        program.resolve(TODAY, {}, {})
    with pytest.raises(StandardMissing):
        resolve(program, valid_from=_TOMORROW)
    assert resolve(program, valid_from=TODAY).standard == standard(valid_from=TODAY)


@every_program
def test_the_rules_begin_on_their_first_day(program: Program[Any, Any]):
    since: date = _national(program)["rules_since"]

    assert resolve(program, since).on == since
    with pytest.raises(RulesNotInForce):
        resolve(program, since - timedelta(days=1))


@every_program
def test_a_regional_value_is_not_used_before_its_day(program: Program[Any, Any]):
    name, (entry, *_) = next(each for each in _national(program).items() if each[0] != "rules_since")
    rows = regional({name: entry["value"]})
    standards = {"living_allowance": standard()}

    today = program.resolve(TODAY, standards, {name: replace(rows[name], valid_from=TODAY)})
    assert today.values[name].valid_from == TODAY
    with pytest.raises(ParameterNotUsable):
        program.resolve(TODAY, standards, {name: replace(rows[name], valid_from=_TOMORROW)})


@every_program
def test_a_regional_value_takes_the_place_of_the_national_one(program: Program[Any, Any]):
    name, (entry, *_) = next(each for each in _national(program).items() if each[0] != "rules_since")

    known = resolve(program, region={name: entry["value"]})

    assert known.values[name].law == "测试省规定第一条"
    assert resolve(program).values[name].law == entry["law"]


@every_program
@pytest.mark.parametrize("name", ["lottery", "property", "propertyx.cars", "income_not_counted"])
def test_a_value_that_nothing_reads_is_refused(program: Program[Any, Any], name: str):
    with pytest.raises(ParameterNotUsable):
        resolve(program, region={name: "1"})


@every_program
def test_numbers_are_read_back_as_they_were_written(program: Program[Any, Any]):
    known = resolve(
        program,
        region={"property.cars": {"kinds": ["vehicle"], "count": 1}, "employment_cost": {"share_of_wage": "0.1"}},
    )

    written = canonical_bytes(known.as_json())

    assert canonical_bytes(program.parameters_from_json(json.loads(written)).as_json()) == written
