"""The minimum-living allowance: what is needed, the rules in order, and the outcome they lead to."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.core.errors import Fault
from app.facts import Item
from app.programs.assessment import Assessment, Finding, Outcome, all_met
from app.programs.base import ParameterValue, Program, Standard
from app.programs.case import Case
from app.programs.declaration import MemberFacts
from app.programs.living_allowance import amount, edge, evidence, household, income, property
from app.programs.living_allowance.answers import LivingAllowanceAnswers, check_together
from app.programs.living_allowance.parameters import STANDARD, Parameters, parameters_from_json, resolve
from app.programs.living_allowance.reckoning import Reckoning, Rule
from app.programs.texts import Catalogue, Text


def rules_in_order(parameters: Parameters) -> tuple[Rule, ...]:
    """List the rules as a person would go through them; regional limits on property are rules like any other."""
    return (
        household.members_counted,
        evidence.sources_answered,
        evidence.members_alive,
        evidence.not_covered_elsewhere,
        evidence.birth_dates_agree,
        evidence.spouse_listed,
        evidence.wages_declared,
        income.no_class_at_a_loss,
        income.income_left_out,
        income.expenses_deducted,
        income.income_below_standard,
        *property.rules_for(parameters),
        edge.below_edge_line,
        edge.may_apply_alone,
        amount.amount_worked_out,
    )


class LivingAllowance(Program[LivingAllowanceAnswers, Parameters]):
    """低保."""

    code = "living_allowance"
    title = Text(zh="最低生活保障", en="Minimum-living allowance")
    form_version = 1
    rules_version = 1
    needs = frozenset(
        {
            Item.HOUSEHOLD_REGISTER,
            Item.VEHICLES,
            Item.MARRIAGE,
            Item.DEATHS,
            Item.BENEFITS,
            Item.REAL_ESTATE,
            Item.PROVIDENT_FUND,
            Item.DEPOSITS,
        }
    )
    standards = (STANDARD,)
    texts = Catalogue.load(Path(__file__).with_name("texts.yaml"))
    answers_model = LivingAllowanceAnswers

    def asks_about(self, member: MemberFacts, on: date) -> bool:
        return household.why_absent(member, on) is None

    def check_together(self, answers: LivingAllowanceAnswers, members: Sequence[MemberFacts]) -> list[Fault]:
        return check_together(answers, members)

    def resolve(
        self, on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]
    ) -> Parameters:
        return resolve(on, standards, regional)

    def parameters_from_json(self, stored: Mapping[str, Any]) -> Parameters:
        return parameters_from_json(stored)

    def assess(self, case: Case[LivingAllowanceAnswers], parameters: Parameters, on: date) -> Assessment:
        if parameters.on != on:
            raise ValueError(f"parameters of {parameters.on} cannot judge {on}")
        work = reckon(case, parameters, on)
        findings = tuple(found for rule in rules_in_order(parameters) if (found := rule(work)) is not None)
        outcome, another = conclude(work, findings)
        open_to_pay = outcome in (Outcome.LIKELY_ELIGIBLE, Outcome.NEEDS_PERSON)
        return Assessment(
            program=self.code,
            rules_version=self.rules_version,
            on=on,
            outcome=outcome,
            another_program=another,
            monthly_amount_fen=amount.monthly_amount(work) if open_to_pay else 0,
            per_capita_income=work.per_capita,
            members=work.members,
            findings=findings,
        )


def reckon(case: Case[LivingAllowanceAnswers], parameters: Parameters, on: date) -> Reckoning:
    """Work out once what every rule reads."""
    verdicts = household.count_members(case, on)
    counts = {verdict.ref: verdict.counted for verdict in verdicts}
    counted = tuple(member for member in case.members if counts[member.ref])
    earned = income.add_up_income(case.answers, counted, parameters)
    return Reckoning(
        case=case,
        parameters=parameters,
        on=on,
        members=verdicts,
        counted=counted,
        income=earned,
        holdings=property.list_holdings(case, counted),
        standard=parameters.standard.monthly,
        per_capita=Fraction(earned.total_fen, 12 * len(counted)) if counted else None,
    )


def conclude(work: Reckoning, findings: Sequence[Finding]) -> tuple[Outcome, str | None]:
    """Return the outcome, and the program to turn to instead.

    A household in the edge band that meets everything but the income rule belongs to the edge families; while
    something else is open there, a person must look first.
    """
    if edge.in_edge_band(work):
        others = all_met(each for each in findings if each.rule != "income_below_standard")
        if others is not False:
            return (Outcome.ANOTHER_PROGRAM if others else Outcome.NEEDS_PERSON), edge.EDGE_FAMILY
    match all_met(findings):
        case True:
            return Outcome.LIKELY_ELIGIBLE, None
        case False:
            return Outcome.LIKELY_NOT_ELIGIBLE, None
        case _:
            return Outcome.NEEDS_PERSON, None
