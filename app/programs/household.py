"""What programs about a household have in common: what is asked, and a household worked out once for every rule."""

from abc import ABC
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Generic, TypeAlias, TypeVar

from app.core.errors import Fault
from app.core.money import difference
from app.facts import Item
from app.programs.articles import HouseholdArticles
from app.programs.assessment import Assessment, Finding, MemberVerdict, Outcome
from app.programs.base import Program
from app.programs.case import Case
from app.programs.declaration import MemberFacts
from app.programs.form import HouseholdAnswers, check_household
from app.programs.income import add_up_income
from app.programs.membership import count_members, why_absent
from app.programs.parameters import STANDARD, HouseholdParameters
from app.programs.property import list_exempt, list_holdings
from app.programs.reckoning import Reckoning
from app.programs.sources import Sources
from app.programs.support import PaidSupportRow

A = TypeVar("A", bound=HouseholdAnswers)
P = TypeVar("P", bound=HouseholdParameters)
W = TypeVar("W")
_NOTHING_SILENT: frozenset[tuple[str, Item]] = frozenset()
Conclusion: TypeAlias = tuple[Outcome, str | None]
"""The outcome, and the program to turn to instead."""


class HouseholdProgram(Program[A, P], ABC, Generic[A, P]):
    """A program that judges a household by its members, income and property."""

    needs = frozenset(
        {
            Item.HOUSEHOLD_REGISTER,
            Item.VEHICLES,
            Item.MARRIAGE,
            Item.DEATHS,
            Item.BENEFITS,
            Item.SOCIAL_INSURANCE,
            Item.REAL_ESTATE,
            Item.INCOME,
            Item.BUSINESSES,
            Item.PROVIDENT_FUND,
            Item.DISABILITY,
            Item.FARMING,
            Item.RELOCATION,
            Item.DEPOSITS,
        }
    )
    standards = (STANDARD,)

    def asks_about(self, member: MemberFacts, on: date) -> bool:
        return why_absent(member, on) is None

    def check_together(self, answers: A, members: Sequence[MemberFacts]) -> list[Fault]:
        return check_household(answers, members)

    def assessment_of(
        self,
        rules_version: int,
        work: Reckoning[A, P],
        findings: tuple[Finding, ...],
        conclusion: Conclusion,
        *,
        monthly_amount_fen: int = 0,
    ) -> Assessment:
        """Put the answer together from what was worked out and found."""
        outcome, another = conclusion
        return Assessment(
            program=self.code,
            rules_version=rules_version,
            on=work.on,
            outcome=outcome,
            another_program=another,
            monthly_amount_fen=monthly_amount_fen,
            per_capita_income=work.per_capita,
            members=work.members,
            findings=findings,
        )


def apply_rules(rules: Iterable[Callable[[W], Finding | None]], work: W) -> tuple[Finding, ...]:
    """Return what the rules found, in their order; a rule that does not concern this household finds nothing.

    Raises:
        ValueError: a rule decided something by a source that has not answered.
    """
    findings = tuple([found for rule in rules if (found := rule(work)) is not None])
    for found in findings:
        if found.silent and found.met is not None:
            raise ValueError("silence decides nothing")
    return findings


def reckon(
    case: Case[A],
    parameters: P,
    on: date,
    articles: HouseholdArticles,
    sources: Sources,
    *,
    deduct_expenses: bool = True,
) -> Reckoning[A, P]:
    """Work out the household of everybody who counts."""
    verdicts = count_members(case, parameters, on, articles)
    counted = tuple([member for member, verdict in zip(case.members, verdicts, strict=True) if verdict.counted])
    return reckon_for(case, parameters, on, articles, sources, verdicts, counted, deduct_expenses=deduct_expenses)


def reckon_for(
    case: Case[A],
    parameters: P,
    on: date,
    articles: HouseholdArticles,
    sources: Sources,
    verdicts: tuple[MemberVerdict, ...],
    counted: tuple[MemberFacts, ...],
    *,
    support_exempt: PaidSupportRow | None = None,
    deduct_expenses: bool = True,
) -> Reckoning[A, P]:
    """Work out the household of those given.

    Raises:
        ValueError: the parameters are those of another day.
    """
    if parameters.on != on:
        raise ValueError(f"parameters of {parameters.on} cannot judge {on}")
    earned = add_up_income(
        case.answers, counted, parameters, on, support_exempt=support_exempt, deduct_expenses=deduct_expenses
    )
    exempt, heads, standard = (
        list_exempt(case, counted, parameters.household),
        len(counted),
        parameters.standard.monthly,
    )
    silent = case.silent_about([member.ref for member in counted]) if case.checked else _NOTHING_SILENT
    per_capita = Fraction(earned.total, 12 * heads) if heads else None
    room = None if per_capita is None else difference(standard, per_capita)
    return Reckoning(
        case=case,
        parameters=parameters,
        on=on,
        articles=articles,
        members=verdicts,
        counted=counted,
        heads=heads,
        income=earned,
        holdings=list_holdings(case, counted, exempt, sources),
        left_out=exempt,
        standard=standard,
        per_capita=per_capita,
        room=room,
        below_standard=room is not None and room.numerator > 0,
        silent=silent,
        sources=sources,
        sure_heads=max(heads - sum(item is Item.DEATHS for _, item in silent), 1) if silent else max(heads, 1),
    )
