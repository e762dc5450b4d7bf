"""The numbers of destitute support: those of any household, what is paid, and what a province adds to art. 5."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from app.programs.base import ParameterValue, Sought, Standard
from app.programs.canonical import Json
from app.programs.declaration import AreaClass, Disability, DisabilityKind, Fen, Listed, Period, yearly
from app.programs.disposable import DISPOSABLE_INCOME, DisposableIncomeRow
from app.programs.errors import ParameterNotUsable
from app.programs.parameters import STANDARD, HouseholdParameters, Stored
from app.programs.rows import National, Ratio, Row, Share, read_all, read_one

NO_ABILITY = "no_ability."
PUBLISHED_BASE = "published_base"
URBAN = "urban"
FURTHER_STANDARDS: Mapping[str, Sought] = {
    PUBLISHED_BASE: Sought("destitute_support"),
    URBAN: Sought(STANDARD, "urban"),
}
CareTier = Literal["able", "partly", "fully"]
_NATIONAL = National.load("destitute_support", Path(__file__).with_name("parameters.yaml"))


class BaseRow(Row):
    """The value of `base`, the basic living standard as published, e.g. `{"urban_fen": 83600, "rural_fen": 60000}`."""

    urban_fen: Fen
    rural_fen: Fen
    period: Period = "month"

    def monthly(self, area_class: AreaClass) -> Fraction:
        """Return the exact amount a month."""
        return Fraction(yearly(self.urban_fen if area_class == "urban" else self.rural_fen, self.period), 12)


class CareRow(Row):
    """The value of `care`, by how far somebody needs it: amounts a month, or shares of the local minimum wage.

    E.g. `{"fully": "0.5", "partly": "0.25", "able": "0.15", "minimum_wage_fen": 167000}` or
    `{"fully_fen": 83500, "partly_fen": 41800, "able_fen": 25100}`.
    """

    fully_fen: Fen | None = None
    partly_fen: Fen | None = None
    able_fen: Fen | None = None
    fully: Share | None = None
    partly: Share | None = None
    able: Share | None = None
    minimum_wage_fen: Fen | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "CareRow":
        amounts = (self.fully_fen, self.partly_fen, self.able_fen)
        shares = (self.fully, self.partly, self.able, self.minimum_wage_fen)
        if all(part is not None for part in amounts) == all(part is not None for part in shares):
            raise ValueError("either all three amounts, or all three shares and the minimum wage")
        if any(part is not None for part in amounts) and any(part is not None for part in shares):
            raise ValueError("amounts or shares, not both")
        return self

    def monthly(self, tier: CareTier) -> Fraction:
        """Return the exact amount a month."""
        share: Fraction | None = getattr(self, tier)
        if share is not None:
            return share * (self.minimum_wage_fen or 0)
        return Fraction(getattr(self, f"{tier}_fen"))


class NoAbilityRow(Row):
    """The value of a row `no_ability.<code>`: certificates that a province adds (art. 5(4)).

    E.g. `{"kinds": ["hearing"], "grade": 1}`: grade 1, and any graver there may be.
    """

    kinds: Annotated[Listed[DisabilityKind], Field(min_length=1)]
    grade: Annotated[int, Field(ge=1, le=4)]

    def covers(self, disability: Disability) -> bool:
        """Say whether a certificate is one of those."""
        return disability.kind in self.kinds and disability.grade <= self.grade


@dataclass(frozen=True)
class Parameters(HouseholdParameters):
    """Everything one assessment reads beside the case."""

    base: BaseRow | None
    base_ratio: Fraction
    care: CareRow | None
    disposable: DisposableIncomeRow | None
    no_ability: Mapping[str, NoAbilityRow]  # by code
    published_base: Standard | None = None  # 基本生活标准, published as a standard of its own
    urban: Standard | None = None  # the urban standard of the allowance, where the household is measured by another

    def base_monthly(self, area_class: AreaClass, rules_version: int) -> Fraction | None:
        """Return the basic living standard of a place, in exact fen a month.

        That of the region's own row, else the published one. Where neither is there it is the ratio of the urban
        standard of the allowance, in the countryside as well; None where that one is not at hand either.
        Up to version 3 neither the published one was known, nor the urban standard to a rural household.
        """
        if self.base is not None:
            return self.base.monthly(area_class)
        if rules_version < 4:
            nowhere = area_class == "rural" and self.standard.area_class == "rural"
            return None if nowhere else self.standard.monthly * self.base_ratio
        if self.published_base is not None:
            return self.published_base.monthly
        return None if self.base_measure is None else self.base_measure.monthly * self.base_ratio

    @property
    def base_measure(self) -> Standard | None:
        """Return the standard of the allowance that the ratio is taken of: the urban one, or one for all."""
        return self.urban if self.standard.area_class == "rural" else self.standard

    def as_json(self) -> dict[str, Json]:
        """Write what a replay needs; decisions of up to version 3 know the one standard only."""
        further = {PUBLISHED_BASE: self.published_base, URBAN: self.urban}
        written = {name: standard.as_json() for name, standard in further.items() if standard is not None}
        return {**super().as_json(), **({"further": written} if written else {})}


def resolve(on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]) -> Parameters:
    """Lay regional values over the national defaults of `on`.

    Raises:
        RulesNotInForce: `on` lies before the first day of the national rules.
        StandardMissing: no living-allowance standard in force is given.
        ParameterNotUsable: a regional value is unknown, unreadable or not in force yet.
    """
    given = Stored.resolve(_NATIONAL, on, standards, regional)
    further = {name: standards[name] for name in FURTHER_STANDARDS if name in standards}
    if given.standard.area_class != "rural":
        further.pop(URBAN, None)  # the household is measured by it already, or by one for all
    return _read(given, further)


def parameters_from_json(stored: Mapping[str, Any]) -> Parameters:
    """Read back what `Parameters.as_json` wrote."""
    further = {name: Standard.from_json(written) for name, written in stored.get("further", {}).items()}
    return _read(Stored.from_json(stored), further)


def _read(given: Stored, further: Mapping[str, Standard]) -> Parameters:
    values = given.values
    ratio: Fraction | None = read_one(values, "base_ratio", Annotated[Ratio, Field(ge=1, le=10)])
    if ratio is None:
        raise ParameterNotUsable("parameter_missing", names="base_ratio")
    return Parameters(
        on=given.on,
        standard=given.standard,
        values=values,
        household=given.read_household(frozenset({"base", "base_ratio", "care", DISPOSABLE_INCOME}), (NO_ABILITY,)),
        base=read_one(values, "base", BaseRow),
        base_ratio=ratio,
        care=read_one(values, "care", CareRow),
        disposable=read_one(values, DISPOSABLE_INCOME, DisposableIncomeRow),
        no_ability=read_all(values, NO_ABILITY, NoAbilityRow),
        published_base=further.get(PUBLISHED_BASE),
        urban=further.get(URBAN),
    )
