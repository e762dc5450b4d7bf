"""The numbers of the edge family: those of any household, and the ratio to the standard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from app.programs.base import ParameterValue, Standard
from app.programs.errors import ParameterNotUsable
from app.programs.parameters import HouseholdParameters, Stored
from app.programs.rows import National, Ratio, read_one

_NATIONAL = National.load("edge_family", Path(__file__).with_name("parameters.yaml"))


@dataclass(frozen=True)
class Parameters(HouseholdParameters):
    """Everything one assessment reads beside the case."""

    edge_ratio: Fraction

    @property
    def line(self) -> Fraction:
        """Return the income per head and month that an edge family stays below, in exact fen."""
        return self.standard.monthly * self.edge_ratio


def resolve(on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]) -> Parameters:
    """Lay regional values over the national defaults of `on`.

    Raises:
        RulesNotInForce: `on` lies before the first day of the national rules.
        StandardMissing: no living-allowance standard in force is given.
        ParameterNotUsable: a regional value is unknown, unreadable or not in force yet.
    """
    return _read(Stored.resolve(_NATIONAL, on, standards, regional))


def parameters_from_json(stored: Mapping[str, Any]) -> Parameters:
    """Read back what `Parameters.as_json` wrote."""
    return _read(Stored.from_json(stored))


def _read(given: Stored) -> Parameters:
    ratio: Fraction | None = read_one(given.values, "edge_ratio", Annotated[Ratio, Field(ge=1, le=10)])
    if ratio is None:
        raise ParameterNotUsable("parameter_missing", names="edge_ratio")
    household = given.read_household(frozenset({"edge_ratio"}))
    return Parameters(given.on, given.standard, given.values, household, ratio)
