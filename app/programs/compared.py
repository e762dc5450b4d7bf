"""An amount beside the limit it was compared with, in words that read as it was judged.

What a finding keeps is rounded half up, each number by itself; the rules judge exact ones. Rounded, 4549.996 lies at
4550.00 and below it at once. So here, and only in the words, what was judged to lie below is written below: the stored
numbers stay what they are, and `distance` says exactly how far apart both lie.
"""

from collections.abc import Mapping
from math import floor
from typing import NamedTuple

from app.programs.assessment import Finding
from app.programs.canonical import Json


class _Apart(NamedTuple):
    """Two amounts by name, of which the lower truly lies below the higher when the finding is `when`, or `open_too`."""

    lower: str
    higher: str
    when: bool | None
    open_too: bool = False


_APART: Mapping[str, _Apart] = {
    "income_below_standard": _Apart("income_fen", "standard_fen", True),
    "no_source_of_living": _Apart("income_fen", "standard_fen", True),
    "below_edge_line": _Apart("income_fen", "line_fen", True, open_too=True),
    "family_below_edge_line": _Apart("income_fen", "line_fen", True),
    "income_below_edge_line": _Apart("income_month_fen", "line_fen", True),
    "not_below_standard": _Apart("income_month_fen", "standard_month_fen", False, open_too=True),
    "above_other_lines": _Apart("income_month_fen", "line_fen", False, open_too=True),
    "income_below_average": _Apart("income_month_fen", "average_fen", True),
    "income_within_limit": _Apart("income_month_fen", "line_fen", True),
    "expenses_above_share": _Apart("threshold_fen", "recognised_fen", True),
    "base_below_floor": _Apart("set_fen", "base_fen", True),
    "expenses_shown": _Apart("recognised_fen", "needed_fen", None),
}
_AT_MOST: Mapping[str, tuple[str, str]] = {
    "property_within_fen_limit": ("held_fen", "limit_fen"),
    "small_fast_track": ("needed_fen", "limit_fen"),
    "within_ceiling": ("needed_fen", "limit_fen"),
    "township_decides": ("amount_fen", "limit_fen"),
}
"""Whole amounts that may reach a limit and not pass it: the limit is the last whole fen that is within it."""

COMPARED = _APART.keys() | _AT_MOST.keys()
"""The rules whose words set an amount beside a limit."""


def as_judged(finding: Finding, values: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the values of a finding with the amounts as its words should write them."""
    if finding.rule in _AT_MOST:
        name, limit = _AT_MOST[finding.rule]
        amount, known = values.get(name), finding.distance
        if isinstance(amount, int) and known is not None:
            return {**values, limit: floor(amount + known.value)}
        return values
    lower, higher, when, open_too = _APART[finding.rule]
    below, above = values.get(lower), values.get(higher)
    if (
        (finding.met is when or (open_too and finding.met is None))
        and isinstance(below, int)
        and isinstance(above, int)
        and below >= above
    ):
        return {**values, lower: above - 1}
    return values
