"""What is shown of a person's data where the whole is not needed: one rule for each kind, for every answer and file.

Each mask has a length of its own, whatever it stands for. So a mask tells what it shows and, of a name, whether it has
one, two, three or more characters; how long anything else is, it does not tell. What is too short to leave something
hidden is not shown at all.
"""

import re
import unicodedata
from datetime import date

from stdnum.iso7064 import mod_11_2

HIDDEN = "***"
# Digits of any script, as they are typed: whole, or in the groups that people make of them. A receipt number, which two
# capital letters begin, is none of these.
_BEFORE, _AFTER = r"(?<!\d)(?<![A-Z]{2})", r"(?![\dXx])"
_IN_WORDS = re.compile(
    rf"(?P<long>{_BEFORE}(?:\d{{6}}[ -]?\d{{8}}[ -]?\d{{3}}[\dXx]|\d{{4}}(?:[ -]\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?"
    rf"|\d{{15,19}}){_AFTER})|(?P<phone>(?<!\d)[1\uff11][3-9\uff13-\uff19]\d[ -]?\d{{4}}[ -]?\d{{4}}(?!\d))"
)


def mask_name(name: str) -> str:
    """Show 张* of two characters, 张*三 of three, and the first and last of more: 欧**娜. Of one, nothing.

    The separator of minority names (U+00B7) is one of the characters and not a place to cut: there is no telling a
    family name from a given one. A character is what a reader takes for one: rare ones count once, and a mark or a
    variant selector belongs to what it stands on.
    """
    characters = _characters(name)
    if len(characters) < 2:
        return "*"
    if len(characters) == 2:
        return characters[0] + "*"
    return characters[0] + "*" * min(len(characters) - 2, 2) + characters[-1]


def mask_childs_name(name: str) -> str:
    """Show the first character, as a notice shows a child's name (domain 7.1); of one character, nothing."""
    characters = _characters(name)
    return characters[0] + "**" if len(characters) > 1 else "*"


def mask_id_number(text: str) -> str:
    """Show the first four and last four characters: 5399******0014."""
    return text[:4] + "*" * 6 + text[-4:] if len(text) >= 15 else HIDDEN


def mask_date(day: date) -> str:
    """Show the year: 1980-**-**. With the day, too, little would be left to guess of a number whose ends are shown."""
    return f"{day.year:04d}-**-**"


def mask_phone(text: str) -> str:
    """Show the first three and last four digits of a mobile number; of any other, nothing."""
    return text[:3] + "****" + text[-4:] if len(text) == 11 else HIDDEN


def mask_account(text: str) -> str:
    """Show the last four digits of an account; of one shorter than eight, nothing."""
    return "****" + text[-4:] if len(text) >= 8 else HIDDEN


def mask_address(place: str) -> str:
    """Show the village or neighbourhood, which the division tells anyway, and nothing of what was entered."""
    return place + HIDDEN


def mask_numbers(text: str) -> str:
    """Mask what people write down of themselves and of others in words of their own: identity numbers of 18 characters
    that fit their check character, those of 15 with a date of birth, accounts and cards of 16 to 19 digits (which need
    not fit Luhn: a passbook's does not), mobile numbers. All else stays, as it has to be read."""
    return _IN_WORDS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    plain = re.sub("[ -]", "", unicodedata.normalize("NFKC", found[0])).upper()
    if found["phone"]:
        return mask_phone(plain)
    if len(plain) == 15:
        return mask_id_number(plain) if _is_day("19" + plain[6:12]) else found[0]
    if len(plain) == 18 and mod_11_2.is_valid(plain) and _is_day(plain[6:14]):
        return mask_id_number(plain)
    return mask_account(plain) if plain.isdigit() else found[0]


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _characters(text: str) -> list[str]:
    """Split a text into what a reader takes for characters."""
    found: list[str] = []
    for point in text:
        if found and unicodedata.category(point)[0] == "M":
            found[-1] += point
        else:
            found.append(point)
    return found
