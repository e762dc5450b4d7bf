"""The rigid-expense family: the rules in order, and the outcome they lead to. A status, not money."""

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
from app.programs.rigid_expense_family import citations, conditions
from app.programs.rigid_expense_family.answers import RigidExpenseAnswers
from app.programs.rigid_expense_family.conditions import Work
from app.programs.rigid_expense_family.parameters import Parameters, parameters_from_json, resolve
from app.programs.sources import OF_EIGHT_ITEMS, OF_TEN_DEPARTMENTS
from app.programs.texts import Catalogue, Text, household_texts


class RigidExpenseFamily(HouseholdProgram[RigidExpenseAnswers, Parameters]):
    """刚性支出困难家庭."""

    code = "rigid_expense_family"
    title = Text(zh="刚性支出困难家庭", en="Rigid-expense family")
    form_version = 1
    rules_version = 4
    # 2 looks into more registers; 3 sets pensions and unemployment benefit that were found beside the declaration;
    # 4 names another program only to whom that one would not send on, or away, by numbers of its own.
    replays = frozenset({1, 2, 3, 4})
    texts = Catalogue.load(Path(__file__).with_name("texts.yaml"), household_texts())
    answers_model = RigidExpenseAnswers

    def resolve(
        self, on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]
    ) -> Parameters:
        return resolve(on, standards, regional)

    def parameters_from_json(self, stored: Mapping[str, Any]) -> Parameters:
        return parameters_from_json(stored)

    def assess_under(
        self, rules_version: int, case: Case[RigidExpenseAnswers], parameters: Parameters, on: date
    ) -> Assessment:
        # Expenses are measured against the income here; deducted from it as well they would count twice.
        sources = OF_TEN_DEPARTMENTS if rules_version >= 2 else OF_EIGHT_ITEMS
        work = reckon(case, parameters, on, citations.HOUSEHOLD, sources, deduct_expenses=False)
        rules = (
            members_counted,
            evidence.sources_answered,
            evidence.members_alive,
            evidence.birth_dates_agree,
            evidence.spouse_listed,
            evidence.wages_declared,
            *((evidence.benefits_declared,) if rules_version >= 3 else ()),
            conditions.not_recognised_already,
            income.no_class_at_a_loss,
            income.income_left_out,
            income.new_jobs_disregarded,
            income.employment_costs_deducted,
            income.labour_income_assumed,
            income.support_reckoned,
            conditions.income_below_average,
            conditions.expenses_above_share,
            *property_rules(parameters.household),
            conditions.not_complicated,
            partial(conditions.another_line, rules_version=rules_version),
            conditions.holds_for_months,
        )
        findings = apply_rules(rules, work)
        return self.assessment_of(rules_version, work, findings, conclude(work, findings))


def conclude(work: Work, findings: Sequence[Finding]) -> tuple[Outcome, str | None]:
    """Return the outcome, and the program to turn to instead.

    Who lies below the line of the allowance or of the edge families turns to those first: they give more.
    """
    met = all_met(findings)
    below = next((each for each in findings if each.rule == "above_other_lines" and each.met is False), None)
    if below is not None and met is not False:
        return (Outcome.ANOTHER_PROGRAM if met else Outcome.NEEDS_PERSON), str(below.inputs["program"])
    return outcome_of(met), None
