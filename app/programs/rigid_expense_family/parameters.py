"""The numbers of the rigid-expense family: those of any household, last year's average, and the share of expenses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from app.programs.base import ParameterValue, Standard
from app.programs.disposable import DISPOSABLE_INCOME, DisposableIncomeRow
from app.programs.errors import ParameterNotUsable
from app.programs.parameters import HouseholdParameters, Stored
from app.programs.rows import National, Ratio, Share, read_one

EXPENSE_RATIO = "expense_ratio"
_NATIONAL = National.load("rigid_expense_family", Path(__file__).with_name("parameters.yaml"))
_NAMES = frozenset({"edge_ratio", EXPENSE_RATIO, "validity_months", DISPOSABLE_INCOME})


@dataclass(frozen=True)
class Parameters(HouseholdParameters):
    """Everything one assessment reads beside the case."""

    edge_ratio: Fraction
    validity_months: int
    expense_ratio: Fraction | None  # None: the region has set none
    disposable: DisposableIncomeRow | None


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
    months: int | None = read_one(values, "validity_months", Annotated[int, Field(strict=True, ge=1, le=12)])
    if edge_ratio is None or months is None:
        raise ParameterNotUsable("parameter_missing", names="edge_ratio, validity_months")
    return Parameters(
        on=given.on,
        standard=given.standard,
        values=values,
        household=given.read_household(_NAMES),
        edge_ratio=edge_ratio,
        validity_months=months,
        expense_ratio=read_one(values, EXPENSE_RATIO, Share),
        disposable=read_one(values, DISPOSABLE_INCOME, DisposableIncomeRow),
    )
