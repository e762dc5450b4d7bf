"""What a new report says that the earlier one did not. Pure.

Agencies say much that changes every day (a balance, an hour of insurance) and means nothing for who is entitled. What
is new says `_is_news`; what nobody answered now or then says nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from app.awards.findings import FoundChange
from app.facts import QUANTITIES, UNITS, Fact, FactKey, Item, Unit
from app.programs.evidence import ONE_OF
from app.verification.comparison import Difference
from app.verification.contradictions import SMALL_FEN, SMALL_PERCENT, Compared, weigh
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


def changes_between(earlier: Content | None, later: Content, program: str) -> tuple[FoundChange, ...]:
    """List the fields of which a later report says something new that a person should see. `program`: what the award
    is of, which registers of benefits tell back."""
    before = {} if earlier is None else {(person.member, entry.item): entry for person, entry in earlier.entries()}
    return tuple(
        change
        for person, entry in later.entries()
        for change in _changes(person.member, before.get((person.member, entry.item)), entry, program)
    )


def changed_by_correction(
    earlier: Content,
    later: Content,
    program: str,
    *,
    asked: Collection[UUID],
    disputed: Collection[tuple[UUID, Item, FactKey]],
) -> tuple[FoundChange, ...]:
    """List what the answers to questions that were put anew (`asked`) say that the earlier report did not. Of a
    `disputed` field each other answer is listed, also one that agrees with the declaration: what the county made of the
    first one may have to be made good."""
    before = {(person.member, entry.item): entry for person, entry in earlier.entries()}
    found: list[FoundChange] = []
    for person, entry in later.entries():
        if entry.check not in asked:
            continue
        old = before.get((person.member, entry.item))
        news = {change.key: change for change in _changes(person.member, old, entry, program)}
        for field in entry.fields:
            if field.key not in news and (person.member, entry.item, field.key) in disputed:
                news.update(_corrected(person.member, old, entry, field))
        found += news.values()
    return tuple(found)


def _corrected(member: UUID, earlier: Entry | None, later: Entry, field: Field) -> dict[FactKey, FoundChange]:
    if earlier is None or "unavailable" in (earlier.outcome, later.outcome) or field.key in _SAYS_NOTHING:
        return {}
    old = next((each for each in earlier.fields if each.key is field.key), None)
    if old is None or old.found == field.found:
        return {}
    return {field.key: _change(member, later.item, old, field)}


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


def _changes(member: UUID, earlier: Entry | None, later: Entry, program: str) -> Iterator[FoundChange]:
    if later.outcome == "unavailable":
        return
    was_answered = earlier is not None and earlier.outcome != "unavailable"
    known = {field.key: field for field in earlier.fields} if earlier is not None else {}
    for field in later.fields:
        old = known.get(field.key) if was_answered else None
        if field.key in _SAYS_NOTHING:
            continue
        if field.key is FactKey.BENEFITS_IN_FORCE:
            known_before = _elsewhere(old.found, program) if old is not None else ()
            if set(_elsewhere(field.found, program)) - set(known_before):
                yield _change(member, later.item, old, field)
        elif _is_news(old, field, item=later.item, was_answered=was_answered):
            yield _change(member, later.item, old, field)


def _is_news(old: Field | None, new: Field, *, item: Item, was_answered: bool) -> bool:
    """Say whether a person has to see a field again, who has seen what it was before.

    Of what the form asks, whatever agrees with the declaration is none, and another kind of difference always is one.
    The same kind is news where it comes to more: a further object (a fifth car), or a sum that is further from the
    declaration by more than a balance moves (500 yuan a year, or a tenth of what it was off before where that is more)
    or weighs more in the report. The same, or less of it, is none. Of what has no more and less (a name, a date, a
    code), any other value is news, and of a list what was not on it; neither order nor the day as of which it was said.

    Of what no form asks, the same holds of what was found itself, once the source has answered before.
    """
    if new.difference is not None:
        if new.difference in _AGREES:
            return False
        return old is None or old.difference != new.difference or _is_more(item, old, new)
    return was_answered and _is_more(item, old, new)


def _is_more(item: Item, old: Field | None, new: Field) -> bool:
    before = old.found if old is not None else None
    if isinstance(new.found, tuple):
        return not set(new.found) <= set(before if isinstance(before, tuple) else ())
    if new.unit not in QUANTITIES:
        return (before or None) != (new.found or None)
    was_off, is_off = (_off(old) if old is not None else 0), _off(new)
    if new.unit is not Unit.FEN:
        return is_off > was_off
    times = 12 if new.key in _MONTHLY else 1
    moved_a_little = (is_off - was_off) * times <= max(SMALL_FEN, was_off * times * SMALL_PERCENT // 100)
    return not moved_a_little or (old is not None and _weight(item, new) > _weight(item, old))


def _off(field: Field) -> int:
    """Return how far a quantity is from the declaration, or from nothing where there is none."""
    found, declared = (value if isinstance(value, int) else 0 for value in (field.found, field.declared))
    return abs(found - declared)


def _weight(item: Item, field: Field) -> int:
    """Return the points of one field: a sum that was little off weighs less than one that is not little any more."""
    nobody = UUID(int=0)  # points are weighed alike, whoever it is about
    return weigh(
        [Compared(nobody, item, field.key, field.difference, field.declared, field.found)], (), close_look_from=0
    ).points


def _change(member: UUID, item: Item, old: Field | None, new: Field) -> FoundChange:
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
