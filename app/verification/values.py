"""Facts as they are written down: one unit per field, JSON and back."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.facts import NUMBERS, UNITS, Fact, FactKey, Item, Unit, Value
from app.partners.registry import AGENCIES

PlainValue = int | str | tuple[str, ...]  # a value as JSON has it: dates are ISO text

_KEYS: Mapping[Item, tuple[FactKey, ...]] = {
    item: tuple(key for key in FactKey if key in keys) for agency in AGENCIES for item, keys in agency.items.items()
}


def keys_of(item: Item) -> tuple[FactKey, ...]:
    """Return the fields of an item, in one fixed order."""
    return _KEYS[item]


def to_plain(value: Value) -> PlainValue:
    """Write a value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def from_plain(key: FactKey, plain: Any) -> Value:
    """Read a value that `to_plain` wrote, possibly after a way through JSON.

    Raises:
        ValueError: not a value of this field.
    """
    unit = UNITS[key]
    if unit in NUMBERS:
        if isinstance(plain, int) and not isinstance(plain, bool):
            return plain
    elif unit is Unit.CODES:
        if isinstance(plain, list | tuple) and all(isinstance(code, str) for code in plain):
            return tuple(plain)
    elif isinstance(plain, str):
        return date.fromisoformat(plain) if unit is Unit.DATE else plain
    raise ValueError(f"not a {unit} value")


def write_facts(facts: Mapping[FactKey, Fact]) -> str:
    """Write facts as JSON, to be sealed."""
    return json.dumps(
        [
            {"key": fact.key, "value": to_plain(fact.value), "source": fact.source, "as_of": fact.as_of.isoformat()}
            for _, fact in sorted(facts.items())
        ],
        ensure_ascii=False,
    )


def read_facts(text: str) -> dict[FactKey, Fact]:
    """Read what `write_facts` wrote."""
    facts: dict[FactKey, Fact] = {}
    for entry in json.loads(text):
        key = FactKey(entry["key"])
        value = from_plain(key, entry["value"])
        facts[key] = Fact(key, value, entry["source"], date.fromisoformat(entry["as_of"]))
    return facts
