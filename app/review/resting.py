"""On which answers of a report the findings rest that a household was told."""

from collections.abc import Iterable, Mapping, Set
from typing import Any, cast
from uuid import UUID

from app.facts import Item
from app.programs.sources import OF_EIGHT_ITEMS, OF_TEN_DEPARTMENTS
from app.verification.report import Content

_OF_PROPERTY = OF_TEN_DEPARTMENTS.property
_PROPERTY_ALONE = frozenset(register.item for register in OF_EIGHT_ITEMS.property.values())  # no income shows there


def rests_on(findings: Iterable[Mapping[str, Any]], told: Content) -> Set[tuple[UUID, Item]]:
    """Return the members and items whose answers the findings that were told rest on: of a finding about property the
    registers of what is owned, of any other whatever was found but property. Where nothing found bears a finding (what
    was declared does), it is each item of that kind; only what was answered with a hit otherwise."""
    items: set[Item] = set()
    for finding in findings:
        items |= _items_of(finding)
    entries = [(person.member, entry) for person, entry in told.entries() if entry.item in items]
    hits = {(member, entry.item) for member, entry in entries if entry.outcome == "hit"}
    return hits or {(member, entry.item) for member, entry in entries}


def _items_of(finding: Mapping[str, Any]) -> Set[Item]:
    if not str(finding["rule"]).startswith("property_"):
        return frozenset(Item) - _PROPERTY_ALONE
    inputs = cast(Mapping[str, Any], finding.get("inputs", {}))
    held = [each["kind"] for each in inputs.get("holdings", ())] or inputs.get("kinds", ())
    return frozenset(_OF_PROPERTY[kind].item for kind in held if kind in _OF_PROPERTY)
