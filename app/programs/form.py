"""The form that programs about a household share: income, expenses, property and supporters of the members."""

from collections.abc import Iterator, Sequence

from app.core.errors import Fault
from app.programs.declaration import (
    Declared,
    Expense,
    Income,
    Listed,
    MemberFacts,
    Property,
    Ref,
    Supporter,
    pointer,
)


class HouseholdAnswers(Declared):
    """What the household declares beside its members; an empty list says “none”.

    `no_work_found`: who can work and has found none for long.
    """

    income: Listed[Income] = ()
    expenses: Listed[Expense] = ()
    property: Listed[Property] = ()
    supporters: Listed[Supporter] = ()
    no_work_found: Listed[Ref] | None = None


def check_household(answers: HouseholdAnswers, members: Sequence[MemberFacts]) -> list[Fault]:
    """List what is wrong between the form and the members; pointers begin at `/answers` or `/members`."""
    return [
        *_member_faults(members),
        *_reference_faults(answers, {member.ref for member in members}),
        *_income_faults(answers),
    ]


def _member_faults(members: Sequence[MemberFacts]) -> Iterator[Fault]:
    applicants = sum(member.relation == "self" for member in members)
    if applicants != 1:
        yield Fault("/members", "one_applicant_needed")
    if sum(member.relation == "spouse" for member in members) > 1:
        yield Fault("/members", "one_spouse_at_most")
    seen: set[str] = set()
    for place, member in enumerate(members):
        if member.ref in seen:
            yield Fault(pointer(("members", place, "ref")), "ref_not_unique")
        seen.add(member.ref)


def _reference_faults(answers: HouseholdAnswers, refs: set[str]) -> Iterator[Fault]:
    named = [
        *((("answers", "income", place, "member"), line.member) for place, line in enumerate(answers.income)),
        *((("answers", "expenses", place, "member"), line.member) for place, line in enumerate(answers.expenses)),
        *((("answers", "property", place, "owner"), line.owner) for place, line in enumerate(answers.property)),
        *((("answers", "no_work_found", place), ref) for place, ref in enumerate(answers.no_work_found or ())),
    ]
    for path, ref in named:
        yield from unknown_member(path, ref, refs)


def _income_faults(answers: HouseholdAnswers) -> Iterator[Fault]:
    for place, line in enumerate(answers.income):
        if line.months is not None and line.period != "month":
            yield Fault(pointer(("answers", "income", place, "months")), "months_of_a_year")


def unknown_member(path: Sequence[str | int], ref: str, refs: set[str]) -> Iterator[Fault]:
    """Yield a fault where a form names somebody who is no member."""
    if ref not in refs:
        yield Fault(pointer(path), "member_unknown")
