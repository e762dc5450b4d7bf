"""The edge family: the rules in order, and the outcome they lead to. A status, not money: the amount is always none."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from app.programs.assessment import Assessment, Finding, Outcome, all_met, outcome_of
from app.programs.base import ParameterValue, Standard
from app.programs.case import Case
from app.programs.edge_family import citations
from app.programs.edge_family.answers import EdgeFamilyAnswers
from app.programs.edge_family.line import Work, income_below_edge_line, not_below_standard
from app.programs.edge_family.parameters import Parameters, parameters_from_json, resolve
from app.programs.evidence import EVIDENCE_RULES, benefits_declared
from app.programs.household import HouseholdProgram, apply_rules, reckon
from app.programs.income import INCOME_RULES
from app.programs.membership import members_counted
from app.programs.property import property_rules
from app.programs.sources import OF_EIGHT_ITEMS, OF_TEN_DEPARTMENTS
from app.programs.texts import Catalogue, Text, household_texts

LIVING_ALLOWANCE = "living_allowance"  # the code of the program that a household below the standard is pointed to


class EdgeFamily(HouseholdProgram[EdgeFamilyAnswers, Parameters]):
    """低保边缘家庭."""

    code = "edge_family"
    title = Text(zh="最低生活保障边缘家庭", en="Edge family")
    form_version = 1
    rules_version = 4
    # 2 looks into more registers; 3 sets pensions and unemployment benefit that were found beside the declaration; 4
    # leaves to a person who is below the standard by less than can be paid, or only by the region's numbers for it.
    replays = frozenset({1, 2, 3, 4})
    texts = Catalogue.load(Path(__file__).with_name("texts.yaml"), household_texts())
    answers_model = EdgeFamilyAnswers

    def resolve(
        self, on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]
    ) -> Parameters:
        return resolve(on, standards, regional)

    def parameters_from_json(self, stored: Mapping[str, Any]) -> Parameters:
        return parameters_from_json(stored)

    def assess_under(
        self, rules_version: int, case: Case[EdgeFamilyAnswers], parameters: Parameters, on: date
    ) -> Assessment:
        sources = OF_TEN_DEPARTMENTS if rules_version >= 2 else OF_EIGHT_ITEMS
        work = reckon(case, parameters, on, citations.HOUSEHOLD, sources)
        rules = (
            members_counted,
            *EVIDENCE_RULES,
            *((_benefits_declared,) if rules_version >= 3 else ()),
            *INCOME_RULES,
            income_below_edge_line,
            partial(not_below_standard, rules_version=rules_version),
            *property_rules(parameters.household),
        )
        findings = apply_rules(rules, work)
        return self.assessment_of(rules_version, work, findings, conclude(work, findings))


def _benefits_declared(work: Work) -> Finding | None:
    return benefits_declared(work, work.parameters.line)


def conclude(work: Work, findings: Sequence[Finding]) -> tuple[Outcome, str | None]:
    """Return the outcome, and the program to turn to instead.

    Who is below the standard and meets everything else asks for the allowance, which comes first; while something else
    is open there, a person must look.
    """
    if any(each.rule == "not_below_standard" and each.met is False for each in findings):
        others = all_met(each for each in findings if each.rule != "not_below_standard")
        if others is not False:
            return (Outcome.ANOTHER_PROGRAM if others else Outcome.NEEDS_PERSON), LIVING_ALLOWANCE
    return outcome_of(all_met(findings)), None
