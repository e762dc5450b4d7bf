"""What a report says that the county has not seen of a household. Pure.

Agencies say much that changes every day (a balance, an hour of insurance) and means nothing for who is entitled. What
is new says `_is_news`, measured field by field against what the county has seen of that field: what nobody was shown
moves nothing, however much else was put before somebody meanwhile. What nobody answered says nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from app.awards.findings import FoundChange
from app.facts import QUANTITIES, UNITS, Fact, FactKey, Item, Unit
from app.programs.evidence import ONE_OF
from app.verification.comparison import Difference
from app.verification.contradictions import SCALES, SMALL_FEN, SMALL_PERCENT, SMALL_POINTS, Compared, weigh
from app.verification.report import Content, Entry, Field
from app.verification.values import PlainValue, to_plain

_AGREES = frozenset({Difference.MATCH, Difference.UNKNOWN})
# What tells of a person and of no means; a move is told by the division.
_SAYS_NOTHING = frozenset({FactKey.HUKOU_ADDRESS, FactKey.HUKOU_HOUSEHOLD})
# What comes each month is measured by the year, as other sums are.
_MONTHLY = frozenset(
    {
        FactKey.PENSION_MONTHLY,
        FactKey.UNEMPLOYMENT_MONTHLY,
        FactKey.INSURED_WAGE_MONTHLY,
        FactKey.PROVIDENT_FUND_MONTHLY,
    }
)
Place = tuple[UUID, Item, FactKey]


class Seen(NamedTuple):
    """What is known of one field. `number`: of the report that says so, counted in its case."""

    number: int
    found: PlainValue | None
    difference: Difference | None


Known = Mapping[Place, Seen]
_NOTHING: Known = MappingProxyType({})


def said_by(content: Content, number: int) -> dict[Place, Seen]:
    """Return the fields that a report has an answer to. A hit that is silent about a field the form asks has none."""
    return {
        (person.member, entry.item, field.key): Seen(number, field.found, field.difference)
        for person, entry in content.entries()
        for field in entry.fields
        if entry.outcome == "none" or (entry.outcome == "hit" and (field.found is not None or not field.asked))
    }


def place_of(change: FoundChange) -> Place:
    """Return which field of whom a change is about."""
    return (change.member, change.item, change.key)


def is_told(seen: Seen, change: FoundChange) -> bool:
    """Say whether all that a register of deaths or benefits says was told before."""
    if isinstance(change.found, tuple) and isinstance(seen.found, tuple):
        return set(change.found) <= set(seen.found)
    return change.found == seen.found


def shown_by(changes: Iterable[FoundChange], number: int) -> dict[Place, Seen]:
    """Return the fields that a finding puts before a person: these it names, and no other."""
    return {place_of(each): Seen(number, each.found, each.difference) for each in changes}


def changes_since(
    seen: Known, later: Content, number: int, program: str, *, before: Known = _NOTHING
) -> tuple[FoundChange, ...]:
    """List the fields of which a report says something that the county has not seen.

    `seen`: what it has seen, by field. `before`: what the report said that was the present one before: a car that was
    kept, was gone and is there again is another car. `number`: of the later report; a field of which something was
    shown that this report or a later one says has nothing to add. `program`: what the award is of, which registers of
    benefits tell back.
    """
    return tuple(
        change
        for person, entry in later.entries()
        for change in _changes(person.member, entry, seen, before, number, program)
    )


def changed_by_correction(
    seen: Known,
    before: Known,
    later: Content,
    number: int,
    program: str,
    *,
    asked: Collection[UUID],
    disputed: Collection[Place],
) -> tuple[FoundChange, ...]:
    """List what the answers to questions that were put anew (`asked`) say. Of a `disputed` field each answer is listed
    that is another than the report `before` had, also one that agrees with the declaration: what the county made of the
    first one may have to be made good."""
    found: list[FoundChange] = []
    for person, entry in later.entries():
        if entry.check not in asked or entry.outcome == "unavailable":
            continue
        news = {each.key: each for each in _changes(person.member, entry, seen, before, number, program)}
        for field in entry.fields:
            place = (person.member, entry.item, field.key)
            if place in disputed and field.key not in _SAYS_NOTHING and not _is_shown(seen.get(place), number):
                old = before.get(place)
                if old is not None and old.found != field.found:
                    news[field.key] = _change(person.member, entry.item, old, field)
        found += news.values()
    return tuple(found)


def matched(member: UUID, item: Item, facts: Mapping[FactKey, Fact], program: str) -> list[FoundChange]:
    """List what a register of deaths, or of benefits, has on record about a person who lives on an award."""
    found: dict[FactKey, PlainValue] = {}
    if item is Item.DEATHS and FactKey.DECEASED_ON in facts:
        found[FactKey.DECEASED_ON] = to_plain(facts[FactKey.DECEASED_ON].value)
    if item is Item.BENEFITS and FactKey.BENEFITS_IN_FORCE in facts:
        elsewhere = _elsewhere(to_plain(facts[FactKey.BENEFITS_IN_FORCE].value), program)
        if elsewhere:
            found[FactKey.BENEFITS_IN_FORCE] = elsewhere
    return [
        FoundChange(
            member=member,
            item=item,
            key=key,
            unit=UNITS[key],
            before=None,
            found=value,
            as_of=facts[key].as_of,
            difference=None,
        )
        for key, value in found.items()
    ]


def _elsewhere(codes: PlainValue | None, program: str) -> tuple[str, ...]:
    """Return the benefits that nobody may receive beside an award of this program. The register names programs and no
    places: the award's own is told back by it."""
    return tuple(sorted((ONE_OF - {program}).intersection(codes if isinstance(codes, tuple) else ())))


