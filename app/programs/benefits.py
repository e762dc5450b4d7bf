"""Pensions and unemployment benefit: what a household declares of them, and what is found beyond that.

Pure. The report compares by it and the rules look by it, so that both say the same of one declaration.

What human resources pays is paid each month and known to the fen, other than a wage, so that amounts can be compared. A
line says what it is in words of its own (`detail`); a transfer that does not say may be either benefit.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from app.programs.declaration import Income, yearly

Benefit = Literal["pension", "unemployment"]

# Prefilling writes 养老金 and 失业保险金; the codes of parameters (central_basic_pension) are names on the form, too.
_CALLED: Mapping[Benefit, tuple[str, ...]] = MappingProxyType(
    {
        "pension": ("养老", "退休", "离休", "退职", "pension", "retire"),
        "unemployment": ("失业", "unemploy"),
    }
)
# 优待抚恤金 (preferential_pension) is paid by veterans affairs, and is none of what human resources was asked about.
_NONE_OF_THEM = ("抚恤", "preferential")

RAISE_PERCENT = 5
"""Pensions are raised each year by a notice of 人社部 and 财政部: by 5 % in 2018 to 2020, by less each year since, by
2 % in 2025. Who declares what came before the raise has left nothing out."""


def declared_monthly(lines: Iterable[Income], benefit: Benefit) -> int:
    """Return what one person's lines may say of a benefit, in fen a month, for as long as it is drawn."""
    return sum(_monthly(line) for line in lines if _is_called(line, benefit) or _says_nothing(line))


def margin(declared: int) -> int:
    """Return by how much a benefit may exceed what was declared of it without anything having been left out."""
    return declared * RAISE_PERCENT // 100


def not_declared(lines: Iterable[Income], found: Mapping[Benefit, int]) -> int:
    """Return what was found a month and one person's lines do not say; none within the margin.

    What a line without a name says is taken for one of both benefits, once.
    """
    lines = list(lines)
    named = {benefit: sum(_monthly(line) for line in lines if _is_called(line, benefit)) for benefit in _CALLED}
    nameless = sum(_monthly(line) for line in lines if _says_nothing(line))
    lacking = sum(max(fen - named[benefit], 0) for benefit, fen in found.items()) - nameless
    declared = sum(named[benefit] for benefit, fen in found.items() if fen) + nameless
    return lacking if lacking > margin(declared) else 0


def _is_called(line: Income, benefit: Benefit) -> bool:
    called = (line.detail or "").lower()
    return any(word in called for word in _CALLED[benefit]) and not any(word in called for word in _NONE_OF_THEM)


def _says_nothing(line: Income) -> bool:
    return line.kind == "transfer" and not (line.detail or "").strip()


def _monthly(line: Income) -> int:
    """Return the amount of a month, rounded up: a fen is not what somebody hides."""
    return line.amount_fen if line.period == "month" else -(-yearly(line.amount_fen, line.period) // 12)
