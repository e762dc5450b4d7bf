"""Declared beside found, field by field. Pure.

What is compared is what the form asks. A field that the form does not ask about (accounts, areas, benefits in force) is
shown as it was found and compared with nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.facts import QUANTITIES, UNITS, FactKey, Unit, Value
from app.programs.benefits import Benefit, declared_monthly, margin
from app.programs.declaration import Expense, Income, IncomeKind, MemberFacts, Property, PropertyKind, yearly


class Difference(StrEnum):
    """How what was found stands to what was declared. Never a reason for refusal by itself."""

    MATCH = "match"
    MORE = "more"  # more was found than declared
    LESS = "less"
    DIFFERS = "differs"  # another name, date or code
    MISSING = "missing"  # declared, and the source has no record of it
    NOT_DECLARED = "not_declared"  # found, and declared as nothing
    UNKNOWN = "unknown"  # the source did not answer, or the owner could not say


@dataclass(frozen=True)
class Stated:
    """What the household said. `value` None or 0: there is none; `known` False: the owner could not say."""

    value: Value | None
    known: bool = True
    takes_in_more: bool = False  # the form's line is wider than the register: less found is no difference
    margin: int = 0  # found may exceed it by so much, for reasons that are nobody's silence
    whether_any: bool = False  # the register measures something else: only whether there is any can be compared


_OWNED: Mapping[FactKey, PropertyKind] = {
    FactKey.VEHICLE_COUNT: "vehicle",
    FactKey.DWELLING_COUNT: "dwelling",
    FactKey.BUSINESS_COUNT: "business",
    FactKey.MACHINERY_COUNT: "machinery",
}
# The form asks for all there is, wherever it lies; what is here is no less for not lying there.
_OWNED_ELSEWHERE: Mapping[FactKey, PropertyKind] = {
    FactKey.ELSEWHERE_VEHICLE_COUNT: "vehicle",
    FactKey.ELSEWHERE_DWELLING_COUNT: "dwelling",
    FactKey.ELSEWHERE_BUSINESS_COUNT: "business",
}
_WORTH: Mapping[FactKey, tuple[PropertyKind, ...]] = {
    FactKey.DEPOSIT_BALANCE: ("deposit",),
    FactKey.SECURITIES_VALUE: ("security", "fund"),  # depositories keep both
    FactKey.INSURANCE_CASH_VALUE: ("insurance",),
    FactKey.WALLET_BALANCE: ("wallet",),
}
_EARNED: Mapping[FactKey, IncomeKind] = {
    FactKey.TAXED_WAGES_YEAR: "wage",
    FactKey.INVOICED_YEAR: "business",
    FactKey.TAXED_PROPERTY_YEAR: "property",
}

_DRAWN: Mapping[FactKey, Benefit] = {
    FactKey.PENSION_MONTHLY: "pension",
    FactKey.UNEMPLOYMENT_MONTHLY: "unemployment",
}
# Neither is the wage: who earns less than 60 % of the average wage is insured by 60 % of it (国发〔1995〕6号), and the
# fund takes a share of last year's wage (住房公积金管理条例 art. 16, 18).
_EMPLOYED_BY = (FactKey.INSURED_WAGE_MONTHLY, FactKey.PROVIDENT_FUND_MONTHLY)


def stated_about(
    ref: str,
    name: str,
    birth_date: date,
    relation: str,
    division: str,
    relations: Iterable[str],
    property_lines: Iterable[Property] | None,
    income_lines: Iterable[Income] | None = None,
    expense_lines: Iterable[Expense] | None = None,
    profile: MemberFacts | None = None,
    *,
    of_age: bool = True,
) -> dict[FactKey, Stated]:
    """Return what the form says about one member; fields it does not ask about are left out.

    `relations`: those of all members; `property_lines`, `income_lines`, `expense_lines`: None where the program's form
    does not ask; `profile`: what else was declared about the member; `of_age`: grown up, on the day that counts.
    """
    disability = profile.disability if profile else None
    stated = {
        FactKey.REGISTERED_NAME: Stated(name),
        FactKey.BIRTH_DATE: Stated(birth_date),
        FactKey.HUKOU_DIVISION: Stated(division),
        FactKey.DECEASED_ON: Stated(None),
        FactKey.DISABILITY_KIND: Stated(disability.kind if disability else None),
        FactKey.DISABILITY_GRADE: Stated(disability.grade if disability else None),
        FactKey.SERIOUS_DISEASE: Stated(int(profile is not None and profile.serious_illness)),
    }
    if relation == "spouse" or (relation == "self" and "spouse" in relations):
        stated[FactKey.MARITAL_STATUS] = Stated("married")
    if property_lines is not None:
        stated.update(_stated_property([line for line in property_lines if line.owner == ref]))
    if income_lines is not None:
        stated.update(_stated_income([line for line in income_lines if line.member == ref]))
    own = None if expense_lines is None else [line for line in expense_lines if line.member == ref]
    if own is not None:
        medical = (yearly(line.amount_fen, line.period) for line in own if line.kind == "medical")
        stated[FactKey.MEDICAL_OUT_OF_POCKET_YEAR] = Stated(sum(medical))
    student = profile is not None and profile.student
    return stated | _stated_schooling(student, own or [], of_age=of_age)


def _stated_schooling(student: bool, lines: list[Expense], *, of_age: bool) -> dict[FactKey, Stated]:
    """Say whether somebody is said to go to school, and to which stage. Of a child that need not be said."""
    schooling = [line for line in lines if line.kind == "education"]
    stages = {line.stage for line in schooling if line.stage is not None}
    stated = {}
    if student or schooling or of_age:
        stated[FactKey.ENROLLED] = Stated(int(student or bool(schooling)))
    if len(stages) == 1:
        stated[FactKey.SCHOOL_STAGE] = Stated(stages.pop())
    return stated


def _stated_income(lines: list[Income]) -> dict[FactKey, Stated]:
    """Say what was earned in the classes of the law. Wages without tax, sales without invoice are earned as well.

    Transfers that do not say what they are may be a benefit, so that less found than declared is no difference.
    """
    year = {kind: sum(line.year_fen for line in lines if line.kind == kind) for kind in _EARNED.values()}
    earned = {key: Stated(year[kind], takes_in_more=True) for key, kind in _EARNED.items()}
    monthly = {key: declared_monthly(lines, benefit) for key, benefit in _DRAWN.items()}
    drawn = {key: Stated(fen, takes_in_more=True, margin=margin(fen)) for key, fen in monthly.items()}
    wage = -(-year["wage"] // 12)
    employed = {key: Stated(wage, takes_in_more=True, whether_any=True) for key in _EMPLOYED_BY}
    return earned | drawn | employed


def _stated_property(lines: list[Property]) -> dict[FactKey, Stated]:
    counts = {key: Stated(sum(line.count for line in lines if line.kind == kind)) for key, kind in _OWNED.items()}
    elsewhere = {
        key: Stated(sum(line.count for line in lines if line.kind == kind), takes_in_more=True)
        for key, kind in _OWNED_ELSEWHERE.items()
    }
    worth = {key: _worth([line for line in lines if line.kind in kinds]) for key, kinds in _WORTH.items()}
    return counts | elsewhere | worth


def _worth(lines: list[Property]) -> Stated:
    held = [line for line in lines if line.count]
    if any(line.value_fen is None for line in held):
        return Stated(None, known=False)
    return Stated(sum(line.value_fen or 0 for line in held))


def compare(key: FactKey, stated: Stated | None, found: Value | None, *, answered: bool) -> Difference | None:
    """Compare one field. `found` None: no record, or none of this field; None comes back where the form asks nothing.

    `answered` False is silence: nothing can be said, whatever was declared.
    """
    if stated is None:
        return None
    if not answered or not stated.known:
        return Difference.UNKNOWN
    if found is None:
        return Difference.MISSING if stated.value and not stated.takes_in_more else Difference.MATCH
    if found == stated.value or (not found and not stated.value):
        return Difference.MATCH
    if not stated.value:
        return Difference.NOT_DECLARED
    if stated.whether_any:
        return Difference.MATCH
    if UNITS[key] is Unit.FLAG:
        return Difference.MISSING
    if UNITS[key] in QUANTITIES and isinstance(found, int) and isinstance(stated.value, int):
        if found > stated.value + stated.margin:
            return Difference.MORE
        return Difference.MATCH if stated.takes_in_more else Difference.LESS
    return Difference.DIFFERS
