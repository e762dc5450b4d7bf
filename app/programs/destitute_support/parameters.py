"""The numbers of destitute support: those of any household, what is paid, and what a province adds to art. 5."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from app.programs.rows import National, Ratio, Row, Share, Values, read_all, read_one

NO_ABILITY = "no_ability."
BASE_RATIO = "base_ratio"
PUBLISHED_BASE = "published_base"
URBAN = "urban"
CareTier = Literal["able", "partly", "fully"]
PUBLISHED_CARE: Mapping[str, CareTier] = {"care_able": "able", "care_partly": "partly", "care_fully": "fully"}
FURTHER_STANDARDS: Mapping[str, Sought] = {
    PUBLISHED_BASE: Sought("destitute_support"),
    URBAN: Sought(STANDARD, "urban"),
    "care_able": Sought("destitute_care", "independent"),
    "care_partly": Sought("destitute_care", "partly_dependent"),
    "care_fully": Sought("destitute_care", "fully_dependent"),
}
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
    published_care: Mapping[CareTier, Standard] = field(default_factory=dict)  # 照料护理标准, published beside it

    def base_monthly(self, area_class: AreaClass, rules_version: int) -> Fraction | None:
        """Return the basic living standard of a place, in exact fen a month.

        The one that was set here, but never less than the floor (国发〔2016〕14号); where none was set, the floor
        itself. None where the urban standard of the allowance is not at hand either.
        Up to version 3 neither the published one was known, nor the urban standard to a rural household, and nothing
        was held against the floor.
        """
        if rules_version < 4:
            if self.base is not None:
                return self.base.monthly(area_class)
            nowhere = area_class == "rural" and self.standard.area_class == "rural"
            return None if nowhere else self.standard.monthly * self.base_ratio
        known = [each for each in (self.base_set(area_class), self.base_floor) if each is not None]
        return max(known, default=None)

    def base_set(self, area_class: AreaClass) -> Fraction | None:
        """Return the base of the region's own row, else the published one, in exact fen a month."""
        if self.base is not None:
            return self.base.monthly(area_class)
        return None if self.published_base is None else self.published_base.monthly

    @property
    def base_floor(self) -> Fraction | None:
        """Return the ratio of the urban standard, in exact fen a month, in the countryside as well."""
        return None if self.base_measure is None else self.base_measure.monthly * self.base_ratio

    def care_monthly(self, tier: CareTier, rules_version: int) -> Fraction | None:
        """Return what care comes to, in exact fen a month: by the region's own row, else as published.

        Up to version 3 what is published was not known.
        """
        if self.care is not None:
            return self.care.monthly(tier)
        published = self.published_care.get(tier) if rules_version >= 4 else None
        return None if published is None else published.monthly

    @property
    def base_measure(self) -> Standard | None:
        """Return the standard of the allowance that the ratio is taken of: the urban one, or one for all."""
        return self.urban if self.standard.area_class == "rural" else self.standard

    def as_json(self) -> dict[str, Json]:
        """Write what a replay needs; decisions of up to version 3 know the one standard only."""
        care = {name: self.published_care.get(tier) for name, tier in PUBLISHED_CARE.items()}
        further = {PUBLISHED_BASE: self.published_base, URBAN: self.urban, **care}
        written = {name: standard.as_json() for name, standard in further.items() if standard is not None}
        return {**super().as_json(), **({"further": written} if written else {})}


def resolve(on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]) -> Parameters:
    """Lay regional values over the national defaults of `on`.

    Raises:
        RulesNotInForce: `on` lies before the first day of the national rules.
        StandardMissing: no living-allowance standard in force is given.
        ParameterNotUsable: a regional value is unknown, unreadable or not in force yet, or a ratio below the national.
    """
    given = Stored.resolve(_NATIONAL, on, standards, regional)
    if _ratio_of(given.values) < _ratio_of(_NATIONAL.overlaid(on, {})):
        raise ParameterNotUsable("parameter_unreadable", names=BASE_RATIO)
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
    return Parameters(
        on=given.on,
        standard=given.standard,
        values=values,
        household=given.read_household(frozenset({"base", BASE_RATIO, "care", DISPOSABLE_INCOME}), (NO_ABILITY,)),
        base=read_one(values, "base", BaseRow),
        base_ratio=_ratio_of(values),
        care=read_one(values, "care", CareRow),
        disposable=read_one(values, DISPOSABLE_INCOME, DisposableIncomeRow),
        no_ability=read_all(values, NO_ABILITY, NoAbilityRow),
        published_base=further.get(PUBLISHED_BASE),
        urban=further.get(URBAN),
        published_care={tier: further[name] for name, tier in PUBLISHED_CARE.items() if name in further},
    )


def _ratio_of(values: Values) -> Fraction:
    ratio: Fraction | None = read_one(values, BASE_RATIO, Annotated[Ratio, Field(ge=1, le=10)])
    if ratio is None:
        raise ParameterNotUsable("parameter_missing", names=BASE_RATIO)
    return ratio
