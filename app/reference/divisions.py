"""Division codes as text: everything that can be said from the 12 digits alone.

A code is province (2 digits), prefecture (2), county (2), township (3), village (3); what lies above ends in zeros. A
few prefectures have no counties, so a zero segment may stand before a non-zero one (441900003000 is a town directly
under a prefecture): a level is told by the last segment that is not zero, never by counting.
"""

import re
from enum import StrEnum

from app.reference.errors import DivisionMalformed

NATION = "000000000000"  # the area of what holds everywhere; no division has this code
_CODE = re.compile(r"[1-9][0-9]{11}", re.ASCII)


class Level(StrEnum):
    """How high a division stands, highest first."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class AreaClass(StrEnum):
    """Which of the two standards a village-level unit falls under where town and country differ."""

    URBAN = "urban"
    RURAL = "rural"


_DIGITS = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


def parse_division(code: str) -> str:
    """Return `code` if it has the form of a division code.

    Raises:
        DivisionMalformed: it is not 12 digits, or begins with a zero.
    """
    if not _CODE.fullmatch(code):
        raise DivisionMalformed("division_code")
    return code


def level_of(code: str) -> Level:
    """Say at which level `code` stands.

    Raises:
        DivisionMalformed: not a division code.
    """
    significant = len(parse_division(code).rstrip("0"))
    return next(level for level, digits in _DIGITS.items() if significant <= digits)


def lineage(code: str) -> tuple[str, ...]:
    """Return the codes from the province down to `code` itself, whether or not each of them exists.

    Codes of one lineage sort from the root down, so that "the most specific" is simply the greatest.

    Raises:
        DivisionMalformed: not a division code.
    """
    level = level_of(code)
    above = [code[:digits].ljust(12, "0") for upper, digits in _DIGITS.items() if digits <= _DIGITS[level]]
    return tuple(dict.fromkeys(above))


def scope_of(code: str) -> tuple[str, str]:
    """Return the lowest and highest code, inclusive, of `code` and all that lies below it; NATION covers everything.

    Raises:
        DivisionMalformed: neither a division code nor NATION.
    """
    digits = 0 if code == NATION else _DIGITS[level_of(code)]
    return code, code[:digits].ljust(12, "9")


def covers(scope_code: str, code: str) -> bool:
    """Say whether `code` is `scope_code` or lies below it.

    Raises:
        DivisionMalformed: `scope_code` is neither a division code nor NATION.
    """
    low, high = scope_of(scope_code)
    return len(code) == len(low) and low <= code <= high


def province_of(code: str) -> str:
    """Return the first two digits: the province.

    Raises:
        DivisionMalformed: not a division code.
    """
    return parse_division(code)[:2]


def county_of(code: str) -> str:
    """Return the first six digits: the county of a county, township or village, the key a case is kept under.

    Raises:
        DivisionMalformed: not a division code.
    """
    return parse_division(code)[:6]


def area_class_of(village_code: str) -> AreaClass:
    """Say whether a village-level code belongs to a neighbourhood (urban) or a village committee (rural).

    Third segment: 001–199 neighbourhood committees, 200–399 village committees; 400–499 and 500–599 stand in for
    the one and the other (zones and prisons; farms). Statistical coding practice; the names in the 2023 edition agree.

    Raises:
        DivisionMalformed: not a village-level code, or a third segment of 600 and above.
    """
    if level_of(village_code) is not Level.VILLAGE or village_code[9] > "5":
        raise DivisionMalformed("not_a_village_code")
    return AreaClass.URBAN if village_code[9] in "014" else AreaClass.RURAL
