"""The income rule and the amount of the minimum-living allowance, written for OpenFisca, by its own means.

A program of its own, run in an environment that has OpenFisca and nothing of ours: households come in on standard
input, amounts and times go out. Written as its documentation has it: variables with formulas over arrays, a parameter
with dates, groups of persons. Money is whole fen; its floats have 24 bits and would lose them.
"""

import gc
import json
import statistics
import sys
import time
from typing import Any

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

_YEAR = "2026"
_KINDS = ("wage", "business", "property", "transfer", "other")
_ROUNDS = 5

PERSON = build_entity(key="person", plural="persons", label="A person", is_person=True)
HOUSEHOLD = build_entity(
    key="household", plural="households", label="A household", roles=[{"key": "member", "plural": "members"}]
)


def _input(name: str) -> type[Any]:
    """Make a variable of a person that is given."""
    members = {"value_type": int, "entity": PERSON, "definition_period": DateUnit.YEAR, "label": name}
    return type(name, (Variable,), members)


def _income(household: Any, period: Any) -> Any:
    """Add up the classes; costs above one of them eat into no other (review measures art. 12 and 13)."""
    total = 0
    for kind in _KINDS:
        gross = household.sum(household.members(f"{kind}_gross", period).astype(numpy.int64))
        costs = household.sum(household.members(f"{kind}_costs", period).astype(numpy.int64))
        total = total + numpy.maximum(gross - costs, 0)
    return total


def _allowance(household: Any, period: Any, parameters: Any) -> Any:
    """Return what is lacking to the standard, a month, rounded once (review measures art. 23)."""
    standard = int(parameters(period).standard_year)
    lacking = standard * household.nb_persons() - household("income", period)
    return (numpy.maximum(lacking, 0) + 6) // 12


def build_system(standard_year_fen: int) -> Any:
    """Return the rule with its parameter."""
    system = TaxBenefitSystem([PERSON, HOUSEHOLD])
    system.parameters = ParameterNode(
        "", data={"standard_year": {"values": {"2021-07-01": {"value": standard_year_fen}}}}
    )
    for kind in _KINDS:
        system.add_variable(_input(f"{kind}_gross"))
        system.add_variable(_input(f"{kind}_costs"))
    shared = {"value_type": int, "entity": HOUSEHOLD, "definition_period": DateUnit.YEAR}
    system.add_variable(type("income", (Variable,), {**shared, "label": "income", "formula": _income}))
    system.add_variable(type("allowance", (Variable,), {**shared, "label": "allowance", "formula": _allowance}))
    return system


def judge_one(system: Any, household: list[dict[str, int]]) -> int:
    """Judge one household as its web API does: a situation in, a value out."""
    persons = {
        f"p{place}": {name: {_YEAR: fen} for name, fen in person.items()} for place, person in enumerate(household)
    }
    situation = {"persons": persons, "households": {"h": {"members": list(persons)}}}
    simulation = SimulationBuilder().build_from_entities(system, situation)
    return int(simulation.calculate("allowance", _YEAR)[0])


def judge_all(system: Any, households: list[list[dict[str, int]]]) -> list[int]:
    """Judge many at once, as arrays."""
    persons = [person for household in households for person in household]
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", range(len(persons)))
    instance = builder.declare_entity("household", range(len(households)))
    belongs = [place for place, household in enumerate(households) for _ in household]
    builder.join_with_persons(instance, belongs, ["member"] * len(persons))
    simulation = builder.build(system)
    for kind in _KINDS:
        for name in (f"{kind}_gross", f"{kind}_costs"):
            simulation.set_input(name, _YEAR, numpy.array([person.get(name, 0) for person in persons]))
    return [int(fen) for fen in simulation.calculate("allowance", _YEAR)]


def main() -> None:
    """Judge what comes in: everything at once, and the first `singles` one by one."""
    asked = json.load(sys.stdin)
    system, households = build_system(asked["standard_year_fen"]), asked["households"]
    one_by_one = households[: asked["singles"]]
    amounts, at_once, each = [], [], []
    gc.collect()
    gc.freeze()  # as on our side: what waits to be judged is not the rules' to look through
    for _ in range(_ROUNDS):
        began = time.process_time()
        amounts = judge_all(system, households)
        at_once.append((time.process_time() - began) / len(households))
        began = time.process_time()
        singles = [judge_one(system, household) for household in one_by_one]
        each.append((time.process_time() - began) / len(one_by_one))
        if singles != amounts[: len(singles)]:
            raise SystemExit("one by one and all at once differ")
    times = {"single_seconds": statistics.median(each), "vector_seconds": statistics.median(at_once)}
    json.dump({"amounts": amounts, **times}, sys.stdout)


if __name__ == "__main__":
    main()
