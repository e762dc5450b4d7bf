"""What a household says about itself: the shapes that the forms of several programs are made of.

One vocabulary serves the phone's form, the anonymous self-check and the stored case. Everything is bounded and strict:
whole numbers only, no unknown members, no reading of `"1"` or `true` as a number.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.core.errors import Fault

AreaClass = Literal["urban", "rural"]
Period = Literal["month", "year"]
Relation = Literal["self", "spouse", "child", "parent", "grandparent", "grandchild", "sibling", "other"]
Situation = Literal[
    "ordinary", "clergy_away", "in_prison", "compulsory_rehabilitation", "declared_missing"
]  # the last four: review measures art. 7
DisabilityKind = Literal["visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"]
IncomeKind = Literal["wage", "business", "property", "transfer", "other"]
ExpenseKind = Literal["medical", "education", "disability", "living", "other"]
SchoolStage = Literal["kindergarten", "primary", "junior", "senior", "vocational", "college", "bachelor"]
PropertyKind = Literal[
    "deposit",
    "security",
    "insurance",
    "vehicle",
    "dwelling",
    "non_residential",
    "business",
    "machinery",
    "fund",
    "wallet",
    "claim",
    "forest",
]  # review measures art. 14; a wallet is a balance with a payment service (Social Assistance Law art. 41)
PropertyUse = Literal[
    "living", "production", "disabled_scooter", "motorcycle", "electric_bicycle", "uninhabited_ancestral", "family_shop"
]  # what a region may exempt: review measures art. 14
PERIODS_A_YEAR: dict[Period, int] = {"month": 12, "year": 1}


def _iso_date(value: object) -> object:
    """Read the one spelling of a date that JSON has; leave everything else to the strict check."""
    if not isinstance(value, str):
        return value
    try:
        read = date.fromisoformat(value)
    except ValueError:
        return value
    return read if read.isoformat() == value else value  # not 20200101, not 2020-W01-1


T = TypeVar("T")
Ref = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Fen = Annotated[int, Field(ge=0, le=10**12)]  # up to ten billion yuan
Count = Annotated[int, Field(ge=0, le=1000)]
PlainDate = Annotated[date, BeforeValidator(_iso_date)]
Listed = Annotated[tuple[T, ...], Field(strict=False, max_length=200)]  # JSON knows lists, not tuples


class Declared(BaseModel):
    """Base of everything declared: strict, frozen, nothing unknown."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Disability(Declared):
    """What the disability certificate says."""

    kind: DisabilityKind
    grade: Annotated[int, Field(ge=1, le=4, description="1 is the most severe")]


class MemberFacts(Declared):
    """What the rules need to know about one member; no name, no number."""

    ref: Annotated[Ref, Field(description="names this member elsewhere in the same case")]
    relation: Annotated[Relation, Field(description="to the applicant")]
    birth_date: PlainDate
    student: Annotated[bool, Field(description="in full-time education up to bachelor's degree")] = False
    disability: Disability | None = None
    serious_illness: bool = False
    can_work: bool = True
    situation: Situation = "ordinary"
    situation_since: Annotated[PlainDate | None, Field(description="first day of the situation")] = None


class Income(Declared):
    """One line of income of the last twelve months; `costs_fen` is what was spent to earn it, in the same period."""

    member: Ref
    kind: IncomeKind
    detail: Annotated[
        str | None, Field(min_length=1, max_length=50, description="what it is, e.g. scholarship; some do not count")
    ] = None
    amount_fen: Fen
    period: Period
    costs_fen: Fen = 0
    months: Annotated[
        int | None, Field(ge=1, le=12, description="in how many of the twelve months; only for an amount per month")
    ] = None
    since: Annotated[PlainDate | None, Field(description="first day of the job, for a wage")] = None

    @property
    def months_earned(self) -> int:
        """Return in how many of the twelve months it was earned."""
        return self.months or 12

    @property
    def year_fen(self) -> int:
        """Return what it came to in twelve months."""
        return self.amount_fen * (self.months or 12) if self.period == "month" else self.amount_fen

    @property
    def costs_year_fen(self) -> int:
        """Return the costs of twelve months."""
        return self.costs_fen * (self.months or 12) if self.period == "month" else self.costs_fen


class Expense(Declared):
    """One line of necessary expense: what is left to pay after insurance and subsidies."""

    member: Ref
    kind: ExpenseKind
    amount_fen: Fen
    period: Period
    stage: Annotated[SchoolStage | None, Field(description="of education: the school, whose public price counts")] = (
        None
    )


class Property(Declared):
    """Something owned; `value_fen` is null when the owner cannot say."""

    kind: PropertyKind
    owner: Ref
    value_fen: Fen | None = None
    count: Count = 1
    use: Annotated[PropertyUse | None, Field(description="what may be exempt where the region says so")] = None


class Supporter(Declared):
    """Someone outside the household who by law owes support, and what they really pay.

    `support_fen` is not repeated as a line of income. `period` is that of both amounts; `household_income_fen` is null
    when it is not known.
    """

    ref: Ref
    relation: Relation
    household_size: Annotated[int, Field(ge=1, le=50)] = 1
    household_income_fen: Fen | None = None
    support_fen: Fen = 0
    period: Period = "month"
    birth_date: PlainDate | None = None


def yearly(amount_fen: int, period: Period) -> int:
    """Return the amount over twelve months: whole fen, so that nothing is rounded on the way."""
    return amount_fen * PERIODS_A_YEAR[period]


def faults_of(error: ValidationError, under: str = "") -> list[Fault]:
    """Turn what a shape refused into faults, with pointers below `under`; the values are not repeated."""
    return [
        Fault(under + pointer(each["loc"]), each["type"])
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def pointer(path: Sequence[str | int]) -> str:
    """Write a path as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
