"""Files for spreadsheet programs: CSV (RFC 4180) in UTF-8 with byte order mark, in which no cell is ever a formula.

A spreadsheet program takes a cell for a formula by its first character, whoever wrote it: a name entered on a phone
would be run on the county's machine. Such a cell gets an apostrophe before it, which the program hides. Every cell is
quoted, so that a program which divides at semicolons or tabs makes no new cells out of one; line breaks become blanks,
because not every program heeds the quotes around them.
"""

import re
import unicodedata
from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
MEDIA_TYPE = "text/csv; charset=utf-8"

_TRIGGERS = frozenset("=+-@\t\r＝＋－＠")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ROUNDED = re.compile(r"[0-9]{12,}")  # a spreadsheet program shows these in powers of ten and drops the last digits


def write_line(cells: Iterable[object]) -> str:
    """Return one line of the file; None is an empty cell."""
    return ",".join('"' + write_cell(cell).replace('"', '""') + '"' for cell in cells) + "\r\n"


def write_cell(value: object) -> str:
    """Return what stands in a cell: text in any case, on one line, and no formula."""
    text = "" if value is None else str(value)
    shown = _BREAKS.sub(" ", text).replace("\0", "")
    if _acts(text) or _acts(shown) or _ROUNDED.fullmatch(shown):
        return "'" + shown
    return shown


def _acts(text: str) -> bool:
    """Say whether the first character that counts is one that begins a formula. Programs skip blanks and what is not
    seen; a tab or a line break before the text moves it into a cell of its own."""
    for character in text:
        if character in _TRIGGERS:
            return True
        if not (character.isspace() or unicodedata.category(character) in ("Cc", "Cf")):
            return False
    return False
