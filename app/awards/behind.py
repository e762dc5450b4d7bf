"""Which change an amount comes from, or a fall: of all that an award was worked out for, one that made a difference.

A letter cites the document that gave an amount. So it is not enough that a change holds in a month: a province's
standard gives nothing where the county's own governs, and a parameter of the edge families nothing to who is paid.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from app.awards import recomputing_queries as queries
from app.awards.growing import latest_month
from app.awards.judging import Granted, Judge
from app.awards.lifecycle import Outcome, Settlement
from app.awards.models import Award, RecomputedAward
from app.awards.recomputing import granted_of
from app.awards.recomputing_queries import Candidate
from app.core.clock import today
from app.core.db import ReadSession
from app.core.errors import DomainError
from app.programs.case import Case
from app.programs.registry import get_program
from app.review.assessing import allows_favour, open_points
from app.review.book import Book, read_book
from app.review.queries import get_decision

_BY_PERSON = frozenset({Settlement.ADJUSTED, Settlement.KEPT, Settlement.STOPPED})


async def find_change_behind(
    db: ReadSession, award: Award, month: date, *, lower: bool = False, waiting: bool = False
) -> UUID | None:
    """Return the change that what the rules give in a month comes from: of several the last to begin, and of those the
    last that was decided on. None where no change that the award was worked out for makes a difference.

    `lower`: for a fall, so that of several those come first that make it less, and not more. `waiting`: for what a
    person decides, so that then those come first that wait for that.
    """
    judged = await queries.list_judged_by(db, award.id)
    judge, granted = await read_granted(db, award)
    telling = _telling(judge, granted, month, {change.id for change, _ in judged})
    changes = [change for change, _ in judged if change.id in telling]
    changes = [each for each in changes if telling[each.id] and (telling[each.id] < 0) is lower] or changes
    if waiting:
        open_ones = _waiting([row for _, row in judged])
        changes = [each for each in changes if each.id in open_ones] or changes
    last = max(reversed(changes), key=lambda change: change.valid_from, default=None)
    return last.id if last is not None else None


async def change_to_name(db: ReadSession, award: Award, found: RecomputedAward) -> UUID | None:
    """Return the change that what waits in its first month comes from, which need not be the one that was worked out
    last; of a hand-over its id. None where no number gives less there, but a member's age."""
    known = found.change_id or found.handover_id
    assert known is not None, "one of the two left it open"
    if found.handover_id is not None:
        return known
    if found.grown:
        return None
    lower = found.outcome != Outcome.NEEDS_PERSON
    return await find_change_behind(db, award, found.from_month, lower=lower, waiting=True) or known


async def read_granted(db: ReadSession, award: Award) -> tuple[Judge, Granted]:
    """Return what an award was granted as and amounts to, and who judges it by the numbers as they stand now."""
    rows = (await queries.list_amounts(db, [award.id]))[award.id]
    kept = await queries.read_number_sets(db, {row.numbers for row in rows if row.numbers is not None})
    candidate = Candidate(award, await get_decision(db, award.application_id))
    program = get_program(award.program)
    return Judge(program, await read_book(db, program), latest_month(today(db.clock))), granted_of(
        db, candidate, rows, kept
    )


class _Gives(NamedTuple):
    """What the rules give by some numbers; `open_rules` none: nothing can be worked out by them."""

    entitled: bool
    fen: int
    open_rules: tuple[str, ...] | None


def _telling(judge: Judge, granted: Granted, month: date, among: Collection[UUID]) -> Mapping[UUID, int]:
    """Name the changes without whose number the rules would give something else in a month, or not know what, and by
    how many fen each makes it more or less; where any could be left out, those that set the standard."""
    facts = judge.facts_of(granted)
    if facts is None:
        return {}
    _, case = facts
    governing = judge.book.governing(case.division, case.area_class, month)
    theirs = [(id_, each) for each in governing if (id_ := each.change_id) is not None and id_ in among]
    given = _gives(judge.book, *facts, month)
    without = {id_: _gives(judge.book.without(each), *facts, month) for id_, each in theirs}
    telling = {id_: given.fen - other.fen for id_, other in without.items() if other != given}
    return telling or {id_: 0 for id_, each in theirs if each.name in judge.program.standards}


def _gives(book: Book, rules: int, case: Case[Any], month: date) -> _Gives:
    try:
        numbers = book.resolve(case.division, case.area_class, month)
    except DomainError:
        return _Gives(entitled=False, fen=0, open_rules=None)
    found = book.program.assess_under(rules, case, numbers, month)
    entitled = allows_favour(found)
    open_rules = tuple(each.rule for each in open_points(found))
    return _Gives(entitled, found.monthly_amount_fen if entitled else 0, open_rules)


def _waiting(rows: Sequence[RecomputedAward]) -> set[UUID | None]:
    """Name the changes still to be decided on: what is open, and what that stands for since the last decision."""
    decided = [row.settled_at for row in rows if row.settlement in _BY_PERSON and row.settled_at is not None]
    last = max(decided, default=None)

    def waits(row: RecomputedAward) -> bool:
        if row.settlement == Settlement.SUPERSEDED and row.settled_at is not None:
            return last is None or row.settled_at > last
        return row.settlement == Settlement.OPEN

    return {row.change_id for row in rows if waits(row)}
