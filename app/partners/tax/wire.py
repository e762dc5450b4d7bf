"""The words of the tax authority: JSON with a head and a body; wages in yuan by month, invoices in 万元 by year.

An answer names the months it covers: only twelve in a row are an answer about a year. Code 1001 is 'nothing declared'.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.partners.readings import CompactDate, TenThousands, TwoDecimals

PATH = "/sjgx/v3/income-of-person"

FOUND = "00"
NO_RECORD = "1001"

Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}(0[1-9]|1[0-2])$")]  # YYYYMM

WAGES = frozenset({"0101", "0103"})  # wages; bonuses of a year
PROPERTY = frozenset({"0600", "0700", "0800"})  # interest and dividends; rents; sales


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class AskHead(_Wire):
    """Who asks, and on what grounds."""

    reqId: str
    purpose: str
    caseNo: str
    authNo: str
    operator: str


class AskBody(_Wire):
    """About whom."""

    certType: Literal["201"] = "201"  # citizen identity card
    certNo: str
    name: str


class Ask(_Wire):
    """The request body."""

    head: AskHead
    body: AskBody


class Declared(_Wire):
    """Income of one class in one month, before deductions."""

    month: Month
    income_class: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$"), Field(alias="class")]
    amount: TwoDecimals


class Head(_Wire):
    """The head of every answer."""

    reqId: str
    code: str


class Body(_Wire):
    """What was declared in the months covered. `invoiced`: all invoices of them, in 万元."""

    dataDate: CompactDate
    months: Annotated[tuple[Month, ...], Field(strict=False, max_length=24)]
    declared: Annotated[tuple[Declared, ...], Field(strict=False, max_length=500)]
    invoiced: TenThousands


class Reply(_Wire):
    """Every answer."""

    head: Head
    body: Body | None = None


def covers_a_year(body: Body) -> bool:
    """Say whether the months are twelve in a row that end not before the month before last, and hold all amounts."""
    months = [int(month[:4]) * 12 + int(month[4:]) - 1 for month in body.months]
    if len(months) != 12 or sorted(months) != list(range(min(months), min(months) + 12)):
        return False
    return max(months) >= _ordinal(body.dataDate) - 2 and {each.month for each in body.declared} <= set(body.months)


def _ordinal(day: date) -> int:
    return day.year * 12 + day.month - 1
