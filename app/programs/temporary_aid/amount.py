"""How much, once: what is needed, up to the region's ceiling; beyond it aid comes in stages, or by a discussion."""

from fractions import Fraction
from math import floor

from app.core.money import round_half_up
from app.programs.assessment import Distance, Finding, Weight
from app.programs.canonical import Json
from app.programs.laws import cite
from app.programs.temporary_aid import citations
from app.programs.temporary_aid.event import Work, goes_fast
from app.programs.temporary_aid.parameters import CeilingRow


def ceiling_of(work: Work) -> tuple[str, CeilingRow] | None:
    """Return the row that bounds the amount, by its name; None where the region has set none."""
    parameters = work.parameters
    if goes_fast(work) and parameters.fast_track is not None:
        return "fast_track", parameters.fast_track
    if work.case.answers.cause == "loss_of_work":
        return None if parameters.jobless_aid is None else ("jobless_aid", parameters.jobless_aid)
    return None if parameters.ceiling is None else ("ceiling", parameters.ceiling)


def amount_fen(work: Work, rules_version: int) -> int:
    """Return the amount: what is needed, up to the ceiling; without one it stays to be judged."""
    bound = ceiling_of(work)
    if not work.heads:
        return 0
    if bound is None:
        return work.case.answers.needed_fen
    return min(work.case.answers.needed_fen, _whole(_limit(work, bound[1]), rules_version))


def within_ceiling(work: Work, rules_version: int) -> Finding | None:
    """What is needed stays within the ceiling; more is helped in stages or by one case, one discussion."""
    if not work.heads:
        return None
    needed, bound = work.case.answers.needed_fen, ceiling_of(work)
    limit = None if bound is None else _limit(work, bound[1])
    numbers: dict[str, Json] = {}
    if bound is not None and limit is not None:
        numbers = {"limit_fen": _whole(limit, rules_version), "source": work.parameters.source(bound[0])}
    law = cite(citations.CEILING, work.on)
    return Finding(
        rule="within_ceiling",
        met=True if limit is not None and needed <= limit else None,
        law=(work.parameters.law_of(bound[0]), *law) if bound is not None else law,
        inputs={"needed_fen": needed, "amount_fen": amount_fen(work, rules_version), "known": limit is not None},
        numbers=numbers,
        distance=None if limit is None else Distance(limit - needed, "fen"),
    )


def township_decides(work: Work, rules_version: int) -> Finding | None:
    """Say who decides: the township out of its advance up to its ceiling, above it the county."""
    row = work.parameters.township_ceiling
    if row is None or not work.heads:
        return None
    amount, limit = amount_fen(work, rules_version), _limit(work, row)
    return Finding(
        rule="township_decides",
        met=amount <= limit,
        law=(work.parameters.law_of("township_ceiling"), *cite(citations.WHO_DECIDES, work.on)),
        inputs={"amount_fen": amount},
        numbers={"limit_fen": _whole(limit, rules_version), "source": work.parameters.source("township_ceiling")},
        distance=Distance(limit - amount, "fen"),
        weight=Weight.NOTE,
    )


def notice_first(work: Work) -> Finding | None:
    """Say that aid for an expense is posted in the village before it is paid."""
    if work.case.answers.kind != "expenditure":
        return None
    return Finding(rule="notice_first", met=True, law=cite(citations.NOTICE, work.on), inputs={}, weight=Weight.NOTE)


def _whole(limit: Fraction, rules_version: int) -> int:
    """Return a limit in whole fen: the last that is within it. Up to version 3 it was rounded half up, beyond it."""
    return round_half_up(limit) if rules_version < 4 else floor(limit)


def _limit(work: Work, row: CeilingRow) -> Fraction:
    return row.of(work.standard, work.sure_heads)
