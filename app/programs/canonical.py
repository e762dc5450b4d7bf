"""Exact values as JSON, and JSON as one canonical string of bytes, so that a decision can be replayed to the byte."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""No floats: money is integer fen, and what is not whole is an exact fraction."""


def canonical_bytes(value: Json) -> bytes:
    """Return the one UTF-8 spelling of `value`: keys sorted, no spaces, no escapes that are not needed."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def fraction_json(value: Fraction) -> dict[str, Json]:
    """Write an exact number as two strings: readers without big integers must not lose digits."""
    return {"numerator": str(value.numerator), "denominator": str(value.denominator)}
