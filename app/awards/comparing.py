"""What a new report says that the earlier one did not. Pure.

Agencies say much that changes every day (a balance, an hour of insurance) and means nothing for who is entitled. Of
what the form asks about, it is how the finding stands to the declaration that counts; of the rest, what was found. What
nobody answered now or then says nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from app.awards.findings import FoundChange
from app.facts import UNITS, Fact, FactKey, Item
from app.programs.evidence import ONE_OF
from app.verification.comparison import Difference
from app.verification.report import Content, Entry, Field
from app.verification.values import PlainValue, to_plain

_AGREES = frozenset({Difference.MATCH, Difference.UNKNOWN})
# What tells of a person and of no means; a move is told by the division.
_SAYS_NOTHING = frozenset({FactKey.HUKOU_ADDRESS, FactKey.HUKOU_HOUSEHOLD})


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
        elif _is_news(old, field, was_answered=was_answered):
            yield _change(member, later.item, old, field)


def _is_news(old: Field | None, new: Field, *, was_answered: bool) -> bool:
    if new.difference is not None:
        return new.difference not in _AGREES and (old is None or old.difference != new.difference)
    return was_answered and (old.found if old is not None else None) != new.found


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
