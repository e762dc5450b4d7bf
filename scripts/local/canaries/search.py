"""Finds markers in bytes, in clear or in any of the ways in which text is carried about without being protected.

Looked for: UTF-8, UTF-16 (both orders), GB 18030, hexadecimal, base64 (also URL-safe, at every alignment), JSON escapes
and percent-encoding, and one of these inside another. What is compressed is not looked into: tables are read through
SQL, which unpacks them.
"""

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote_to_bytes

from scripts.local.canaries.people import BEGINNINGS, CORE

_DEPTH = 2  # a blob in hexadecimal that holds base64 that holds a name

_HEX_RUN = re.compile(rb"[0-9a-fA-F]{18,}")
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{14,}")
# Only the six characters of a text are ever escaped; digits stay digits.
_ESCAPED_RUN = re.compile(rb"(?:\\{1,4}u[0-9a-fA-F]{4}){6,}")
_PERCENT_RUN = re.compile(rb"(?:%[0-9a-fA-F]{2}){18,}")
_ESCAPE = re.compile(rb"\\{1,4}u([0-9a-fA-F]{4})")


class Search:
    """Looks for a set of markers. `known`: each marker and its field."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known

    def find(self, data: bytes) -> Counter[tuple[str, str]]:
        """Return how often each field was found in each carriage: (field, carriage)."""
        found: Counter[tuple[str, str]] = Counter()
        for carriage, marker in self._look(data, "", _DEPTH):
            found[self._known[marker], carriage] += 1
        return found

    def _look(self, data: bytes, carriage: str, depth: int) -> Iterator[tuple[str, str]]:
        for name, encoding, beginning, length in _NEEDLES:
            place = data.find(beginning)
            while place >= 0:
                marker = data[place : place + length].decode(encoding, "replace")
                if marker in self._known:
                    yield f"{carriage}{name}", marker
                place = data.find(beginning, place + 1)
        if depth:
            for name, unpack in _CARRIAGES:
                for inner in unpack(data):
                    yield from self._look(inner, f"{carriage}{name} of ", depth - 1)


def _hexadecimal(data: bytes) -> Iterator[bytes]:
    for run in _HEX_RUN.findall(data):
        for start in (0, 1):
            whole = run[start : start + (len(run) - start) // 2 * 2]
            yield bytes.fromhex(whole.decode())


def _base64(data: bytes) -> Iterator[bytes]:
    for run in _BASE64_RUN.findall(data):
        plain = run.translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):
            whole = plain[start:]
            if len(whole) % 4 == 1:
                whole = whole[:-1]
            yield base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _escaped(data: bytes) -> Iterator[bytes]:
    for run in _ESCAPED_RUN.findall(data):
        yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)).encode("utf-8", "replace"), run)


def _percent(data: bytes) -> Iterator[bytes]:
    for run in _PERCENT_RUN.findall(data):
        yield unquote_to_bytes(run)


# Name, encoding, and how many bytes a character of a number and of a text has in it.
_ENCODINGS = (
    ("UTF-8", "utf-8", 1, 3),
    ("UTF-16LE", "utf-16-le", 2, 2),
    ("UTF-16BE", "utf-16-be", 2, 2),
    ("GB 18030", "gb18030", 1, 4),
)
_NEEDLES = tuple(
    (name, encoding, beginning.encode(encoding), length * (wide if beginning == CORE else narrow))
    for name, encoding, narrow, wide in _ENCODINGS
    for beginning, length in BEGINNINGS
    # digits are the same bytes in GB 18030 as in UTF-8
    if not (encoding == "gb18030" and beginning != CORE)
)
_CARRIAGES: tuple[tuple[str, Callable[[bytes], Iterator[bytes]]], ...] = (
    ("hex", _hexadecimal),
    ("base64", _base64),
    ("JSON escapes", _escaped),
    ("percent", _percent),
)
