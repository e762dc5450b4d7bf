"""One spelling of a JSON value, so that a digest over it says something about the value."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""No floats: money is integer fen, and what is not whole is an exact fraction."""


def canonical_text(value: Json) -> str:
    """Return the one spelling of `value`: keys sorted, no spaces, no escapes that are not needed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_bytes(value: Json) -> bytes:
    """Return `canonical_text` in UTF-8."""
    return canonical_text(value).encode()
