"""What the household owns, and whether it stays within the limits of the region (review measures art. 14).

There is no national limit. What is owned and no regional limit covers goes to a person: never a silent pass or fail.
"""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from operator import itemgetter
from typing import get_args

from app.core.money import round_half_up
from app.facts import Item
from app.programs.assessment import Distance, Finding, Weight
from app.programs.canonical import Json
from app.programs.case import Case
from app.programs.declaration import MemberFacts, Property, PropertyKind
from app.programs.form import HouseholdAnswers
from app.programs.laws import cite
from app.programs.limits import Measure
from app.programs.parameters import HouseholdNumbers, PropertyLimit
from app.programs.reckoning import (
    AnyReckoning,
    Holding,
    Rule,
    Share,
    Span,
    silence_json,
    unanswered,
)
from app.programs.sources import Register, Sources

_KINDS: tuple[PropertyKind, ...] = get_args(PropertyKind)
_FINANCIAL: frozenset[PropertyKind] = frozenset(
    {"deposit", "security", "insurance", "fund", "wallet", "claim"}
)  # counted by value alone


def list_exempt(
    case: Case[HouseholdAnswers], counted: Iterable[MemberFacts], numbers: HouseholdNumbers
) -> tuple[tuple[str, Property], ...]:
    """List what the region exempts of what the counted members declared, each with the name of its row."""
    if not numbers.exemptions:
        return ()
    refs = {member.ref for member in counted}
    exempt = []
    for line in case.answers.property:
        by = next((each.name for each in numbers.exemptions if each.row.covers(line)), None)
        if by is not None and line.owner in refs and line.count:
            exempt.append((by, line))
    return tuple(sorted(exempt, key=lambda pair: (pair[0], *_as_sorted(pair[1]))))


def list_holdings(
    case: Case[HouseholdAnswers],
    counted: Iterable[MemberFacts],
    exempt: Iterable[tuple[str, Property]],
    sources: Sources,
) -> tuple[Holding, ...]:
    """Put together what the counted members own, declared and found, kind by kind; kinds with nothing are left out.

    A kind whose register is silent about a member is not nothing: there is no upper bound to it.
    """
    if not case.checked and not case.answers.property:
        return ()
    refs = {member.ref for member in counted}
    declared: dict[tuple[PropertyKind, str], list[Property]] = {
        (kind, ref): []
        for kind, register in (sources.property.items() if case.checked else ())
        for ref in refs
        if (ref, register.key) in case.verified or case.is_silent(ref, register.item)
    }
    for line in case.answers.property:
        if line.owner in refs:
            declared.setdefault((line.kind, line.owner), []).append(line)
    if not declared:
        return ()
    left_out = [line for _, line in exempt]
    shares: defaultdict[PropertyKind, list[Share]] = defaultdict(list)
    for (kind, owner), lines in sorted(declared.items(), key=itemgetter(0)):
        shares[kind].append(_share(sources.property.get(kind), kind, owner, lines, left_out, case))
    holdings = (_holding(kind, tuple(shares[kind])) for kind in _KINDS if kind in shares)
    return tuple(holding for holding in holdings if not _is_nothing(holding))


def is_financial(kind: PropertyKind) -> bool:
    """Say whether only its value counts, and never how many there are."""
    return kind in _FINANCIAL


def property_rules(numbers: HouseholdNumbers) -> tuple[Rule, ...]:
    """Return one rule per regional limit, between those that hold everywhere."""
    if not numbers.property_limits:
        return _EVERYWHERE
    limits = (partial(within_limit, limit) for limit in numbers.property_limits)
    return (*_EVERYWHERE[:-1], *limits, _EVERYWHERE[-1])


def property_left_out(work: AnyReckoning) -> Finding | None:
    """Name what does not count because the region exempts it, by the household's word of what it is used for."""
    if not work.left_out:
        return None
    names = list(dict.fromkeys(name for name, _ in work.left_out))
    return Finding(
        rule="property_left_out",
        met=True,
        law=(*(work.parameters.law_of(name) for name in names), *cite(work.articles.property, work.on)),
        inputs={
            "kinds": list(dict.fromkeys(line.kind for _, line in work.left_out)),
            "uses": list(dict.fromkeys(str(line.use) for _, line in work.left_out)),
            "lines": [{"owner": line.owner, "kind": line.kind, "use": line.use} for _, line in work.left_out],
        },
        numbers={"sources": [work.parameters.source(name) for name in names]},
        weight=Weight.NOTE,
    )


