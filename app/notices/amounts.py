"""What a notice of an award tells of money: what the award amounts to now, and what it will from which month on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol, TypeVar

from app.core.months import read_month, write_month


class Amount(NamedTuple):
    """What an award comes to each month, in fen, and from which month on (its first day)."""

    fen: int
    from_month: date


class Told(NamedTuple):
    """What holds in a month (the first one, before it has come), and what follows, next month first."""

    now: Amount
    following: Sequence[Amount]


class _Dated(Protocol):
    @property
    def from_month(self) -> date: ...


DatedT = TypeVar("DatedT", bound=_Dated)


def in_order(decided: Iterable[DatedT]) -> list[DatedT]:
    """Return what holds from month to month, of amounts in the order they were decided in: each takes the place of
    whatever was to hold from its month on."""
    schedule: list[DatedT] = []
    for amount in decided:
        schedule = [*(each for each in schedule if each.from_month < amount.from_month), amount]
    return schedule


def written(amounts: Iterable[Amount]) -> list[dict[str, Any]]:
    """Write amounts as a notice keeps those before its last."""
    return [{"fen": amount.fen, "from": write_month(amount.from_month)} for amount in amounts]


def told_in(month: date, earlier: Sequence[Mapping[str, Any]], last: Amount, *, until: date | None = None) -> Told:
    """Return what a notice tells in a month; `earlier`: as it is kept. `until`: the last day of an award that was
    stopped, after which nothing follows."""
    schedule = [*(Amount(each["fen"], read_month(each["from"])) for each in earlier), last]
    begun = sum(1 for each in schedule if each.from_month <= month)
    ahead = [each for each in schedule[max(begun, 1) :] if until is None or each.from_month <= until]
    return Told(schedule[max(begun - 1, 0)], ahead)
