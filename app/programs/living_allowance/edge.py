"""Above the standard but near it: the edge family, and who may apply alone (review measures art. 8)."""

from app.core.age import full_years
from app.core.money import difference, round_half_up
from app.facts import Item
from app.programs.assessment import Distance, Finding, Weight
from app.programs.declaration import MemberFacts
from app.programs.elsewhere import lacks_money_everywhere
from app.programs.employment import SEVERE_GRADE, is_severely_disabled
from app.programs.form import HouseholdAnswers
from app.programs.laws import cite
from app.programs.living_allowance import citations
from app.programs.living_allowance.work import Work
from app.programs.membership import ADULT_AT
from app.programs.reckoning import silence_json, unanswered

EDGE_FAMILY = "edge_family"  # the code of the program such a household is pointed to


def in_edge_band(work: Work, *, lacks_nothing: bool = False) -> bool:
    """Say whether income per head is at or above the standard and below the edge line.

    `lacks_nothing`: it is below the standard by less than can be paid, so that the allowance has nothing to give.
    """
    return (lacks_nothing or not work.below_standard) and work.lies_below(work.parameters.edge_line)


def below_edge_line(work: Work, *, lacks_nothing: bool = False, since_5: bool = True) -> Finding | None:
    """For whom the allowance is not: income per head lies below the edge line.

    Open where the household has so much only by what the region assumes, or reckons otherwise, here: the edge families
    may not, and would send it back. Up to version 4 nobody asked.
    """
    if work.below_standard and not lacks_nothing:
        return None
    found = compare_with_edge_line(work, "below_edge_line", Weight.NOTE)
    return found._replace(met=None) if found and since_5 and found.met and lacks_money_everywhere(work) else found


def compare_with_edge_line(work: Work, rule: str, weight: Weight) -> Finding | None:
    """Compare income per head with the edge line, for a finding of the given name."""
    if work.per_capita is None:
        return None
    line = work.parameters.edge_line
    below = work.lies_below(line)
    silent = below and work.may_reach(line)
    return Finding(
        rule=rule,
        met=None if silent else below,
        law=cite(citations.EDGE_FAMILY, work.on),
        inputs={"income_fen": round_half_up(work.per_capita), **silence_json(unanswered(work, Item.DEATHS))},
        numbers={"line_fen": round_half_up(line), "edge_ratio": work.parameters.source("edge_ratio")},
        distance=Distance(difference(line, work.per_capita), "fen_per_head_month"),
        weight=weight,
        silent=silent,
    )


def may_apply_alone(work: Work, *, lacks_nothing: bool = False) -> Finding | None:
    """Point out who in an edge family may ask for the allowance for themselves alone."""
    in_band = in_edge_band(work, lacks_nothing=lacks_nothing)
    alone = [member.ref for member in work.counted if is_gravely_affected(member)] if in_band else []
    if not alone:
        return None
    return Finding(
        rule="may_apply_alone",
        met=True,
        law=cite(citations.SINGLE_PERSON, work.on),
        inputs={"members": alone, "persons": len(alone)},
        weight=Weight.NOTE,
    )


def adults_may_apply_alone(work: Work) -> Finding | None:
    """Point out who may ask alone though the household lies above the edge line: severely disabled, adult, jobless."""
    if work.below_standard or work.per_capita is None or work.lies_below(work.parameters.edge_line):
        return None
    law = cite(citations.ADULT_WITHOUT_WORK, work.on)
    if not law:
        return None
    alone = [member.ref for member in work.counted if is_adult_without_work(member, work)]
    if not alone:
        return None
    return Finding(
        rule="adults_may_apply_alone",
        met=True,
        law=law,
        inputs={"members": alone, "persons": len(alone)},
        weight=Weight.NOTE,
    )


def is_gravely_affected(member: MemberFacts) -> bool:
    """Say whether a member is severely disabled in the sense of art. 8, or seriously ill."""
    return member.serious_illness or is_severely_disabled(member)


def is_adult_without_work(member: MemberFacts, work: Work) -> bool:
    """Say whether a member is of age, holds a certificate of grade 1 or 2 and has declared no income from work."""
    if member.disability is None or member.disability.grade > SEVERE_GRADE:
        return False
    return full_years(member.birth_date, work.on) >= ADULT_AT and not _has_work(member.ref, work.case.answers)


def _has_work(ref: str, answers: HouseholdAnswers) -> bool:
    return any(line.member == ref and line.kind in ("wage", "business") and line.amount_fen for line in answers.income)