def property_declared_in_full(work: AnyReckoning) -> Finding | None:
    """No register shows more than was declared; where one does, both values are shown."""
    if not work.case.checked:
        return None
    more = [share for holding in work.holdings for share in holding.shares if _exceeds_declared(share)]
    silent = unanswered(work, *(register.item for register in work.sources.property.values()))
    return Finding(
        rule="property_declared_in_full",
        met=False if more else None if silent else True,
        law=cite(work.articles.truthful_report, work.on),
        inputs={
            "kinds": list(dict.fromkeys(share.kind for share in more)),
            "differences": [_difference(share) for share in more],
            **silence_json(silent),
        },
        weight=Weight.NOTE,
        silent=bool(silent) and not more,
    )


def within_limit(limit: PropertyLimit, work: AnyReckoning) -> Finding | None:
    """What is owned of the limit's kinds lies within it; None where the truth may lie on either side."""
    row = limit.row
    if not work.heads:
        return None
    held = [holding for holding in work.holdings if holding.kind in row.kinds]
    spans = [holding.fen if row.measure == "fen" else holding.count for holding in held]
    low, high = _add(spans)
    allowed = row.household_limit(work.standard, work.heads)
    allowed_for_sure = allowed if work.sure_heads == work.heads else row.household_limit(work.standard, work.sure_heads)
    met = False if low > allowed else None if high is None or high > allowed_for_sure else True
    silent = _silent_about(work, held)
    if row.per_head:
        silent += unanswered(work, Item.DEATHS)
    shown: dict[str, Json] = {"limit_fen" if row.measure == "fen" else "limit": round_half_up(allowed)}
    shown["held_fen" if row.measure == "fen" else "held"] = low
    return Finding(
        rule=f"property_within_{row.measure}_limit",
        met=met,
        law=(work.parameters.law_of(limit.name), *cite(work.articles.property, work.on)),
        inputs={
            "kinds": row.kinds,
            "holdings": [_holding_json(each) for each in held],
            "high": high,
            **silence_json(silent),
        },
        numbers={**shown, "source": {"name": limit.name, **work.parameters.source(limit.name)}},
        distance=Distance(allowed - Fraction(low), row.measure),
        silent=met is None and bool(silent),
    )


def property_has_a_limit(work: AnyReckoning) -> Finding:
    """Everything owned is of a kind the region has a limit for; without one a person must look."""
    open_ones = list(work.holdings)
    if open_ones:
        covered = {kind for limit in work.parameters.household.property_limits for kind in limit.row.kinds}
        open_ones = [holding for holding in open_ones if holding.kind not in covered]
    owned = [holding for holding in open_ones if not _is_only_possible(holding)]
    return Finding(
        rule="property_has_a_limit",
        met=None if open_ones else True,
        law=cite(work.articles.property, work.on),
        inputs={
            "kinds": [holding.kind for holding in owned],
            "holdings": [_holding_json(each) for each in open_ones],
            **silence_json(_silent_about(work, open_ones)),
        },
        silent=bool(open_ones) and not owned,
    )


_EVERYWHERE: tuple[Rule, ...] = (property_declared_in_full, property_left_out, property_has_a_limit)


def _as_sorted(line: Property) -> tuple[str, str, str, int, int]:
    return line.owner, line.kind, line.use or "", line.count, -1 if line.value_fen is None else line.value_fen


def _share(
    register: Register | None,
    kind: PropertyKind,
    owner: str,
    lines: list[Property],
    left_out: list[Property],
    case: Case[HouseholdAnswers],
) -> Share:
    exempt = [line for line in lines if line in left_out] if left_out else []
    counted = [line for line in lines if line not in left_out] if exempt else lines
    return Share(
        owner=owner,
        kind=kind,
        register=register,
        fen=sum(line.value_fen or 0 for line in counted),
        count=sum(line.count for line in counted),
        unvalued=any(line.value_fen is None and line.count for line in counted),
        found=case.fact(owner, register.key) if register else None,
        silent=register is not None and case.is_silent(owner, register.item),
        exempt_fen=sum(line.value_fen or 0 for line in exempt),
        exempt_count=sum(line.count for line in exempt),
    )


