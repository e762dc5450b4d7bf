"""Where the household stands: below the edge line, and not below the standard of the allowance."""

from fractions import Fraction
from typing import TypeAlias

from app.core.money import round_half_up
from app.facts import Item
from app.programs.assessment import Distance, Finding
from app.programs.canonical import Json
from app.programs.edge_family import citations
from app.programs.edge_family.answers import EdgeFamilyAnswers
from app.programs.edge_family.parameters import Parameters
from app.programs.elsewhere import lacks_money_everywhere
from app.programs.income import income_json
from app.programs.laws import cite
from app.programs.reckoning import Reckoning, silence_json, unanswered

Work: TypeAlias = Reckoning[EdgeFamilyAnswers, Parameters]


def income_below_edge_line(work: Work) -> Finding | None:
    """Income per head lies below the edge line; at the line is not below it.

    While the register of deaths is silent the heads are not sure: met only if it is met for those that are.
    """
    if work.per_capita is None:
        return None
    line = work.parameters.line
    room = line - work.per_capita
    silent = room > 0 and work.most_per_capita >= line
    return Finding(
        rule="income_below_edge_line",
        met=None if silent else room > 0,
        law=cite(citations.EDGE_FAMILY, work.on),
        inputs={
            "excess_fen": round_half_up(-room * work.heads) if room < 0 else 0,
            **income_json(work),
            "income_month_fen": round_half_up(work.per_capita),
            **silence_json(unanswered(work, Item.DEATHS)),
        },
        numbers={
            "standard": work.parameters.standard.as_json(),
            "edge_ratio": work.parameters.source("edge_ratio"),
            "line_fen": round_half_up(line),
        },
        distance=Distance(room, "fen_per_head_month"),
        silent=silent,
    )


def not_below_standard(work: Work, rules_version: int) -> Finding | None:
    """Income per head is not below the standard: who is below it asks for the allowance.

    Whether the allowance has something to pay is by numbers that are its own. So a person must look at who is below the
    standard by less than half a fen for the whole household, or only by what the region deducts, or leaves out, here:
    sent to the allowance, they might be sent back.
    """
    if work.per_capita is None:
        return None
    above = work.per_capita >= work.standard
    silent = not above and work.most_per_capita >= work.standard
    lacking = (work.standard - work.per_capita) * work.heads
    by = _why_open(work, lacking) if rules_version >= 4 and not above else None
    why: dict[str, Json] = {"by": by} if by else {}
    return Finding(
        rule="not_below_standard",
        met=None if silent or by else above,
        law=cite(citations.ABOVE_ALLOWANCE, work.on),
        inputs={
            "income_month_fen": round_half_up(work.per_capita),
            **why,
            **silence_json(unanswered(work, Item.DEATHS)),
        },
        numbers={
            "standard": work.parameters.standard.as_json(),
            "standard_month_fen": round_half_up(work.standard),
        },
        distance=Distance(work.per_capita - work.standard, "fen_per_head_month"),
        silent=silent,
    )


def _why_open(work: Work, lacking: Fraction) -> str | None:
    if not round_half_up(lacking):
        return "half_a_fen"
    return None if lacks_money_everywhere(work) else "own_numbers"
