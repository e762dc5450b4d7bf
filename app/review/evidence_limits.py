"""What a letter to somebody outside may not tell: the household's names and numbers, and what it applies for.

Texts are compared as what is left of them without anything but letters and digits, in one form of each: neither spaces,
dots and invisible characters nor full-width digits hide anything from it.
"""

import re
import unicodedata
from collections.abc import Collection

from app.identity.masks import mask_numbers

# As programs are called by law and in the village. Social assistance as such is what the letter tells anyway.
_PROGRAMS = (
    "最低生活保障",
    "低保",
    "五保",
    "特困人员",
    "特困供养",
    "低收入",
    "边缘家庭",
    "边缘户",
    "刚性支出",
    "临时救助",
)
_LONG_ENOUGH = 2  # characters: any text may hold a name of one


def is_one_line(text: str) -> bool:
    """Say whether a text stays within its paragraph: another line would read as the authority's own words."""
    return text.splitlines() == [text]


def says_too_much(text: str, names: Collection[str]) -> bool:
    """Say whether a text names anybody of the household, tells a number or a program."""
    plain = _plain(text)
    return _tells(text, plain) or any(name in plain for name in _telling(names))


def address_says_too_much(text: str, names: Collection[str]) -> bool:
    """Say the same of an organisation's name and of an address, which may happen to hold a name: only one that stands
    by itself beside other words is somebody's."""
    words = [_plain(word) for word in re.split(r"[^\w·]+", _visible(text)) if word]  # names have that point in them
    apart = len(words) > 1 and not _telling(names).isdisjoint(words)
    return _tells(text, _plain(text)) or apart


def _tells(text: str, plain: str) -> bool:
    numbered = any(mask_numbers(each) != each for each in (text, plain))
    return numbered or any(program in plain for program in _PROGRAMS)


def _telling(names: Collection[str]) -> set[str]:
    return {plain for plain in map(_plain, names) if len(plain) >= _LONG_ENOUGH}


def _plain(text: str) -> str:
    return "".join(each for each in _visible(text).casefold() if each.isalnum())


def _visible(text: str) -> str:
    """Leave out what nobody sees, like a joiner of no width."""
    return "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
