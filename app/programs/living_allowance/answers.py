"""The form of the minimum-living allowance: income, expenses, property and supporters of the members."""

from collections.abc import Iterator, Sequence

from app.core.errors import Fault
from app.programs.declaration import (
    Declared,
    Expense,
    Income,
    Listed,
    MemberFacts,
    Property,
    Supporter,
    pointer,
)


class LivingAllowanceAnswers(Declared):
    """What the household declares beside its members; an empty list says “none”."""

    income: Listed[Income] = ()
    expenses: Listed[Expense] = ()
    property: Listed[Property] = ()
    supporters: Listed[Supporter] = ()


def check_together(answers: LivingAllowanceAnswers, members: Sequence[MemberFacts]) -> list[Fault]:
    """List what is wrong between the form and the members; pointers begin at `/answers` or `/members`."""
    return [*_member_faults(members), *_reference_faults(answers, {member.ref for member in members})]


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


def _reference_faults(answers: LivingAllowanceAnswers, refs: set[str]) -> Iterator[Fault]:
    named = [
        *((("answers", "income", place, "member"), line.member) for place, line in enumerate(answers.income)),
        *((("answers", "expenses", place, "member"), line.member) for place, line in enumerate(answers.expenses)),
        *((("answers", "property", place, "owner"), line.owner) for place, line in enumerate(answers.property)),
    ]
    for path, ref in named:
        if ref not in refs:
            yield Fault(pointer(path), "member_unknown")
