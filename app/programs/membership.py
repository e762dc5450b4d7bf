"""Who counts as a member of the household (review measures art. 7), and what a region rules otherwise."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core.age import full_years
from app.facts import FactKey, Item
from app.programs.articles import HouseholdArticles
from app.programs.assessment import Finding, MemberVerdict, Weight
from app.programs.case import Case
from app.programs.declaration import MemberFacts, Situation
from app.programs.employment import SEVERE_GRADE
from app.programs.form import HouseholdAnswers
from app.programs.laws import cite
from app.programs.parameters import HouseholdParameters
from app.programs.reckoning import AnyReckoning, silence_json, unanswered

ADULT_AT = 18  # 未成年: under 18 (civil code art. 17)
CLERGY_AWAY_YEARS = 3  # 连续三年以上（含三年）: art. 7(2)(1)
_UNCLEAR = frozenset(
    {"clergy_since_unknown", "duty_of_support_unclear", "unclear_by_region"}
)  # counted for now, and a person must look
_ABSENT: frozenset[Situation] = frozenset({"in_prison", "compulsory_rehabilitation", "declared_missing"})
_BY_REGION: Mapping[str, str] = {
    "counted": "counted_by_region",
    "not_counted": "not_counted_by_region",
    "unclear": "unclear_by_region",
}


def count_members(
    case: Case[HouseholdAnswers], parameters: HouseholdParameters, on: date, articles: HouseholdArticles
) -> tuple[MemberVerdict, ...]:
    """Judge every person listed."""
    counts, leaves_out = cite(articles.members_counted, on), cite(articles.members_not_counted, on)
    regional, checked = parameters.household.membership, case.checked
    verdicts = []
    for member in case.members:
        excluded = why_not_there(member, case, on) if checked else why_absent(member, on)
        group, reason = _why_counted(member, on)
        law = leaves_out if excluded or member.situation == "clergy_away" else counts
        if excluded is None and group in regional:
            reason = _BY_REGION[regional[group]]
            law = (parameters.values[f"membership.{group}"].law, *law)
        counted = excluded is None and reason != "not_counted_by_region"
        # Whether a member lives rests on the register: silent, it makes nobody certain.
        sure = not counted or not (reason in _UNCLEAR or (checked and case.is_silent(member.ref, Item.DEATHS)))
        verdicts.append(MemberVerdict(member.ref, counted, excluded or reason, law, sure))
    return tuple(verdicts)


def why_not_there(member: MemberFacts, case: Case[Any], on: date) -> str | None:
    """Return why a member does not count whatever his relation is: dead by the register, or away as declared."""
    if case.verified:
        died = case.found_date(member.ref, FactKey.DECEASED_ON)
        if died is not None and died <= on:
            return "deceased"
    return why_absent(member, on)


def why_absent(member: MemberFacts, on: date) -> str | None:
    """Return why a member, as declared, does not live with the household in the eyes of the law (art. 7)."""
    if member.situation == "ordinary":
        return None
    if member.situation in _ABSENT:
        return member.situation
    if member.situation == "clergy_away" and years_in_situation(member, on) >= CLERGY_AWAY_YEARS:
        return "clergy_away_three_years"
    return None


def years_in_situation(member: MemberFacts, on: date) -> int:
    """Return for how many full years the member's situation has lasted; none where nobody said since when."""
    return full_years(member.situation_since, on) if member.situation_since else 0


def _why_counted(member: MemberFacts, on: date) -> tuple[str, str]:
    """Return the group that a region may rule about, and the reason that holds without such a rule."""
    if member.situation == "clergy_away" and member.situation_since is None:
        return "clergy", "clergy_since_unknown"
    if member.relation == "self":
        return "self", "applicant"
    if member.relation == "spouse":
        return "spouse", "spouse"
    if member.relation == "child":
        return _why_child_counts(member, on)
    if member.relation == "other":
        return "other", "duty_of_support_unclear"  # art. 7(1)(4) asks for a legal duty of support
    return member.relation, "supported_and_living_together"


def _why_child_counts(child: MemberFacts, on: date) -> tuple[str, str]:
    if full_years(child.birth_date, on) < ADULT_AT:
        return "minor_child", "minor_child"
    if child.student:
        return "student_child", "adult_child_student"
    if not child.can_work or (child.disability is not None and child.disability.grade <= SEVERE_GRADE):
        return "dependent_child", "adult_child_dependent"
    return "adult_child", "supported_and_living_together"  # it owes its parents support: art. 7(1)(4)


def members_counted(work: AnyReckoning) -> Finding:
    """Somebody counts, and it is certain who."""
    unclear = [member.ref for member in work.members if not member.certain]
    met: bool | None = bool(work.heads)
    met = None if met and unclear else met
    return Finding(
        rule="members_counted",
        met=met,
        law=cite(work.articles.members, work.on),
        inputs={
            "listed_members": len(work.members),
            "counted_members": work.heads,
            "not_counted": [member.ref for member in work.members if not member.counted],
            "unclear": unclear,
            **silence_json(unanswered(work, Item.DEATHS)),
        },
        weight=Weight.FOUNDATION,
        silent=met is None and not any(member.reason in _UNCLEAR for member in work.members),
    )
