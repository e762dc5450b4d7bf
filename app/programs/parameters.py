"""The numbers that programs about a household share: national defaults of a date, overlaid by what the region has set.

A value is kept as it was given, with the order it rests on; what the rules read is derived from it by one reader per
name, both when a case is first judged and when a stored decision is judged again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from app.programs.base import ParameterValue, Standard
from app.programs.canonical import Json
from app.programs.declaration import ExpenseKind, Fen, Listed, SchoolStage
from app.programs.employment import EmploymentCostRow, LabourRow, NewJobRow
from app.programs.errors import ParameterNotUsable
from app.programs.expenses import ExpenseRow
from app.programs.limits import ExemptionRow, LimitRow
from app.programs.rows import National, Values, read_all, read_one, refuse_unknown
from app.programs.support import SupportRow
from app.reference.divisions import NATION
from app.reference.errors import StandardMissing

STANDARD = "living_allowance"  # the published standard that all of them measure by
NOT_COUNTED = "income_not_counted."
MEMBERSHIP = "membership."
EXPENSE = "rigid_expense."
SCHOOL_PRICE = "public_school_price."
PROPERTY = "property."
EXEMPT = "property_exempt."

HOUSEHOLD_NAMES = frozenset({"employment_cost", "new_job_disregard", "labour_income", "support_formula"})
HOUSEHOLD_PREFIXES = (NOT_COUNTED, MEMBERSHIP, EXPENSE, SCHOOL_PRICE, PROPERTY, EXEMPT)
_NAMES_ON_FORM = Listed[Annotated[str, Field(strict=True, min_length=1, max_length=50)]]
MembershipRule = Literal["counted", "not_counted", "unclear"]
"""The value of a row `membership.<group>`: what a province rules for one group of people (review measures art. 7)."""

_GROUPS = frozenset(
    {
        *("minor_child", "student_child", "dependent_child", "adult_child"),
        *("spouse", "parent", "grandparent", "grandchild", "sibling", "other"),
    }
)


@dataclass(frozen=True)
class PropertyLimit:
    """One regional limit, by the name of its row."""

    name: str
    row: LimitRow


@dataclass(frozen=True)
class Exemption:
    """One regional exemption, by the name of its row."""

    name: str
    row: ExemptionRow


@dataclass(frozen=True)
class HouseholdNumbers:
    """What nation and region say about members, income, expenses, support and property, read from the rows."""

    not_counted: Mapping[str, str]  # code or name on the form → code
    membership: Mapping[str, MembershipRule]  # by group
    employment_cost: EmploymentCostRow | None
    new_job: NewJobRow | None
    labour: LabourRow | None
    support: SupportRow | None
    expenses: Mapping[str, ExpenseRow]  # by kind
    school_prices: Mapping[str, int]  # by stage, fen a year
    property_limits: tuple[PropertyLimit, ...]
    exemptions: tuple[Exemption, ...]

    @classmethod
    def read(cls, values: Values) -> "HouseholdNumbers":
        """Read the shared rows.

        Raises:
            ParameterNotUsable: one cannot be read.
        """
        limits: dict[str, LimitRow] = read_all(values, PROPERTY, LimitRow)
        exemptions: dict[str, ExemptionRow] = read_all(values, EXEMPT, ExemptionRow)
        return cls(
            not_counted=_names_not_counted(values),
            membership=_known(MEMBERSHIP, read_all(values, MEMBERSHIP, MembershipRule)),
            employment_cost=read_one(values, "employment_cost", EmploymentCostRow),
            new_job=read_one(values, "new_job_disregard", NewJobRow),
            labour=read_one(values, "labour_income", LabourRow),
            support=read_one(values, "support_formula", SupportRow),
            expenses=_of_kinds(EXPENSE, ExpenseKind, read_all(values, EXPENSE, ExpenseRow)),
            school_prices=_of_kinds(
                SCHOOL_PRICE, SchoolStage, read_all(values, SCHOOL_PRICE, Annotated[Fen, Field(strict=True)])
            ),
            property_limits=tuple(PropertyLimit(PROPERTY + code, row) for code, row in limits.items()),
            exemptions=tuple(Exemption(EXEMPT + code, row) for code, row in exemptions.items()),
        )

    @classmethod
    def of_nation(cls, values: Values, read: "HouseholdNumbers") -> "HouseholdNumbers":
        """Return numbers without what a region has set about members and income; `read`: those of all `values`."""
        return replace(
            read,
            not_counted=_names_not_counted({name: each for name, each in values.items() if each.area == NATION}),
            membership={},
            employment_cost=None,
            new_job=None,
            labour=None,
            support=None,
            expenses={},
        )


@dataclass(frozen=True)
class HouseholdParameters:
    """Everything one assessment reads beside the case. `values` is the whole truth; the rest is derived from it."""

    on: date
    standard: Standard
    values: Mapping[str, ParameterValue]
    household: HouseholdNumbers

    def source(self, name: str) -> dict[str, Json]:
        """Return a value with its law, for a finding to show."""
        return self.values[name].as_json()

    def law_of(self, name: str) -> str:
        """Return the order that a value rests on."""
        return self.values[name].law

    def as_json(self) -> dict[str, Json]:
        """Write what a replay needs."""
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.as_json(),
            "values": {name: value.as_json() for name, value in sorted(self.values.items())},
        }


@dataclass(frozen=True)
class Stored:
    """What any program's parameters are made from: the day, the standard, and the values by name."""

    on: date
    standard: Standard
    values: Mapping[str, ParameterValue]

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Stored":
        """Read back what `HouseholdParameters.as_json` wrote."""
        return cls(
            date.fromisoformat(stored["on"]),
            Standard.from_json(stored["standard"]),
            {name: ParameterValue.from_json(value) for name, value in stored["values"].items()},
        )

    @classmethod
    def resolve(
        cls, national: National, on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]
    ) -> "Stored":
        """Lay regional values over the national defaults of `on`.

        Raises:
            RulesNotInForce: `on` lies before the first day of the national rules.
            StandardMissing: no living-allowance standard in force is given.
            ParameterNotUsable: a regional value is not in force yet.
        """
        values = national.overlaid(on, regional)
        standard = standards.get(STANDARD)
        if standard is None or standard.valid_from > on:
            raise StandardMissing
        return cls(on, standard, values)

    def read_household(self, names: frozenset[str] = frozenset(), prefixes: tuple[str, ...] = ()) -> HouseholdNumbers:
        """Read the shared rows, beside which the program itself reads `names` and `prefixes`.

        Raises:
            ParameterNotUsable: a value is unknown or cannot be read.
        """
        refuse_unknown(self.values, HOUSEHOLD_NAMES | names, HOUSEHOLD_PREFIXES + prefixes)
        return HouseholdNumbers.read(self.values)


def _names_not_counted(values: Values) -> dict[str, str]:
    named: dict[str, tuple[str, ...]] = read_all(values, NOT_COUNTED, _NAMES_ON_FORM)
    return {name: code for code, names in named.items() for name in (code, *names)}


def _known(prefix: str, rows: dict[str, Any], groups: frozenset[str] = _GROUPS) -> dict[str, Any]:
    strange = sorted(rows.keys() - groups)
    if strange:
        raise ParameterNotUsable("parameter_unknown", names=", ".join(prefix + code for code in strange))
    return rows


def _of_kinds(prefix: str, kinds: Any, rows: dict[str, Any]) -> dict[str, Any]:
    return _known(prefix, rows, frozenset(kinds.__args__))
