"""One household judged twice, and what it would get; where the households come from is nothing to this module."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from app.programs.assessment import Outcome
from app.programs.living_allowance.fast import HouseholdCase, Verdict
from scripts.local.simulate.book import Numbering
from scripts.local.simulate.tally import Tally


class Household(NamedTuple):
    """A case and its county; `decided`: what the county made of it, None where nobody has decided."""

    county: str
    case: HouseholdCase
    decided: Literal["granted", "refused"] | None = None


def count(households: Iterable[Household], numbering: Numbering) -> Tally:
    """Judge households before and after, and count what follows."""
    tally = Tally()
    for household in households:
        case = household.case
        pair = numbering.of(case.division, case.area_class)
        figures = pair.before.figures_of(case)
        before = pair.before.judge(case, figures)
        after = pair.after.judge(case, figures if pair.same_figures else pair.after.figures_of(case))
        paid = _paid(before, household), _paid(after, household)
        if household.decided == "refused" and paid[0]:  # for what no rule sees: no number changes that
            paid = 0, 0
        is_open = after.outcome is Outcome.NEEDS_PERSON and household.decided != "granted"
        tally.of(household.county).add(*paid, is_open=is_open)
    return tally


def _paid(verdict: Verdict, household: Household) -> int:
    """Return what a household gets: an open point stays open, unless the county has settled it in its favour."""
    settled = verdict.outcome is Outcome.NEEDS_PERSON and household.decided == "granted"
    return verdict.monthly_amount_fen if settled or verdict.outcome is Outcome.LIKELY_ELIGIBLE else 0
