"""Months in which an award would fall, as what was found keeps them, and whether a member's age is behind the fall."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from app.awards.models import RecomputedAward
from app.core.months import read_month, write_month


class Further(NamedTuple):
    """A later month in which the award would fall as well, or fall further; `fen` none as with the verdict.

    `grown`: the numbers alone would give no less there, but a member is older.
    """

    from_month: date
    before_fen: int
    fen: int | None
    grown: bool = False


def written_further(months: Iterable[Further]) -> list[dict[str, Any]]:
    """Write such months as what was found keeps them."""
    return [_written(each) for each in months]


def falls_waiting(found: RecomputedAward) -> list[Further]:
    """List the months that what was found names, earliest first, with what the award amounts to and would fall to."""
    further = [
        Further(read_month(each["from"]), each["before_fen"], each["after_fen"], each.get("grown", False))
        for each in found.further
    ]
    return [Further(found.from_month, found.before_fen, found.after_fen, bool(found.grown)), *further]


def is_of_age(found: RecomputedAward, month: date) -> bool:
    """Say whether what waits in a month comes from a member's age, and from no changed number."""
    return next((each.grown for each in reversed(falls_waiting(found)) if each.from_month <= month), False)


def _written(month: Further) -> dict[str, Any]:
    written = {"from": write_month(month.from_month), "before_fen": month.before_fen, "after_fen": month.fen}
    return {**written, "grown": True} if month.grown else written
