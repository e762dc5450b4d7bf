"""How much: the basic living standard, and care by how far somebody can look after himself (art. 20 to 22)."""

from dataclasses import dataclass
from fractions import Fraction

from app.core.money import round_half_up
from app.programs.assessment import Finding, Weight
from app.programs.base import Standard
from app.programs.canonical import Json, fraction_json
from app.programs.destitute_support import citations
from app.programs.destitute_support.answers import SelfCare
from app.programs.destitute_support.parameters import BASE_RATIO, CareTier
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
    self_care = work.case.answers.self_care
    if base is None or self_care is None:
        return Support(base, None)
    return Support(base, work.parameters.care_monthly(tier_of(self_care), rules_version))


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


def base_known(work: Work, support: Support) -> Finding:
    """Show where the base comes from, and when it was lifted to the floor; without one a person must look."""
    parameters = work.parameters
    base_set, floor = parameters.base_set(work.case.area_class), parameters.base_floor
    if base_set is None:
        return _base_by_ratio(work, support)
    if floor is not None and base_set < floor:
        return _base_below_floor(work, base_set, floor)
    published, law = parameters.published_base, cite(citations.AMOUNT, work.on)
    if parameters.base is not None:
        rule, law = "base_regional", (parameters.law_of("base"), *law)
        numbers: dict[str, Json] = {"base_source": parameters.source("base")}
    else:
        assert published is not None
        rule, numbers = "base_published", _shown(published)
    return Finding(
        rule=rule,
        met=True,
        law=law,
        inputs={"base_fen": round_half_up(base_set)},
        numbers=numbers,
        weight=Weight.NOTE,
    )


def _base_below_floor(work: Work, base_set: Fraction, floor: Fraction) -> Finding:
    """What was set is less than the state demands, so the floor is paid, and what was set is told beside it."""
    parameters = work.parameters
    laws, numbers = [parameters.law_of(BASE_RATIO)], _by_ratio(work)
    if parameters.base is not None:
        laws.append(parameters.law_of("base"))
        numbers["set_source"] = parameters.source("base")
    elif parameters.published_base is not None:
        numbers["set_source"] = parameters.published_base.as_json()
    return Finding(
        rule="base_below_floor",
        met=True,
        law=(*laws, *cite(citations.AMOUNT, work.on)),
        inputs={
            "base_fen": round_half_up(floor),
            "set_fen": round_half_up(base_set),
            "ratio": parameters.values[BASE_RATIO].value,
        },
        numbers=numbers,
        weight=Weight.NOTE,
    )


def _base_by_ratio(work: Work, support: Support) -> Finding:
    parameters = work.parameters
    return Finding(
        rule="base_known",
        met=None if support.base is None else True,
        law=(parameters.law_of(BASE_RATIO), *cite(citations.AMOUNT, work.on)),
        inputs={
            "base_fen": None if support.base is None else round_half_up(support.base),
            "ratio": parameters.values[BASE_RATIO].value,
        },
        numbers=_by_ratio(work),
        weight=Weight.CONDITION if support.base is None else Weight.NOTE,
    )


def _by_ratio(work: Work) -> dict[str, Json]:
    measure = work.parameters.base_measure
    return {
        "base_source": work.parameters.source(BASE_RATIO),
        **({} if measure is None else _shown(measure)),
    }


def _shown(standard: Standard) -> dict[str, Json]:
    return {"standard": standard.as_json(), "standard_fen": standard.amount_fen, "period": standard.period}


def something_to_pay(work: Work, support: Support) -> Finding | None:
    """Support is money every month (art. 20); where the region's own numbers leave no fen of it, a person must look."""
    if support.base is None or round_half_up(support.exact):
        return None
    base = work.parameters.base
    return Finding(
        rule="something_to_pay",
        met=None,
        law=cite(citations.AMOUNT, work.on),
        inputs={"amount_exact": fraction_json(support.exact)},
        numbers={} if base is None else {"base_source": work.parameters.source("base")},
    )


def support_worked_out(work: Work, support: Support, rules_version: int) -> Finding:
    """Show base, care and the sum; open where the region's numbers are not there.

    From version 4 on it is told only where the base is known, so that what is open is care alone; why it is, is said.
    """
    parameters, known = work.parameters, support.base is not None and support.care is not None
    numbers: dict[str, Json] = {"standard": parameters.standard.as_json()}
    if rules_version < 4:
        numbers["base_source"] = parameters.source("base" if parameters.base is not None else BASE_RATIO)
    if parameters.care is not None:
        numbers["care_source"] = parameters.source("care")
    inputs: dict[str, Json] = {
        "base_fen": round_half_up(support.base or Fraction(0)),
        "care_fen": round_half_up(support.care or Fraction(0)),
        "amount_fen": round_half_up(support.exact),
        "amount_exact": fraction_json(support.exact),
    }
    rule, self_care = "support_worked_out", work.case.answers.self_care
    if rules_version >= 4 and not known:
        rule, inputs["lacking"] = "care_open", "assessment" if self_care is None else "standard"
    elif rules_version >= 4 and parameters.care is None and self_care is not None:
        numbers["care_source"] = parameters.published_care[tier_of(self_care)].as_json()
    return Finding(
        rule=rule,
        met=True if known else None,
        law=cite(citations.AMOUNT, work.on),
        inputs=inputs,
        numbers=numbers,
        weight=Weight.NOTE,
    )
