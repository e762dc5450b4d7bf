"""What a letter says of months to come: what published numbers make of the amount, and what a person decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from app.awards.adjusting_queries import list_adjustments
from app.awards.falls import falls_waiting
from app.awards.lifecycle import Outcome
from app.awards.models import Award, AwardAmount
from app.awards.queries import find_award_of
from app.awards.recomputing_queries import find_open, list_amounts
from app.core.canonical import Json
from app.core.db import ReadSession
from app.core.money import fen_to_yuan
from app.core.months import write_month as code_of
from app.letters.wording import Values, label, write_month
from app.notices.amounts import Amount, in_order

_NOTHING: Values = {"later": None, "later_decided": None, "waits_from": None, "ends_from": None}


@dataclass(frozen=True)
class Coming:
    """`values` for the paragraphs; `facts` for machines, empty where nothing is to come, as in letters of before."""

    values: Values = field(default_factory=lambda: _NOTHING)
    facts: Mapping[str, Json] = field(default_factory=dict)


async def amounts_to_come(db: ReadSession, award: Award, decided: Amount, *, until: date | None = None) -> Coming:
    """Say what is paid from which months on behind an amount that was decided, or instead of it; for machines in the
    words of the notice in the village.

    What a person decided for a later month is told with its own ground, anything else as what published numbers make of
    it, also where a decision on an earlier month kept it. `until`: the last month of an award that was stopped.
    """
    holding = in_order((await list_amounts(db, [award.id]))[award.id])
    rows = [
        each
        for each in holding
        if decided.from_month <= each.from_month <= (until or each.from_month)
        and (each.amount_fen, each.from_month) != decided
    ]
    if not rows:
        return Coming()
    adjustments = (await list_adjustments(db, [award.id]))[award.id]
    grounds = {(each.id, each.from_month): each.ground for each in adjustments}
    by_numbers, by_person = [], []
    for each in rows:
        ground = grounds.get((each.adjustment_id, each.from_month)) if each.adjustment_id is not None else None
        if ground is None:
            by_numbers.append(_written(each))
        else:
            by_person.append(f"{_written(each)}（事由：{label('grounds', ground)}）")
    told: list[Json] = [
        {"monthly_amount_fen": each.amount_fen, "amount_from": code_of(each.from_month)} for each in rows
    ]
    values = {"later": "；".join(by_numbers) or None, "later_decided": "；".join(by_person) or None}
    return Coming({**_NOTHING, **values}, {"next_amounts": told})


def _written(row: AwardAmount) -> str:
    return f"自{write_month(row.from_month)}起{fen_to_yuan(row.amount_fen)}元"


async def after_grant(db: ReadSession, application_id: UUID, granted: Amount) -> Coming:
    """Say what published numbers make of a grant: more from their month on; less, or nothing, only after a hearing
    (社会救助法 art. 48), so that of this the month alone is told."""
    award = await find_award_of(db, application_id)
    if award is None:
        return Coming()
    coming = await amounts_to_come(db, award, granted)
    waiting = await find_open(db, award.id)
    if waiting is None or waiting.outcome == Outcome.NEEDS_PERSON:
        return coming
    falls = falls_waiting(waiting)
    less = next((write_month(each.from_month) for each in falls if each.fen is not None), None)
    nothing = next((write_month(each.from_month) for each in falls if each.fen is None), None)
    return replace(coming, values={**coming.values, "waits_from": less, "ends_from": nothing})
