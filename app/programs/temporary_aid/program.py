"""Temporary aid: two kinds and a fast way, the rules in order, and the outcome they lead to. Paid once, not monthly."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from app.programs import evidence, income
from app.programs.assessment import Assessment, Finding, Outcome, all_met, outcome_of
from app.programs.base import ParameterValue, Standard
from app.programs.case import Case
from app.programs.household import HouseholdProgram, apply_rules, reckon
from app.programs.membership import members_counted
from app.programs.property import property_rules
from app.programs.reckoning import Rule
from app.programs.sources import OF_EIGHT_ITEMS, OF_TEN_DEPARTMENTS
from app.programs.temporary_aid import amount, citations, event, hardship
from app.programs.temporary_aid.answers import TemporaryAidAnswers
from app.programs.temporary_aid.event import Work
from app.programs.temporary_aid.parameters import Parameters, parameters_from_json, resolve
from app.programs.texts import Catalogue, Text, household_texts

RIGID_EXPENSE_FAMILY = "rigid_expense_family"  # the code of the program that a household not recognised is pointed to

_ECONOMY: tuple[Rule, ...] = (
    members_counted,
    evidence.sources_answered,
    evidence.members_alive,
    evidence.birth_dates_agree,
    evidence.spouse_listed,
)
_INCOME: tuple[Rule, ...] = (
    evidence.wages_declared,
    income.no_class_at_a_loss,
    income.income_left_out,
    income.new_jobs_disregarded,
    income.employment_costs_deducted,
    income.labour_income_assumed,
    income.support_reckoned,
)


class TemporaryAid(HouseholdProgram[TemporaryAidAnswers, Parameters]):
    """临时救助."""

    code = "temporary_aid"
    title = Text(zh="临时救助", en="Temporary aid")
    form_version = 1
    rules_version = 5
    # 2 looks into more registers; 3 sets pensions and unemployment benefit that were found beside the declaration; 4
    # rounds a ceiling down to the fen, so that nothing is granted beyond it; 5 tells no room below the limit of the
    # fast way to whom something else keeps from it.
    replays = frozenset({1, 2, 3, 4, 5})
    texts = Catalogue.load(Path(__file__).with_name("texts.yaml"), household_texts())
    answers_model = TemporaryAidAnswers

    def resolve(
        self, on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]
    ) -> Parameters:
        return resolve(on, standards, regional)

    def parameters_from_json(self, stored: Mapping[str, Any]) -> Parameters:
        return parameters_from_json(stored)

    def assess_under(
        self, rules_version: int, case: Case[TemporaryAidAnswers], parameters: Parameters, on: date
    ) -> Assessment:
        sources = OF_TEN_DEPARTMENTS if rules_version >= 2 else OF_EIGHT_ITEMS
        work = reckon(case, parameters, on, citations.HOUSEHOLD, sources, deduct_expenses=False)
        findings = apply_rules(rules_in_order(work, rules_version), work)
        outcome, another = conclude(work, findings)
        open_to_pay = outcome in (Outcome.LIKELY_ELIGIBLE, Outcome.NEEDS_PERSON) and another is None
        return self.assessment_of(rules_version, work, findings, (outcome, another))._replace(
            per_capita_income=None if event.goes_fast(work) else work.per_capita,
            one_off_amount_fen=amount.amount_fen(work, rules_version) if open_to_pay else 0,
        )


def rules_in_order(work: Work, rules_version: int) -> tuple[Rule, ...]:
    """List the rules as a person would go through them.

    The fast way asks nothing about income and property. Who is recognised already is not looked at again, for an
    expense: the register says so, and the expense is verified. Rules that came with a later version are left out.
    """
    small_fast_track = partial(event.small_fast_track, rules_version=rules_version)
    since_3: tuple[Rule, ...] = (evidence.benefits_declared,) if rules_version >= 3 else ()
    asked: tuple[Any, ...] = (event.cause_fits, event.at_place_of_event, small_fast_track)
    if not event.goes_fast(work):
        asked = (*asked, *_ECONOMY)
        if work.case.answers.kind == "emergency":
            economy = (*since_3, *_INCOME, hardship.income_within_limit, *property_rules(work.parameters.household))
            asked = (*asked, *economy, hardship.without_income_for_months)
        else:
            asked = (*asked, hardship.recognised_household, hardship.expenses_shown)
    bounds = [partial(rule, rules_version=rules_version) for rule in (amount.within_ceiling, amount.township_decides)]
    return (*asked, *bounds, amount.notice_first)


def conclude(work: Work, findings: Sequence[Finding]) -> tuple[Outcome, str | None]:
    """Return the outcome, and the program to turn to instead.

    An expense that goes beyond what a household can bear, in one that nobody has recognised yet, is looked at by way
    of the rigid-expense families.
    """
    unrecognised = any(each.rule == "recognised_household" and each.met is False for each in findings)
    if unrecognised:
        others = all_met(each for each in findings if each.rule != "recognised_household")
        if others is not False:
            return (Outcome.ANOTHER_PROGRAM if others else Outcome.NEEDS_PERSON), RIGID_EXPENSE_FAMILY
    return outcome_of(all_met(findings)), None
