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

from scripts.local.canaries.people import ACCOUNTS, CORE, ID_NUMBERS, PHONES

_NUMBERS = f"(?:{ID_NUMBERS}|{PHONES}|{ACCOUNTS})"
_DEPTH = 2  # a blob in hexadecimal that holds base64 that holds a name

_HEX_RUN = re.compile(rb"[0-9a-fA-F]{18,}")
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{14,}")
_ESCAPED_RUN = re.compile(rb"(?:\\{1,4}u[0-9a-fA-F]{4}|[\x20-\x5b\x5d-\x7e])*\\{1,4}u[0-9a-fA-F]{4}[^\n]*")
_PERCENT_RUN = re.compile(rb"(?:%[0-9a-fA-F]{2}|[\x21-\x7e])*%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2}|[\x21-\x7e])*")
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
        for name, encoding, pattern in _ENCODINGS:
            for match in pattern.finditer(data):
                # A longer number may only contain one; the marker itself has to be known.
                marker = match[0].decode(encoding, "replace")
                if marker in self._known:
                    yield f"{carriage}{name}", marker
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


def _pattern(encoding: str) -> re.Pattern[bytes]:
    """Return the markers' pattern in an encoding: numbers are ASCII, widened to the encoding's units."""
    core = re.escape(CORE.encode(encoding))
    if encoding in ("utf-16-le", "utf-16-be"):
        return re.compile(core + b".{6}|" + _widened(encoding), re.DOTALL)
    if encoding == "utf-8":
        return re.compile(core + b".{9}|" + _NUMBERS.encode(), re.DOTALL)
    return re.compile(core + b".{12}", re.DOTALL)


def _widened(encoding: str) -> bytes:
    """Spell the numbers' pattern for two bytes a character."""
    units = re.findall(r"\[[^]]*\](?:\{\d+\})?|\(\?:|[|)]|[0-9]", _NUMBERS)
    zero = b"\\x00"
    spelled = []
    for unit in units:
        if unit in ("(?:", "|", ")"):
            spelled.append(unit.encode())
            continue
        one, _, times = unit.partition("{")
        pair = one.encode() + zero if encoding == "utf-16-le" else zero + one.encode()
        spelled.append(b"(?:" + pair + b")" + (b"{" + times.encode() if times else b""))
    return b"".join(spelled)


_ENCODINGS = tuple(
    (name, encoding, _pattern(encoding))
    for name, encoding in (
        ("UTF-8", "utf-8"), ("UTF-16LE", "utf-16-le"), ("UTF-16BE", "utf-16-be"), ("GB 18030", "gb18030"),
    )
)  # fmt: skip
_CARRIAGES: tuple[tuple[str, Callable[[bytes], Iterator[bytes]]], ...] = (
    ("hex", _hexadecimal),
    ("base64", _base64),
    ("JSON escapes", _escaped),
    ("percent", _percent),
)
