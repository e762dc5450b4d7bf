"""Which registers the rules look into. More came with time: a decision looks into those that its version of them knew.

A register that nobody was asked about is silent, and silence is an open point; so a later register must not be looked
into where an earlier decision is judged again.
"""

from dataclasses import dataclass

from app.facts import FactKey, Item
from app.programs.declaration import PropertyKind
from app.programs.limits import Measure


@dataclass(frozen=True, slots=True)
class Register:
    """Where a kind of property shows up, and how it is measured there."""

    item: Item
    key: FactKey
    measure: Measure
    may_be_shared: bool = False  # one thing may stand in the register once for each owner


@dataclass(frozen=True)
class Sources:
    """The registers of property by kind, and the fields that show that somebody has an employer."""

    property: dict[PropertyKind, Register]
    employers: tuple[tuple[Item, FactKey], ...]


OF_EIGHT_ITEMS = Sources(
    property={
        "deposit": Register(Item.DEPOSITS, FactKey.DEPOSIT_BALANCE, "fen"),
        "vehicle": Register(Item.VEHICLES, FactKey.VEHICLE_COUNT, "count"),
        "dwelling": Register(Item.REAL_ESTATE, FactKey.DWELLING_COUNT, "count", may_be_shared=True),
    },
    employers=((Item.PROVIDENT_FUND, FactKey.PROVIDENT_FUND_MONTHLY),),
)

OF_TEN_DEPARTMENTS = Sources(
    property={
        **OF_EIGHT_ITEMS.property,
        "business": Register(Item.BUSINESSES, FactKey.BUSINESS_COUNT, "count", may_be_shared=True),
        "machinery": Register(Item.FARMING, FactKey.MACHINERY_COUNT, "count"),
    },
    employers=(
        *OF_EIGHT_ITEMS.employers,
        (Item.SOCIAL_INSURANCE, FactKey.INSURED_WAGE_MONTHLY),
        (Item.INCOME, FactKey.TAXED_WAGES_YEAR),
    ),
)
