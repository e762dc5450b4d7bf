"""Who counts as a member of the household (review measures art. 7)."""

from datetime import date

from app.core.age import full_years
from app.facts import FactKey, Item
from app.programs.assessment import Finding, MemberVerdict, Weight
from app.programs.case import Case
from app.programs.declaration import MemberFacts, Situation
from app.programs.laws import cite
from app.programs.living_allowance import citations
from app.programs.living_allowance.answers import LivingAllowanceAnswers
from app.programs.living_allowance.reckoning import Reckoning, silence_json, unanswered

_ADULT_AT = 18  # 未成年: under 18 (civil code art. 17)
_CLERGY_AWAY_YEARS = 3  # 连续三年以上（含三年）: art. 7(2)(1)
_UNCLEAR = frozenset({"clergy_since_unknown", "duty_of_support_unclear"})  # counted for now, and a person must look
_ABSENT: frozenset[Situation] = frozenset({"in_prison", "compulsory_rehabilitation", "declared_missing"})


def count_members(case: Case[LivingAllowanceAnswers], on: date) -> tuple[MemberVerdict, ...]:
    """Judge every person listed."""
    counts, leaves_out = cite(citations.MEMBERS_COUNTED, on), cite(citations.MEMBERS_NOT_COUNTED, on)
    verdicts = []
    for member in case.members:
        excluded = _why_excluded(member, case, on)
        reason = excluded or _why_counted(member, on)
        # Whether a member lives rests on the register: silent, it makes nobody certain.
        certain = bool(excluded) or not (reason in _UNCLEAR or case.is_silent(member.ref, Item.DEATHS))
        law = leaves_out if excluded or member.situation == "clergy_away" else counts
        verdicts.append(MemberVerdict(member.ref, not excluded, reason, law, certain))
    return tuple(verdicts)


def _why_excluded(member: MemberFacts, case: Case[LivingAllowanceAnswers], on: date) -> str | None:
    died = case.found_date(member.ref, FactKey.DECEASED_ON)
    if died is not None and died <= on:
        return "deceased"
    return why_absent(member, on)


def why_absent(member: MemberFacts, on: date) -> str | None:
    """Return why a member, as declared, does not live with the household in the eyes of the law (art. 7)."""
    if member.situation in _ABSENT:
        return member.situation
    if member.situation == "clergy_away" and _years_in_situation(member, on) >= _CLERGY_AWAY_YEARS:
        return "clergy_away_three_years"
    return None


def _why_counted(member: MemberFacts, on: date) -> str:
    if member.situation == "clergy_away" and member.situation_since is None:
        return "clergy_since_unknown"
    if member.relation == "self":
        return "applicant"
    if member.relation == "spouse":
        return "spouse"
    if member.relation == "child":
        return _why_child_counts(member, on)
    if member.relation == "other":
        return "duty_of_support_unclear"  # art. 7(1)(4) asks for a legal duty of support
    return "supported_and_living_together"


def _why_child_counts(child: MemberFacts, on: date) -> str:
    if full_years(child.birth_date, on) < _ADULT_AT:
        return "minor_child"
    if child.student:
        return "adult_child_student"
    if not child.can_work or (child.disability is not None and child.disability.grade <= 2):
        return "adult_child_dependent"
    return "supported_and_living_together"  # an adult child owes its parents support: art. 7(1)(4)


def _years_in_situation(member: MemberFacts, on: date) -> int:
    return full_years(member.situation_since, on) if member.situation_since else 0


def members_counted(work: Reckoning) -> Finding:
    """Somebody counts, and it is certain who."""
    unclear = [member.ref for member in work.members if not member.certain]
    met: bool | None = bool(work.heads)
    met = None if met and unclear else met
    return Finding(
        rule="members_counted",
        met=met,
        law=cite(citations.MEMBERS, work.on),
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
