"""A mark in each row of a file that says, to who has the key, which file the row was taken from.

A mark is 18 bytes in base32: the row's place, an HMAC of file and place, and an HMAC of file, place and content. So one
row that leaked tells its file without the rest of it, also when cells were changed, and tells whether they were. To
everybody else it is a random word; a mark cannot be moved to another file, nor made up.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.crypto import Vault

_PLACE, _FILE, _CONTENT = 4, 8, 6  # bytes
_MARK = re.compile(r"[A-Z2-7]{29}")
_COLUMN = "watermarks.row"


@dataclass(frozen=True)
class Mark:
    """What a mark says of its row: the place in the file, from 1, and whether the cells are those that were written."""

    place: int
    unaltered: bool


def write_mark(vault: Vault, file: str, place: int, cells: Sequence[str]) -> str:
    """Return the mark of a row. `file` names the file among all there are."""
    head = place.to_bytes(_PLACE, "big")
    mark = head + _of_file(vault, file, place) + _of_content(vault, file, place, cells)
    return base64.b32encode(mark).decode().rstrip("=")


def find_mark(cells: Sequence[str]) -> int | None:
    """Return where among the cells of a row the mark stands."""
    return next((i for i in range(len(cells) - 1, -1, -1) if _MARK.fullmatch(cells[i])), None)


def read_mark(vault: Vault, file: str, mark: str, cells: Sequence[str]) -> Mark | None:
    """Return what a mark says, if it is one of this file; None if it is another's or nobody's."""
    try:
        raw = base64.b32decode(mark + "=" * (-len(mark) % 8))
    except ValueError:
        return None
    place = int.from_bytes(raw[:_PLACE], "big")
    if raw[_PLACE : _PLACE + _FILE] != _of_file(vault, file, place):
        return None
    return Mark(place, raw[_PLACE + _FILE :] == _of_content(vault, file, place, cells))


def _of_file(vault: Vault, file: str, place: int) -> bytes:
    return vault.index(_COLUMN, f"file\0{file}\0{place}")[:_FILE]


def _of_content(vault: Vault, file: str, place: int, cells: Sequence[str]) -> bytes:
    return vault.index(_COLUMN, "\0".join(("content", file, str(place), *cells)))[:_CONTENT]
