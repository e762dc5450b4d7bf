"""Whether income per head lies below the standard: the one condition on income."""

from app.core.money import round_half_up, times
from app.facts import Item
from app.programs.assessment import Distance, Finding
from app.programs.income import income_json
from app.programs.laws import cite
from app.programs.living_allowance import citations
from app.programs.living_allowance.work import Work
from app.programs.reckoning import silence_json, unanswered


def income_below_standard(work: Work) -> Finding | None:
    """Income per head lies below the standard; at the standard is not below it.

    While the register of deaths is silent the heads are not sure: met only if it is met for those that are.
    """
    room = work.room
    if room is None:
        return None
    silent = work.below_standard and work.may_reach(work.standard)
    return Finding(
        rule="income_below_standard",
        met=None if silent else work.below_standard,
        law=cite(citations.BELOW_STANDARD, work.on),
        inputs={
            "excess_fen": 0 if work.below_standard else round_half_up(times(room, -work.heads)),
            **income_json(work),
            **silence_json(unanswered(work, Item.DEATHS)),
        },
        numbers={
            "standard": work.parameters.standard.as_json(),
            "standard_fen": work.parameters.standard.amount_fen,
        },
        distance=Distance(room, "fen_per_head_month"),
        silent=silent,
    )
