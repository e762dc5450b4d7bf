"""The vocabulary that programs ask in and partners answer in. Pure: neither knows the other, both know this file.

A `Fact` is one field about one person, from one source, as of one date. "No record" is an `Answer` whose outcome is
NONE: the source looked and has nothing. "No answer" is never a fact; it stays on the check as `unavailable`, and must
never count as zero (domain 3.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Item(StrEnum):
    """One thing an agency can be asked about one person; one query asks one item."""

    IDENTITY = "identity"  # do this name and number belong together
    HOUSEHOLD_REGISTER = "household_register"
    VEHICLES = "vehicles"
    MARRIAGE = "marriage"
    DEATHS = "deaths"
    BENEFITS = "benefits"  # social assistance already in force
    REAL_ESTATE = "real_estate"
    PROVIDENT_FUND = "provident_fund"
    DEPOSITS = "deposits"


class FactKey(StrEnum):
    """One field. Money is integer fen, areas are square centimetres, dates are ISO dates."""

    REGISTERED_NAME = "registered_name"
    BIRTH_DATE = "birth_date"
    HUKOU_DIVISION = "hukou_division"  # 12-digit code
    HUKOU_HOUSEHOLD = "hukou_household"  # household number in the register
    VEHICLE_COUNT = "vehicle_count"
    MARITAL_STATUS = "marital_status"  # single | married | widowed | divorced
    DECEASED_ON = "deceased_on"
    BENEFITS_IN_FORCE = "benefits_in_force"  # program codes
    DWELLING_COUNT = "dwelling_count"
    DWELLING_AREA = "dwelling_area"
    PROVIDENT_FUND_MONTHLY = "provident_fund_monthly"
    PROVIDENT_FUND_BALANCE = "provident_fund_balance"
    DEPOSIT_BALANCE = "deposit_balance"
    DEPOSIT_ACCOUNTS = "deposit_accounts"


Value = str | int | date | tuple[str, ...]


class Outcome(StrEnum):
    """What an agency that did answer said."""

    HIT = "hit"
    NONE = "none"


@dataclass(frozen=True)
class Fact:
    """One field as a source holds it."""

    key: FactKey
    value: Value
    source: str  # partner code
    as_of: date  # the date the source says it is true for


@dataclass(frozen=True)
class Answer:
    """What an agency said about one item of one person."""

    outcome: Outcome
    facts: Mapping[FactKey, Fact]

    @classmethod
    def none(cls) -> "Answer":
        """Return the answer of a source that looked and has no record."""
        return cls(Outcome.NONE, {})
