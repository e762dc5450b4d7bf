"""What one hostile case is."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

Headers = tuple[tuple[bytes, bytes], ...]
JSON: Headers = ((b"content-type", b"application/json"),)


class Slot(StrEnum):
    """Where in a request a case goes."""

    BODY = "body"  # the whole body, with its own headers
    VALUE = "value"  # JSON source text, in place of a member of a good body
    PATH = "path"  # raw bytes, in place of a parameter of the path
    PARAM = "param"  # raw bytes, in place of the value of a query parameter
    QUERY = "query"  # raw bytes, the whole query
    HEADER = "header"  # header lines; of the same name, they take the place of ours


@dataclass(frozen=True)
class Case:
    """One hostile thing. `refused`: it is wrong in itself, and no operation may take it."""

    slot: Slot
    name: str
    raw: bytes = b""
    headers: Headers = ()
    refused: bool = False


def values(family: str, texts: Iterable[object], *, refused: bool = False) -> Iterator[Case]:
    """Return values as members of a body: whatever `json` can write."""
    for number, text in enumerate(texts):
        yield Case(Slot.VALUE, f"{family}-{number}", json.dumps(text, ensure_ascii=False).encode(), refused=refused)


def sources(family: str, texts: Iterable[bytes | str], *, refused: bool = False) -> Iterator[Case]:
    """Return JSON source text as members of a body."""
    for number, text in enumerate(texts):
        raw = text if isinstance(text, bytes) else text.encode()
        yield Case(Slot.VALUE, f"{family}-{number}", raw, refused=refused)


def spelled(slot: Slot, family: str, texts: Iterable[str], *, refused: bool = False) -> Iterator[Case]:
    """Return text as part of an address, percent-encoded."""
    for number, text in enumerate(texts):
        yield Case(slot, f"{family}-{number}", quote(text, safe="").encode(), refused=refused)


def raw(slot: Slot, family: str, texts: Iterable[bytes], *, refused: bool = False) -> Iterator[Case]:
    """Return bytes as they stand."""
    for number, text in enumerate(texts):
        yield Case(slot, f"{family}-{number}", text, refused=refused)
