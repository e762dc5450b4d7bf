"""The words of civil affairs: REST, an API key, dates as YYYYMMDD, 404 with code NO_RECORD when nothing is on file.

The person and the grounds of the question travel as headers: addresses end up in access logs.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.partners.readings import CompactDate

NO_RECORD = "NO_RECORD"

# Their scheme codes in our program codes. A scheme we do not know is reported by its number, never dropped.
SCHEMES = {
    "DB": "living_allowance",
    "BY": "edge_family",
    "TK": "destitute_support",
    "GX": "rigid_expense_family",
    "LS": "temporary_aid",
    "CJ": "disability_subsidies",
    "GE": "orphan_support",
}


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    requestId: UUID


class Marriage(_Wire):
    """The present state by the marriage register: M married, D divorced, W widowed. The never-married are not in it."""

    status: Literal["M", "D", "W"]
    asOf: CompactDate


class Death(_Wire):
    """An entry of the funeral register."""

    deceasedOn: CompactDate
    asOf: CompactDate


class Benefit(BaseModel):
    """One grant. `to` is the last day it was in force; null while it runs."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", populate_by_name=True)

    scheme: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    since: Annotated[CompactDate, Field(alias="from")]
    until: Annotated[CompactDate | None, Field(alias="to")]


class Benefits(_Wire):
    """All grants on file, past ones too."""

    benefits: Annotated[list[Benefit], Field(max_length=200)]
    asOf: CompactDate


class Problem(_Wire):
    """The body of a 404."""

    code: str
