"""Reading JSON as it is meant, and refusing what only looks like it.

The usual readers take UTF-16, a byte-order mark, two members of one name, NaN, 1.0 where 1 is meant, halves of
surrogate pairs, NUL in text and 900 levels of brackets. Each of these is a hole or a crash further in.
"""

import json
import re
from typing import Any

MAX_DEPTH = 32
_UNCLEAN = re.compile("[\0\ud800-\udfff]")
_INT64 = range(-(2**63), 2**63)


class JsonRefused(ValueError):
    """The bytes are not strict JSON. `code` is stable: encoding, syntax, depth, duplicate_member, number, text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_strict_json(raw: bytes) -> Any:
    """Return the value that `raw` holds: objects, lists, text, 64-bit whole numbers, booleans, null.

    Raises:
        JsonRefused: anything else.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise JsonRefused("encoding") from None
    if text.startswith("\ufeff"):
        raise JsonRefused("encoding")
    try:
        value = _DECODER.decode(text)
    except JsonRefused:
        raise
    except RecursionError:
        raise JsonRefused("depth") from None
    except ValueError:
        raise JsonRefused("syntax") from None
    _check(value)
    return value


def text_is_clean(text: str) -> bool:
    """Say whether text holds neither NUL nor half of a surrogate pair, which a database cannot keep."""
    return _UNCLEAN.search(text) is None


def _check(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise JsonRefused("depth")
        below: list[Any] = []
        for each in level:
            if isinstance(each, str) and not text_is_clean(each):
                raise JsonRefused("text")
            if isinstance(each, dict):
                if not all(text_is_clean(name) for name in each):
                    raise JsonRefused("text")
                below.extend(each.values())
            elif isinstance(each, list):
                below.extend(each)
        level = below


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonRefused("duplicate_member")
    return members


def _whole(text: str) -> int:
    if len(text) > 20 or int(text) not in _INT64 or text == "-0":
        raise JsonRefused("number")
    return int(text)


def _no_number(text: str) -> Any:
    raise JsonRefused("number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_no_number, parse_constant=_no_number
)
