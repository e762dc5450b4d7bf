"""Destitute support: the rules in order, and the outcome they lead to."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from app.core.errors import Fault
from app.core.money import round_half_up
from app.facts import Item
from app.programs import evidence
from app.programs.assessment import Assessment, Finding, MemberVerdict, Outcome, all_met, outcome_of
from app.programs.base import ParameterValue, Standard
from app.programs.case import Case
from app.programs.declaration import MemberFacts
from app.programs.destitute_support import amount, citations, conditions
from app.programs.destitute_support.answers import DestituteSupportAnswers, check_together
from app.programs.destitute_support.parameters import FURTHER_STANDARDS, Parameters, parameters_from_json, resolve
from app.programs.destitute_support.work import Work
from app.programs.household import HouseholdProgram, apply_rules, reckon_for
from app.programs.income import INCOME_RULES
from app.programs.laws import cite
from app.programs.membership import members_counted, why_not_there
from app.programs.property import property_rules
from app.programs.sources import OF_EIGHT_ITEMS, OF_TEN_DEPARTMENTS, Sources
from app.programs.texts import Catalogue, Text, household_texts

_LEADS_TO_ALLOWANCE = frozenset({"no_ability_to_work", "no_able_supporter"})


class DestituteSupport(HouseholdProgram[DestituteSupportAnswers, Parameters]):
    """特困人员救助供养."""

    code = "destitute_support"
    title = Text(zh="特困人员救助供养", en="Support for the destitute")
    form_version = 1
    rules_version = 5
    # 2 looks into more registers; 3 sets pensions and unemployment benefit that were found beside the declaration; 4
    # knows what is published of base and care, and pays no base below 1.3 times the urban standard, in the countryside
    # either; 5 leaves to a person whom the numbers of the place would pay nothing, and measures to the nearer age.
    replays = frozenset({1, 2, 3, 4, 5})
    further_standards = FURTHER_STANDARDS
    ages = conditions.AGES
    texts = Catalogue.load(Path(__file__).with_name("texts.yaml"), household_texts())
    answers_model = DestituteSupportAnswers

    def check_together(self, answers: DestituteSupportAnswers, members: Sequence[MemberFacts]) -> list[Fault]:
        return check_together(answers, members)

    def resolve(
        self, on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]
    ) -> Parameters:
        return resolve(on, standards, regional)

    def parameters_from_json(self, stored: Mapping[str, Any]) -> Parameters:
        return parameters_from_json(stored)

    def assess_under(
        self, rules_version: int, case: Case[DestituteSupportAnswers], parameters: Parameters, on: date
    ) -> Assessment:
        sources = OF_TEN_DEPARTMENTS if rules_version >= 2 else OF_EIGHT_ITEMS
        work = reckon_person(case, parameters, on, sources)
        support = amount.work_out(work, rules_version)
        rules = (
            members_counted,
            evidence.sources_answered,
            evidence.members_alive,
            evidence.birth_dates_agree,
            evidence.wages_declared,
            *((evidence.benefits_declared,) if rules_version >= 3 else ()),
            conditions.supporters_named,
            conditions.no_allowance_beside,
            partial(conditions.no_ability_to_work, rules_version=rules_version),
            *INCOME_RULES,
            conditions.no_source_of_living,
            *property_rules(parameters.household),
            conditions.no_able_supporter,
            conditions.minor_has_chosen,
            amount.self_care_assessed,
        )
        base = amount.base_known(work, support) if rules_version >= 4 else None
        # A sum without a base would tell a person nothing but zero.
        tells = support.base is not None or rules_version < 4
        told = amount.support_worked_out(work, support, rules_version) if tells else None
        nothing = amount.something_to_pay(work, support) if rules_version >= 5 else None
        findings = (*apply_rules(rules, work), *(each for each in (base, told, nothing) if each is not None))
        outcome, another = conclude(work, findings)
        open_to_pay = outcome in (Outcome.LIKELY_ELIGIBLE, Outcome.NEEDS_PERSON) and another is None
        monthly = round_half_up(support.exact) if open_to_pay and work.heads else 0
        return self.assessment_of(rules_version, work, findings, (outcome, another), monthly_amount_fen=monthly)


def reckon_person(case: Case[DestituteSupportAnswers], parameters: Parameters, on: date, sources: Sources) -> Work:
    """Work out the one person the case is about."""
    person = case.members[0]
    articles = citations.HOUSEHOLD
    absent = why_not_there(person, case, on)
    law = cite(articles.members_not_counted if absent else articles.members_counted, on)
    sure = absent is not None or not case.is_silent(person.ref, Item.DEATHS)
    verdict = MemberVerdict(person.ref, absent is None, absent or "applies_for_himself", law, sure)
    return reckon_for(case, parameters, on, articles, sources, (verdict,), () if absent else (person,))


def conclude(work: Work, findings: Sequence[Finding]) -> tuple[Outcome, str | None]:
    """Return the outcome, and the program to turn to instead.

    A minor who chose the support of orphans turns to that one. Who has nothing to live on, but could work or be
    supported, may ask for the minimum-living allowance with his household.
    """
    answers, by_rule = work.case.answers, {each.rule: each.met for each in findings}
    if by_rule.get("minor_has_chosen") is False:
        return Outcome.ANOTHER_PROGRAM, answers.child_support
    if any(by_rule[rule] is False for rule in _LEADS_TO_ALLOWANCE):
        others = all_met(each for each in findings if each.rule not in _LEADS_TO_ALLOWANCE)
        if others is not False:
            outcome = Outcome.ANOTHER_PROGRAM if others else Outcome.NEEDS_PERSON
            return outcome, conditions.LIVING_ALLOWANCE
    return outcome_of(all_met(findings)), None