def _changes(
    member: UUID, entry: Entry, seen: Known, before: Known, number: int, program: str
) -> Iterator[FoundChange]:
    if entry.outcome == "unavailable":
        return
    for field in entry.fields:
        place = (member, entry.item, field.key)
        old = seen.get(place)
        if field.key in _SAYS_NOTHING or _is_shown(old, number):
            continue
        if _is_news(old, field, entry.item, program):
            yield _change(member, entry.item, old, field)
            continue
        latest = before.get(place)
        if latest is not None and _also_since(old, latest, field) and _is_news(latest, field, entry.item, program):
            yield _change(member, entry.item, latest, field)


def _is_shown(old: Seen | None, number: int) -> bool:
    return old is not None and old.number >= number


def _also_since(old: Seen | None, latest: Seen, new: Field) -> bool:
    """Say whether a field is measured against the report before as well: an object that was gone meanwhile is another
    one, and so is a code; a sum is not, or it would creep. What no form asks and nobody was shown has nothing else."""
    if new.unit is Unit.FEN:
        return old is None and new.difference is None
    return old is None or old.number < latest.number


def _is_news(old: Seen | None, new: Field, item: Item, program: str) -> bool:
    """Say whether a person has to see a field, who has seen what it was before (None: nothing of it).

    Of what the form asks, whatever agrees with the declaration is none, nor is what weighs nothing in the report and
    speaks for the household. A sum is news by `_is_further`; of all else another kind of difference always is, and the
    same kind where it comes to more: a further object (a fifth car). Of what has no more and less (a name, a date, a
    code), any other value is news, and of a list what was not on it; neither order nor the day as of which it was said.

    Of what no form asks, the same holds of what was found itself, once something was known; and of what the owner could
    not say, and of benefits in another province, whatever is found first is news: nobody ever said how much it is, and
    nobody may receive the same twice.
    """
    if new.key is FactKey.BENEFITS_IN_FORCE:
        known = _elsewhere(old.found, program) if old is not None else ()
        return not set(_elsewhere(new.found, program)) <= set(known)
    if new.difference is None and new.key is not FactKey.ELSEWHERE_BENEFITS:
        return old is not None and _is_more(item, old, new)
    if new.difference is None or not new.known:
        return bool(new.found) and (old is None or _is_more(item, old, new))
    if new.difference in _AGREES or _speaks_for(new):
        return False
    if new.unit is Unit.FEN:
        return _is_further(item, old, new)
    if old is None or (old.difference is not None and old.difference != new.difference):
        return True  # a match compared nothing, and has no kind of difference
    return _is_more(item, old, new)


def _speaks_for(field: Field) -> bool:
    """Say whether a difference is one that the scales name and give no points."""
    scale = SCALES.get(field.key)
    return scale is not None and field.difference is not None and scale.points.get(field.difference) == 0


def _is_more(item: Item, old: Seen, new: Field) -> bool:
    if isinstance(new.found, tuple):
        return not set(new.found) <= set(old.found if isinstance(old.found, tuple) else ())
    if new.unit not in QUANTITIES:
        return (old.found or None) != (new.found or None)
    if new.unit is Unit.FEN:
        return _is_further(item, old, new)
    return abs(_off(new.found, new)) > abs(_off(old.found, new))


def _is_further(item: Item, old: Seen | None, new: Field) -> bool:
    """Say whether a sum is further from the declaration than the county has seen it, whatever kind of difference that
    is: by more than a balance moves (500 yuan a year, or a tenth of what it was off before where that is more), or so
    that it weighs more in the report than what is little off.

    It is measured towards what speaks against the household: more means, fewer costs. Savings that are spent are none;
    that there were fewer than declared from the beginning is.
    """
    sign = -1 if _counts_by_less(new.key) else 1
    is_off = sign * _off(new.found, new)
    if old is None:
        is_off = abs(is_off)
    was_off = 0 if old is None else max(0, sign * _off(old.found, new))
    times = 12 if new.key in _MONTHLY else 1
    if (is_off - was_off) * times > max(SMALL_FEN, was_off * times * SMALL_PERCENT // 100):
        return True
    weighed = 0 if old is None else _weight(item, new, old.found, old.difference)
    return sign * is_off > 0 and _weight(item, new, new.found, new.difference) > max(weighed, SMALL_POINTS)


def _counts_by_less(key: FactKey) -> bool:
    """Say whether it speaks against the household that less was found, as of what it had to pay."""
    points = SCALES[key].points if key in SCALES else {}
    return points.get(Difference.LESS, 0) > points.get(Difference.MORE, 0)


def _off(found: PlainValue | None, field: Field) -> int:
    """Return how far a quantity is above the declaration of a field, or above nothing where there is none."""
    value, declared = (each if isinstance(each, int) else 0 for each in (found, field.declared))
    return value - declared


def _weight(item: Item, field: Field, found: PlainValue | None, difference: Difference | None) -> int:
    """Return the points of one field: a sum that was little off weighs less than one that is not little any more."""
    nobody = UUID(int=0)  # points are weighed alike, whoever it is about
    return weigh([Compared(nobody, item, field.key, difference, field.declared, found)], (), close_look_from=0).points


def _change(member: UUID, item: Item, old: Seen | None, new: Field) -> FoundChange:
    return FoundChange(
        member=member,
        item=item,
        key=new.key,
        unit=new.unit,
        before=old.found if old is not None else None,
        found=new.found,
        as_of=new.as_of,
        difference=new.difference,
    )
