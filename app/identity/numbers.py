"""Citizen numbers (GB 11643-1999) and names, read and normalised.

Area codes are not checked against today's divisions: numbers issued in abolished counties stay valid for life. The
residence permits for Hong Kong, Macao and Taiwan (81, 82, 83) share the form.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.iso7064 import mod_11_2

from app.core.errors import Fault
from app.identity.errors import IdNumberMalformed, NameMalformed, PhoneMalformed

_ID_NUMBER = re.compile(r"[1-9]\d{16}[\dX]")
_PHONE = re.compile(r"1[3-9]\d{9}")
# 民委发〔2016〕33号: U+00B7 is the only separator; what keyboards put in its place is read as it.
_SEPARATORS = str.maketrans(dict.fromkeys("\u2022\u2027\u30fb\uff0e.\u2219\u3000\uff65", "\u00b7"))


@dataclass(frozen=True)
class IdNumber:
    """A citizen number that passed its own rules."""

    text: str
    birth_date: date
    is_male: bool


def read_id_number(text: str, pointer: str = "/id_number") -> IdNumber:
    """Return the number in canonical form (no spaces, capital X); `pointer`: where it stands in what was sent.

    Raises:
        IdNumberMalformed: wrong length, characters, birth date or check character.
    """
    plain = text.replace(" ", "").upper()
    if not _ID_NUMBER.fullmatch(plain) or not mod_11_2.is_valid(plain):
        raise _malformed(pointer)
    try:
        born = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        raise _malformed(pointer) from None
    return IdNumber(plain, born, int(plain[16]) % 2 == 1)


def _malformed(pointer: str) -> IdNumberMalformed:
    return IdNumberMalformed(faults=(Fault(pointer, "id_number_malformed"),))


def read_name(text: str) -> str:
    """Return the name in normal form: NFC, one kind of separator, no outer spaces; 1 to 50 characters.

    Raises:
        NameMalformed: empty, too long, or with control characters or digits.
    """
    plain = unicodedata.normalize("NFC", text).strip().translate(_SEPARATORS)
    if not 1 <= len(plain) <= 50 or any(unicodedata.category(c)[0] in "CN" for c in plain):
        raise NameMalformed
    return plain


def read_phone(text: str) -> str:
    """Return an 11-digit mainland mobile number.

    Raises:
        PhoneMalformed: anything else.
    """
    plain = text.replace(" ", "").replace("-", "").removeprefix("+86")
    if not _PHONE.fullmatch(plain):
        raise PhoneMalformed
    return plain
