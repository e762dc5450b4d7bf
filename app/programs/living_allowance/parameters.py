"""The numbers of the minimum-living allowance: how the amount is fixed, and what is added on top."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from app.programs.base import ParameterValue, Standard
from app.programs.errors import ParameterNotUsable
from app.programs.living_allowance.tiers import RoundingRow, SupplementRow, TierTable
from app.programs.parameters import HOUSEHOLD_NAMES, HOUSEHOLD_PREFIXES, HouseholdParameters, Stored
from app.programs.rows import National, Ratio, read_all, read_one
from app.programs.support import PaidSupportRow

SUPPLEMENT = "supplement."
_NAMES = frozenset({"amount_method", "amount_tiers", "edge_ratio", "rounding", "supplement_stacking", "support_exempt"})
KNOWN_NAMES = HOUSEHOLD_NAMES | _NAMES
KNOWN_PREFIXES = (*HOUSEHOLD_PREFIXES, SUPPLEMENT)
_NATIONAL = National.load("living_allowance", Path(__file__).with_name("parameters.yaml"))

Stacking = Literal["highest", "sum"]


class AmountMethod(StrEnum):
    """How the amount is fixed (Social Assistance Law art. 18(2))."""

    DIFFERENCE = "difference"
    TIERS = "tiers"


@dataclass(frozen=True)
class Parameters(HouseholdParameters):
    """Everything one assessment reads beside the case."""

    amount_method: AmountMethod
    tiers: TierTable | None
    edge_ratio: Fraction
    rounding: RoundingRow | None
    supplements: Mapping[str, SupplementRow]  # by code
    stacking: Stacking | None
    support_exempt: PaidSupportRow | None

    @cached_property
    def edge_line(self) -> Fraction:
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
    values = given.values
    edge_ratio: Fraction | None = read_one(values, "edge_ratio", Annotated[Ratio, Field(ge=1, le=10)])
    method: AmountMethod | None = read_one(values, "amount_method", AmountMethod)
    if edge_ratio is None or method is None:
        raise ParameterNotUsable("parameter_missing", names="amount_method, edge_ratio")
    read = Parameters(
        on=given.on,
        standard=given.standard,
        values=values,
        household=given.read_household(_NAMES, (SUPPLEMENT,)),
        amount_method=method,
        tiers=read_one(values, "amount_tiers", TierTable),
        edge_ratio=edge_ratio,
        rounding=read_one(values, "rounding", RoundingRow),
        supplements=read_all(values, SUPPLEMENT, SupplementRow),
        stacking=read_one(values, "supplement_stacking", Stacking),
        support_exempt=read_one(values, "support_exempt", PaidSupportRow),
    )
    if read.amount_method is AmountMethod.TIERS and read.tiers is None:
        raise ParameterNotUsable("parameter_missing", names="amount_tiers")
    if read.supplements and read.stacking is None:
        raise ParameterNotUsable("parameter_missing", names="supplement_stacking")
    return read
