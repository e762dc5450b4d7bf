"""Facts as they are written down: one unit per field, JSON and back."""

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from app.facts import Fact, FactKey, Item, Value
from app.partners.registry import AGENCIES

PlainValue = int | str | tuple[str, ...]  # a value as JSON has it: dates are ISO text


class Unit(StrEnum):
    """How a value is to be read."""

    TEXT = "text"
    DATE = "date"
    DIVISION = "division"  # 12-digit code
    CODE = "code"
    CODES = "codes"
    COUNT = "count"
    FEN = "fen"
    SQUARE_CENTIMETRES = "cm2"


UNITS: Mapping[FactKey, Unit] = {
    FactKey.REGISTERED_NAME: Unit.TEXT,
    FactKey.BIRTH_DATE: Unit.DATE,
    FactKey.HUKOU_DIVISION: Unit.DIVISION,
    FactKey.HUKOU_HOUSEHOLD: Unit.TEXT,
    FactKey.VEHICLE_COUNT: Unit.COUNT,
    FactKey.MARITAL_STATUS: Unit.CODE,
    FactKey.DECEASED_ON: Unit.DATE,
    FactKey.BENEFITS_IN_FORCE: Unit.CODES,
    FactKey.DWELLING_COUNT: Unit.COUNT,
    FactKey.DWELLING_AREA: Unit.SQUARE_CENTIMETRES,
    FactKey.PROVIDENT_FUND_MONTHLY: Unit.FEN,
    FactKey.PROVIDENT_FUND_BALANCE: Unit.FEN,
    FactKey.DEPOSIT_BALANCE: Unit.FEN,
    FactKey.DEPOSIT_ACCOUNTS: Unit.COUNT,
}
NUMBERS = frozenset({Unit.COUNT, Unit.FEN, Unit.SQUARE_CENTIMETRES})

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
