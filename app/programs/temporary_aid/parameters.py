"""The numbers of temporary aid: those of any household, the fast track, and what a region sets as ceilings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from app.programs.base import ParameterValue, Standard
from app.programs.declaration import Fen
from app.programs.parameters import HouseholdParameters, Stored
from app.programs.rows import Multiple, National, Row, read_one

_NATIONAL = National.load("temporary_aid", Path(__file__).with_name("parameters.yaml"))
_NAMES = frozenset({"fast_track", "income_limit", "ceiling", "township_ceiling", "jobless_aid", "jobless_months"})


class CeilingRow(Row):
    """An amount of money, or so many months of the standard of the allowance; with `per_head`, for each member.

    E.g. `{"months_of_standard": "10"}` or `{"fen": 300000}`.
    """

    fen: Fen | None = None
    months_of_standard: Multiple | None = None
    per_head: bool = False

    @model_validator(mode="after")
    def _one_limit(self) -> "CeilingRow":
        if (self.fen is None) == (self.months_of_standard is None):
            raise ValueError("exactly one of fen, months_of_standard")
        return self

    def of(self, standard: Fraction, heads: int) -> Fraction:
        """Return the ceiling for the whole household, in exact fen."""
        one = Fraction(self.fen or 0) if self.months_of_standard is None else self.months_of_standard * standard
        return one * heads if self.per_head else one


@dataclass(frozen=True)
class Parameters(HouseholdParameters):
    """Everything one assessment reads beside the case; None: neither nation nor region has set it."""

    fast_track: CeilingRow | None
    income_limit: Fraction | None  # a multiple of the standard, for each head
    ceiling: CeilingRow | None
    township_ceiling: CeilingRow | None
    jobless_aid: CeilingRow | None
    jobless_months: int | None


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
    values = given.values
    return Parameters(
        on=given.on,
        standard=given.standard,
        values=values,
        household=given.read_household(_NAMES),
        fast_track=read_one(values, "fast_track", CeilingRow),
        income_limit=read_one(values, "income_limit", Multiple),
        ceiling=read_one(values, "ceiling", CeilingRow),
        township_ceiling=read_one(values, "township_ceiling", CeilingRow),
        jobless_aid=read_one(values, "jobless_aid", CeilingRow),
        jobless_months=read_one(values, "jobless_months", Annotated[int, Field(strict=True, ge=1, le=60)]),
    )
