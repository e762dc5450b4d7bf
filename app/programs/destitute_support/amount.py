"""How much: the basic living standard, and care by how far somebody can look after himself (art. 20 to 22)."""

from dataclasses import dataclass
from fractions import Fraction

from app.core.money import round_half_up
from app.programs.assessment import Finding, Weight
from app.programs.canonical import Json, fraction_json
from app.programs.destitute_support import citations
from app.programs.destitute_support.answers import SelfCare
from app.programs.destitute_support.parameters import CareTier
from app.programs.destitute_support.work import Work
from app.programs.laws import cite

_PARTLY_UP_TO = 3  # 有3项以下（含3项）指标不能达到的: art. 22


@dataclass(frozen=True, slots=True)
class Support:
    """What follows for a month, exact; None where the number is not known."""

    base: Fraction | None
    care: Fraction | None

    @property
    def exact(self) -> Fraction:
        """Return what is known of it together."""
        return (self.base or Fraction(0)) + (self.care or Fraction(0))


def tier_of(self_care: SelfCare) -> CareTier:
    """Return how far somebody can look after himself."""
    if not self_care.failed:
        return "able"
    return "partly" if self_care.failed <= _PARTLY_UP_TO else "fully"


def work_out(work: Work, rules_version: int) -> Support:
    """Work out base and care; without a base nothing can be paid, so care alone is nothing either."""
    base = work.parameters.base_monthly(work.case.area_class, rules_version)
    self_care, row = work.case.answers.self_care, work.parameters.care
    if base is None or self_care is None or row is None:
        return Support(base, None)
    return Support(base, row.monthly(tier_of(self_care)))


def self_care_assessed(work: Work) -> Finding:
    """The six points were gone through; they set the tier of care and decide nothing else."""
    self_care = work.case.answers.self_care
    inputs: dict[str, Json] = {"failed": None, "tier": None}
    if self_care is not None:
        inputs = {"failed": self_care.failed, "tier": tier_of(self_care), "points": self_care.model_dump()}
    return Finding(
        rule="self_care_assessed",
        met=None if self_care is None else True,
        law=cite(citations.SELF_CARE, work.on),
        inputs=inputs,
        weight=Weight.NOTE,
    )


def base_known(work: Work, support: Support) -> Finding | None:
    """Show where the base comes from where no row of the region sets it; without one a person must look."""
    parameters = work.parameters
    if parameters.base is not None:
        return None
    law = cite(citations.AMOUNT, work.on)
    published, measure = parameters.published_base, parameters.base_measure
    if published is not None:
        return Finding(
            rule="base_published",
            met=True,
            law=law,
            inputs={"base_fen": round_half_up(published.monthly)},
            numbers={"standard": published.as_json(), "standard_fen": published.amount_fen, "period": published.period},
            weight=Weight.NOTE,
        )
    numbers: dict[str, Json] = {"base_source": parameters.source("base_ratio")}
    if measure is not None:
        numbers |= {"standard": measure.as_json(), "standard_fen": measure.amount_fen, "period": measure.period}
    return Finding(
        rule="base_known",
        met=None if support.base is None else True,
        law=(parameters.law_of("base_ratio"), *law),
        inputs={
            "base_fen": None if support.base is None else round_half_up(support.base),
            "ratio": parameters.values["base_ratio"].value,
        },
        numbers=numbers,
        weight=Weight.CONDITION if support.base is None else Weight.NOTE,
    )


def support_worked_out(work: Work, support: Support) -> Finding:
    """Show base, care and the sum; open where the region's numbers are not there."""
    parameters = work.parameters
    numbers: dict[str, Json] = {"standard": parameters.standard.as_json()}
    name = "base" if parameters.base is not None else "base_ratio"
    numbers["base_source"] = parameters.source(name)
    if parameters.care is not None:
        numbers["care_source"] = parameters.source("care")
    return Finding(
        rule="support_worked_out",
        met=True if support.base is not None and support.care is not None else None,
        law=cite(citations.AMOUNT, work.on),
        inputs={
            "base_fen": round_half_up(support.base or Fraction(0)),
            "care_fen": round_half_up(support.care or Fraction(0)),
            "amount_fen": round_half_up(support.exact),
            "amount_exact": fraction_json(support.exact),
        },
        numbers=numbers,
        weight=Weight.NOTE,
    )