def _holding(kind: PropertyKind, shares: tuple[Share, ...]) -> Holding:
    count, fen = _count_span(shares), _fen_span(shares)
    if any(share.silent for share in shares):
        count, fen = Span(count.low, None), Span(fen.low, None)
    return Holding(kind, shares, count, fen)


def _count_span(shares: tuple[Share, ...]) -> Span:
    declared = sum(share.count for share in shares)
    register = shares[0].register
    if register is None or register.measure != "count":
        return Span(declared, declared)
    # What the register shows may be the very thing that is exempt: the household says so, and a person must see it.
    low = sum(max(share.count, share.found_number - share.exempt_count) for share in shares)
    high = sum(max(share.count, share.found_number) for share in shares)
    if not register.may_be_shared:
        return Span(low, high)
    most_of_one = max((share.found_number - share.exempt_count for share in shares), default=0)
    return Span(max(declared, most_of_one), high)


def _fen_span(shares: tuple[Share, ...]) -> Span:
    if shares[0].measure == "fen":
        low = sum(max(share.fen, share.found_number - share.exempt_fen) for share in shares)
        high = sum(max(share.fen, share.found_number) for share in shares)
        unknown = any(share.unvalued and share.found is None for share in shares)
    else:
        low = high = sum(share.fen for share in shares)
        unknown = any(share.unvalued or _shows_more(share) for share in shares)
    return Span(low, None if unknown else high)


def _shows_more(share: Share) -> bool:
    """Say whether a register shows more than counts: undeclared, or what is said to be exempt."""
    return share.found_number > share.count


def _is_nothing(holding: Holding) -> bool:
    return holding.fen.is_nothing if is_financial(holding.kind) else holding.count.is_nothing


def _is_only_possible(holding: Holding) -> bool:
    """Say whether it is here only because its register is silent: nothing of it is declared or found."""
    if is_financial(holding.kind):
        return holding.is_silent and holding.fen.low == 0 and not any(share.unvalued for share in holding.shares)
    return holding.is_silent and holding.count.low == 0


def _silent_about(work: AnyReckoning, holdings: Iterable[Holding]) -> list[tuple[str, Item]]:
    if not work.silent:
        return []
    registers = {work.sources.property[holding.kind].item for holding in holdings if holding.is_silent}
    return unanswered(work, *sorted(registers))


def _exceeds_declared(share: Share) -> bool:
    return share.found_number > _declared(share)


def _declared(share: Share) -> int:
    if share.measure == "fen":
        return share.fen + share.exempt_fen
    return share.count + share.exempt_count


def _add(spans: list[Span]) -> tuple[int, int | None]:
    highs = [span.high for span in spans]
    total = None if None in highs else sum(high for high in highs if high is not None)
    return sum(span.low for span in spans), total


def _difference(share: Share) -> dict[str, Json]:
    measure = "fen" if share.measure == "fen" else "count"
    return {
        "member": share.owner,
        "kind": share.kind,
        "measure": measure,
        "declared": _declared(share),
        "found": share.found_number,
        "source": share.found.source if share.found else None,
        "as_of": share.found.as_of.isoformat() if share.found else None,
    }


def _holding_json(holding: Holding) -> dict[str, Json]:
    measure: Measure = "fen" if holding.measure == "fen" else "count"
    found = [share.found_number for share in holding.shares if share.found is not None]
    return {
        "kind": holding.kind,
        "declared_count": sum(share.count + share.exempt_count for share in holding.shares),
        "declared_fen": sum(share.fen + share.exempt_fen for share in holding.shares),
        "found": sum(found) if found else None,
        "found_measure": measure if found else None,
        "low": holding.fen.low if measure == "fen" else holding.count.low,
        "high": holding.fen.high if measure == "fen" else holding.count.high,
    }
