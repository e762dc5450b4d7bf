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
ExpenseKind = Literal["medical", "education", "disability", "living"]
PropertyKind = Literal[
    "deposit", "security", "insurance", "vehicle", "dwelling", "non_residential", "business", "machinery"
]
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
    """One line of income; `costs_fen` is what was spent to earn it."""

    member: Ref
    kind: IncomeKind
    detail: Annotated[
        str | None, Field(min_length=1, max_length=50, description="what it is, e.g. scholarship; some do not count")
    ] = None
    amount_fen: Fen
    period: Period
    costs_fen: Fen = 0


class Expense(Declared):
    """One line of necessary expense."""

    member: Ref
    kind: ExpenseKind
    amount_fen: Fen
    period: Period


class Property(Declared):
    """Something owned; `value_fen` is null when the owner cannot say."""

    kind: PropertyKind
    owner: Ref
    value_fen: Fen | None = None
    count: Count = 1


class Supporter(Declared):
    """Someone outside the household who by law owes support, and what they really pay.

    `support_fen` is not repeated as a line of income.
    """

    ref: Ref
    relation: Relation
    household_size: Annotated[int, Field(ge=1, le=50)] = 1
    household_income_fen: Fen | None = None
    support_fen: Fen = 0
    period: Period = "month"


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
