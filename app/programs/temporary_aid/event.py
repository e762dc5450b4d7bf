"""What happened, where, and whether it is so urgent and small that help comes before any questions."""

from math import floor
from typing import TypeAlias

from app.core.money import round_half_up
from app.programs.assessment import Distance, Finding, Weight
from app.programs.canonical import Json
from app.programs.laws import cite
from app.programs.reckoning import Reckoning
from app.programs.temporary_aid import citations
from app.programs.temporary_aid.answers import AidKind, Cause, TemporaryAidAnswers
from app.programs.temporary_aid.parameters import Parameters

Work: TypeAlias = Reckoning[TemporaryAidAnswers, Parameters]

_CAUSES: dict[AidKind, frozenset[Cause]] = {
    "emergency": frozenset({"fire", "accident", "sudden_illness", "disaster", "loss_of_work"}),
    "expenditure": frozenset({"medical", "education"}),
}


def cause_fits(work: Work) -> Finding:
    """What happened is one of the cases the rules name for this kind; any other difficulty a person must weigh."""
    answers = work.case.answers
    return Finding(
        rule="cause_fits",
        met=None if answers.cause == "other" else answers.cause in _CAUSES[answers.kind],
        law=cite(citations.CAUSE, work.on),
        inputs={"kind": answers.kind, "cause": answers.cause},
    )


def at_place_of_event(work: Work) -> Finding | None:
    """An emergency is helped where it happened, wherever the household is registered."""
    answers = work.case.answers
    if answers.kind != "emergency":
        return None
    return Finding(
        rule="at_place_of_event",
        met=answers.at_place_of_event,
        law=cite(citations.PLACE, work.on),
        inputs={"at_place_of_event": answers.at_place_of_event},
    )


def goes_fast(work: Work) -> bool:
    """Say whether it goes the fast way: an urgent emergency that needs no more than the limit."""
    answers, row = work.case.answers, work.parameters.fast_track
    if row is None or answers.kind != "emergency" or not answers.urgent or not work.heads:
        return False
    return answers.needed_fen <= row.of(work.standard, work.sure_heads)


def small_fast_track(work: Work, rules_version: int) -> Finding | None:
    """Say whether the fast way is open: no look at income and property, no notice, paid first.

    How far the limit is, is told where the amount decides. Up to version 4 it was told to whom the need is not urgent
    as well, as room that there was none of; and the limit was rounded half up, beyond itself.
    """
    answers, row = work.case.answers, work.parameters.fast_track
    if row is None or answers.kind != "emergency":
        return None
    limit = row.of(work.standard, work.sure_heads)
    inputs: dict[str, Json] = {"urgent": answers.urgent, "needed_fen": answers.needed_fen}
    fast, room = goes_fast(work), limit - answers.needed_fen
    decides = fast or room < 0 or rules_version < 5
    return Finding(
        rule="small_fast_track",
        met=fast,
        law=cite(citations.FAST_TRACK, work.on),
        inputs=inputs,
        numbers={
            "limit_fen": floor(limit) if rules_version >= 5 else round_half_up(limit),
            "source": work.parameters.source("fast_track"),
            "standard": work.parameters.standard.as_json(),
        },
        distance=Distance(room, "fen") if decides else None,
        weight=Weight.NOTE,
    )
