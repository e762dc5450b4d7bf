"""What a letter says of months to come, where numbers that are published already make other amounts of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.awards.lifecycle import Outcome
from app.awards.queries import find_award_of, list_schedule
from app.awards.recomputing_queries import find_open
from app.core.canonical import Json
from app.core.db import ReadSession
from app.core.money import fen_to_yuan
from app.core.months import write_month as code_of
from app.letters.wording import Values, write_month
from app.notices.amounts import Amount, following


@dataclass(frozen=True)
class Coming:
    """`values` for the paragraphs; `facts` for machines, empty where nothing is to come, as in letters of before."""

    values: Values = field(default_factory=lambda: {"later": None, "waits_from": None})
    facts: Mapping[str, Json] = field(default_factory=dict)


def amounts_to_come(amounts: Sequence[Amount]) -> Coming:
    """Say what is paid from which months on; for machines in the words of the notice in the village."""
    if not amounts:
        return Coming()
    later = "；".join(f"自{write_month(each.from_month)}起{fen_to_yuan(each.fen)}元" for each in amounts)
    told: list[Json] = [{"monthly_amount_fen": each.fen, "amount_from": code_of(each.from_month)} for each in amounts]
    return Coming({"later": later, "waits_from": None}, {"next_amounts": told})


async def after_grant(db: ReadSession, application_id: UUID, granted: Amount) -> Coming:
    """Say what published numbers make of a grant: more from their month on; less only after a hearing (社会救助法
    art. 48), so that of this the month alone is told."""
    award = await find_award_of(db, application_id)
    if award is None:
        return Coming()
    coming = amounts_to_come(following(granted, await list_schedule(db, award.id)))
    waiting = await find_open(db, award.id)
    if waiting is None or waiting.outcome != Outcome.TO_BE_HEARD:
        return coming
    return replace(coming, values={**coming.values, "waits_from": write_month(waiting.from_month)})
