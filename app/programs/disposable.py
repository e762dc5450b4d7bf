"""Last year's disposable income per head of the place: a published statistic that several rules measure by."""

from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from app.programs.declaration import AreaClass, Fen
from app.programs.rows import Row

DISPOSABLE_INCOME = "disposable_income"


class DisposableIncomeRow(Row):
    """The value of `disposable_income`, e.g. `{"year": 2025, "urban_fen": 4600000, "rural_fen": 1800000}`, for a year.

    Only the year before the day of judgement speaks: a figure of any other year is no figure.
    """

    year: Annotated[int, Field(ge=2000, le=2100)]
    urban_fen: Fen
    rural_fen: Fen

    def monthly(self, area_class: AreaClass, on: date) -> Fraction | None:
        """Return the exact amount a head and month; None where it is not that of last year."""
        if self.year != on.year - 1:
            return None
        return Fraction(self.urban_fen if area_class == "urban" else self.rural_fen, 12)
