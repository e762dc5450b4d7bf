"""Above the standard but near it: the edge family, and who in it may apply alone (review measures art. 8)."""

from fractions import Fraction

from app.core.money import round_half_up
from app.facts import Item
from app.programs.assessment import Distance, Finding, Weight
from app.programs.declaration import MemberFacts
from app.programs.laws import cite
from app.programs.living_allowance import citations
from app.programs.living_allowance.reckoning import Reckoning, silence_json, unanswered

EDGE_FAMILY = "edge_family"  # the code of the program such a household is pointed to


def in_edge_band(work: Reckoning) -> bool:
    """Say whether income per head is at or above the standard and below the edge line."""
    return work.per_capita is not None and work.standard <= work.per_capita < _line(work)


def below_edge_line(work: Reckoning) -> Finding | None:
    """For who is not below the standard: income per head lies below the edge line."""
    if work.per_capita is None or work.per_capita < work.standard:
        return None
    line = _line(work)
    silent = work.per_capita < line <= work.most_per_capita
    return Finding(
        rule="below_edge_line",
        met=None if silent else work.per_capita < line,
        law=cite(citations.EDGE_FAMILY, work.on),
        inputs={"income_fen": round_half_up(work.per_capita), **silence_json(unanswered(work, Item.DEATHS))},
        numbers={"line_fen": round_half_up(line), "edge_ratio": work.parameters.source("edge_ratio")},
        distance=Distance(line - work.per_capita, "fen_per_head_month"),
        weight=Weight.NOTE,
        silent=silent,
    )


def may_apply_alone(work: Reckoning) -> Finding | None:
    """Point out who in an edge family may ask for the allowance for themselves alone."""
    alone = [member.ref for member in work.counted if _is_severe(member)] if in_edge_band(work) else []
    if not alone:
        return None
    return Finding(
        rule="may_apply_alone",
        met=True,
        law=cite(citations.SINGLE_PERSON, work.on),
        inputs={"members": alone, "persons": len(alone)},
        weight=Weight.NOTE,
    )


def _line(work: Reckoning) -> Fraction:
    return work.standard * work.parameters.edge_ratio


def _is_severe(member: MemberFacts) -> bool:
    """Grade 1 or 2 of any kind, grade 3 intellectual or mental, or a serious illness."""
    if member.serious_illness:
        return True
    disability = member.disability
    if disability is None:
        return False
    return disability.grade <= 2 or (disability.grade == 3 and disability.kind in ("intellectual", "mental"))
