"""The three conditions of art. 4, and what excludes: no ability to work, nothing to live on, nobody able to support."""

from fractions import Fraction

from app.facts import FactKey, Item
from app.programs.assessment import Distance, Finding, Weight
from app.programs.destitute_support import citations
from app.programs.destitute_support.parameters import NO_ABILITY
from app.programs.destitute_support.supporters import judge_supporter
from app.programs.destitute_support.work import Work, age_of, person_of
from app.programs.income import income_json
from app.programs.laws import cite
from app.programs.membership import ADULT_AT
from app.programs.reckoning import silence_json

LIVING_ALLOWANCE = "living_allowance"
DESTITUTE_SUPPORT = "destitute_support"
_OLD_AT = 60  # art. 5(1)
_CHILD_BELOW = 16  # art. 5(2)
AGES = frozenset({_CHILD_BELOW, ADULT_AT, _OLD_AT})
_NO_ABILITY_BY_GRADE = {"intellectual": 3, "mental": 3, "physical": 2, "visual": 1}  # art. 5(3)


def no_ability_to_work(work: Work, rules_version: int) -> Finding:
    """The person is old, a child, or disabled as art. 5 says; support that began in childhood runs on.

    The distance is to the nearer of both ages, in years of age: days would tell the day of birth to who may read the
    year only. Up to version 4 it was to old age, also for who had just turned 16.
    """
    reason, law = _why_unable(work)
    return Finding(
        rule="no_ability_to_work",
        met=reason is not None,
        law=law,
        inputs={"age": age_of(work), "reason": reason or "able", "member": person_of(work).ref},
        distance=None if reason else Distance(Fraction(_years_beyond(work, rules_version)), "year"),
    )


def _years_beyond(work: Work, rules_version: int) -> int:
    """Return how many years of age lie between the person and the nearest age that would do, as a negative number."""
    age = age_of(work)
    if rules_version < 5:
        return age - _OLD_AT
    below = ADULT_AT if _is_supported_now(work) else _CHILD_BELOW
    return max(below - 1 - age, age - _OLD_AT)


def _why_unable(work: Work) -> tuple[str | None, tuple[str, ...]]:
    age, disability = age_of(work), person_of(work).disability
    law = cite(citations.NO_ABILITY, work.on)
    if age >= _OLD_AT:
        return "elderly", law
    if age < _CHILD_BELOW:
        return "minor", law
    if disability is not None and disability.grade <= _NO_ABILITY_BY_GRADE.get(disability.kind, 0):
        return "disabled", law
    for code, row in work.parameters.no_ability.items():
        if disability is not None and row.covers(disability):
            return "disabled_by_region", (work.parameters.law_of(NO_ABILITY + code), *law)
    if _is_supported_now(work):
        if age < ADULT_AT:
            return "supported_minor", cite(citations.CONTINUES, work.on)
        if work.case.answers.school is not None:
            return "supported_pupil", cite(citations.CONTINUES, work.on)
    return None, law


def _is_supported_now(work: Work) -> bool:
    """Say whether support is being paid: by the register where it was asked, else by the person's word."""
    if not work.case.checked:
        return work.case.answers.supported_now
    return DESTITUTE_SUPPORT in work.case.found_codes(person_of(work).ref, FactKey.BENEFITS_IN_FORCE)


def no_source_of_living(work: Work) -> Finding | None:
    """The person's income lies below the standard of the allowance; property has rules of its own."""
    if work.per_capita is None:
        return None
    room = work.standard - work.per_capita
    return Finding(
        rule="no_source_of_living",
        met=room > 0,
        law=cite(citations.NO_SOURCE, work.on),
        inputs=income_json(work),
        numbers={
            "standard": work.parameters.standard.as_json(),
            "standard_fen": work.parameters.standard.amount_fen,
        },
        distance=Distance(room, "fen_per_head_month"),
    )


def no_able_supporter(work: Work) -> Finding:
    """Nobody owes this person support, or nobody who does is able to give it."""
    judged = {each.ref: judge_supporter(each, work) for each in work.case.answers.supporters}
    able = sorted(ref for ref, verdict in judged.items() if verdict.unable is False)
    unclear = sorted(ref for ref, verdict in judged.items() if verdict.unable is None)
    return Finding(
        rule="no_able_supporter",
        met=False if able else None if unclear else True,
        law=cite(citations.NO_SUPPORTER, work.on),
        inputs={
            "supporters": {ref: verdict.reason for ref, verdict in sorted(judged.items())},
            "persons": len(judged),
            "able": able,
            "able_persons": len(able),
            "unclear": unclear,
            "unclear_persons": len(unclear),
        },
        numbers={"disposable_income": work.parameters.source("disposable_income")}
        if work.parameters.disposable
        else {},
    )


def supporters_named(work: Work) -> Finding | None:
    """A spouse that the marriage register shows is named among those who owe support."""
    ref = person_of(work).ref
    if not work.case.checked or any(each.relation == "spouse" for each in work.case.answers.supporters):
        return None
    status = work.case.fact(ref, FactKey.MARITAL_STATUS)
    married = status is not None and status.value == "married"
    silent = work.case.is_silent(ref, Item.MARRIAGE)
    if not married and not silent:
        return None
    return Finding(
        rule="supporters_named",
        met=None,
        law=cite(citations.NO_SUPPORTER, work.on),
        inputs={
            "marital_status": str(status.value) if status is not None else None,
            **silence_json([(ref, Item.MARRIAGE)] if silent else []),
        },
        weight=Weight.FOUNDATION,
        silent=not married,
    )


def no_allowance_beside(work: Work) -> Finding | None:
    """Nobody has both: where the allowance is in force, a person sees to it that one ends as the other begins."""
    if not work.case.checked:
        return None
    ref = person_of(work).ref
    covered = LIVING_ALLOWANCE in work.case.found_codes(ref, FactKey.BENEFITS_IN_FORCE)
    silent = work.case.is_silent(ref, Item.BENEFITS)
    return Finding(
        rule="no_allowance_beside",
        met=None if covered or silent else True,
        law=cite(citations.NOT_BOTH, work.on),
        inputs={"covered": covered, **silence_json([(ref, Item.BENEFITS)] if silent else [])},
        silent=silent and not covered,
    )


def minor_has_chosen(work: Work) -> Finding | None:
    """A minor with a claim to the support of orphans as well chooses one of both (art. 9)."""
    answers = work.case.answers
    if answers.child_support is None or age_of(work) >= ADULT_AT:
        return None
    return Finding(
        rule="minor_has_chosen",
        met=None if answers.chooses_it is None else not answers.chooses_it,
        law=cite(citations.CHOICE, work.on),
        inputs={"child_support": answers.child_support},
    )
