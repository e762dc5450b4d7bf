"""The minimum-living allowance: what is needed, the rules in order, and the outcome they lead to."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from app.core.errors import Fault
from app.programs.assessment import Assessment, Finding, Outcome, all_met, outcome_of
from app.programs.base import ParameterValue, Standard
from app.programs.case import Case
from app.programs.declaration import MemberFacts
from app.programs.evidence import EVIDENCE_RULES, benefits_declared
from app.programs.household import HouseholdProgram, apply_rules, reckon
from app.programs.income import INCOME_RULES
from app.programs.living_allowance import alone, amount, citations, edge
from app.programs.living_allowance.answers import LivingAllowanceAnswers, check_together
from app.programs.living_allowance.parameters import Parameters, parameters_from_json, resolve
from app.programs.living_allowance.standard import income_below_standard
from app.programs.living_allowance.tiers import AGES
from app.programs.living_allowance.work import OwnRule, Work
from app.programs.membership import members_counted
from app.programs.property import property_rules
from app.programs.sources import OF_EIGHT_ITEMS, OF_TEN_DEPARTMENTS
from app.programs.texts import Catalogue, Text, household_texts


def rules_in_order(
    work: Work, who: alone.Applicant | None, rules_version: int, *, lacks_nothing: bool
) -> tuple[OwnRule, ...]:
    """List the rules as a person would go through them; regional limits on property are rules like any other.

    Rules that came with a later version are left out where a decision of an earlier one is judged again.
    """
    return (
        members_counted,
        *(EVIDENCE_RULES if work.case.checked else ()),
        *(_since_4(who) if work.case.checked and rules_version >= 4 else ()),
        *(_of_one_person(who, rules_version) if who else _of_household(work, rules_version, lacks_nothing)),
    )


def _since_4(who: alone.Applicant | None) -> tuple[OwnRule, ...]:
    return (_benefits_declared if who is None else partial(alone.benefits_declared, who),)


def _benefits_declared(work: Work) -> Finding | None:
    return benefits_declared(work, work.standard)


_ABOUT_INCOME: tuple[OwnRule, ...] = (*INCOME_RULES, income_below_standard)
_ABOUT_STANDARD = frozenset({"income_below_standard", amount.SOMETHING_TO_PAY})
_ABOVE_STANDARD: tuple[OwnRule, ...] = (partial(edge.below_edge_line, since_5=False), edge.may_apply_alone)
_LACKS_NOTHING: tuple[OwnRule, ...] = (
    partial(edge.below_edge_line, lacks_nothing=True),
    partial(edge.may_apply_alone, lacks_nothing=True),
)
_ABOVE_STANDARD_SINCE_2: tuple[OwnRule, ...] = (*_ABOVE_STANDARD, edge.adults_may_apply_alone)
_ABOVE_STANDARD_SINCE_5: tuple[OwnRule, ...] = (
    edge.below_edge_line,
    edge.may_apply_alone,
    edge.adults_may_apply_alone,
)


def _of_household(work: Work, rules_version: int, lacks_nothing: bool) -> tuple[OwnRule, ...]:
    if rules_version >= 5:
        above = _ABOVE_STANDARD_SINCE_5
    else:
        above = _ABOVE_STANDARD_SINCE_2 if rules_version >= 2 else _ABOVE_STANDARD
    return (*_ABOUT_INCOME, *property_rules(work.parameters.household), *(_LACKS_NOTHING if lacks_nothing else above))


def _of_one_person(who: alone.Applicant, rules_version: int) -> tuple[OwnRule, ...]:
    return (
        *alone.rules_about(who, rules_version),
        *alone.income_rules(who),
        income_below_standard,
        *alone.property_of(who),
    )


class LivingAllowance(HouseholdProgram[LivingAllowanceAnswers, Parameters]):
    """低保."""

    code = "living_allowance"
    title = Text(zh="最低生活保障", en="Minimum-living allowance")
    form_version = 2
    rules_version = 5
    # 2 added who may apply alone, and regional formulas that no stored decision had; 3 looks into more registers;
    # 4 sets pensions and unemployment benefit that were found beside the declaration, and knows who can work (tiers);
    # 5 says of a household below the standard to which nothing would be paid that there is nothing to pay;
    # and nobody is sent to the edge families who is above the standard only by what the region has set for this one.
    replays = frozenset({1, 2, 3, 4, 5})
    open_for_applications = True
    ages = AGES
    texts = Catalogue.load(Path(__file__).with_name("texts.yaml"), household_texts())
    answers_model = LivingAllowanceAnswers
    worked_out_by = (
        "members_counted",
        "income_left_out",
        "new_jobs_disregarded",
        "employment_costs_deducted",
        "labour_income_assumed",
        "support_reckoned",
        "expenses_deducted",
        "income_below_standard",
        "amount_worked_out",
        "amount_by_tier",
        "supplements_added",
    )

    def beneficiaries(self, answers: LivingAllowanceAnswers, members: Sequence[MemberFacts]) -> frozenset[str]:
        """Return everybody listed, or the one who applies alone."""
        if answers.alone is not None:
            return frozenset({answers.alone.member})
        return super().beneficiaries(answers, members)

    def check_together(self, answers: LivingAllowanceAnswers, members: Sequence[MemberFacts]) -> list[Fault]:
        return check_together(answers, members)

    def resolve(
        self, on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]
    ) -> Parameters:
        return resolve(on, standards, regional)

    def parameters_from_json(self, stored: Mapping[str, Any]) -> Parameters:
        return parameters_from_json(stored)

    def assess_under(
        self, rules_version: int, case: Case[LivingAllowanceAnswers], parameters: Parameters, on: date
    ) -> Assessment:
        family = reckon(
            case, parameters, on, citations.HOUSEHOLD, OF_TEN_DEPARTMENTS if rules_version >= 3 else OF_EIGHT_ITEMS
        )
        who = alone.applicant_of(family)
        work = alone.reckon_person(who) if who else family
        worked_out = amount.work_out(work, rules_version)
        lacks_nothing = rules_version >= 5 and amount.lacks_nothing_payable(work, worked_out)
        findings = (
            *apply_rules(rules_in_order(work, who, rules_version, lacks_nothing=lacks_nothing), work),
            *_about_money(work, worked_out, rules_version),
        )
        outcome, another = conclude(work, findings)
        open_to_pay = outcome in (Outcome.LIKELY_ELIGIBLE, Outcome.NEEDS_PERSON)
        monthly = worked_out.fen if open_to_pay else 0
        return self.assessment_of(rules_version, work, findings, (outcome, another), monthly_amount_fen=monthly)


def _about_money(work: Work, worked_out: amount.Amount, rules_version: int) -> Sequence[Finding]:
    nothing = amount.something_to_pay(work, worked_out) if rules_version >= 5 else None
    if nothing is not None:  # a sum that comes to nothing would read as an amount
        return [nothing]
    found = (amount.amount_worked_out(work, worked_out), amount.supplements_added(work, worked_out))
    return [each for each in found if each is not None]


def conclude(work: Work, findings: Sequence[Finding]) -> tuple[Outcome, str | None]:
    """Return the outcome, and the program to turn to instead.

    A household in the edge band that meets everything but the income rule belongs to the edge families, and so does one
    that is below the standard by less than can be paid; while something else is open there, a person must look first,
    and so where the edge families might send it back.
    """
    lacks_nothing = any(each.rule == amount.SOMETHING_TO_PAY and each.met is False for each in findings)
    if work.case.answers.alone is None and edge.in_edge_band(work, lacks_nothing=lacks_nothing):
        others = all_met(each for each in findings if each.rule not in _ABOUT_STANDARD)
        if others is not False and any(each.rule == "below_edge_line" and each.is_unclear for each in findings):
            return Outcome.NEEDS_PERSON, None
        if others is not False:
            return (Outcome.ANOTHER_PROGRAM if others else Outcome.NEEDS_PERSON), edge.EDGE_FAMILY
    return outcome_of(all_met(findings)), None
