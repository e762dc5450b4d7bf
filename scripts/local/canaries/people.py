"""The planted people. Every personal field of theirs carries a marker that nothing else in the world looks like.

Names and free texts carry six characters: three that no text uses (CJK extension A, obsolete forms) and three that
count. Numbers carry a beginning that the sandbox's own population does not have. All are synthetic: names begin with
测试, identity numbers with 539900.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

CORE = "㐀㐈㐐"
_DIGITS = [chr(0x3500 + place) for place in range(40)]
# How each kind of marker begins, and how many characters it has.
BEGINNINGS = ((CORE, 6), ("5399001931", 18), ("5399001933", 18), ("5399002016", 18), ("1901", 11), ("99011", 19))

FIELDS = (
    "head's name",
    "spouse's name",
    "minor's name",
    "address",
    "income in words",
    "reporter's name",
    "report",
    "objection",
    "visit",
    "opinion",
    "reasons",
    "one-time notice",
    "relative of staff",
    "medical paper",
)

# How far each of ten households goes, and which of them are posted in the village.
ENDS = ("paid", "draft", "submitted", "returned", "accepted", "visited", "objected", "terminated", "refused", "notice")
_POSTED = frozenset({"paid", "objected", "notice"})
ON_NOTICE = "head's name, posted"
MEMBERS = 3  # of each household
CONTROL = "control"  # of nobody: left in clear where everything is looked through, to see that it is


@dataclass(frozen=True)
class Member:
    """One planted person."""

    name: str
    id_number: str
    relation: str
    sex: str


@dataclass(frozen=True)
class Planted:
    """One planted household and whoever reports it. `texts`: by field of `FIELDS`."""

    number: int
    members: tuple[Member, ...]
    phone: str
    reporter_phone: str
    account: str
    texts: dict[str, str]

    @property
    def head(self) -> Member:
        """The one who applies."""
        return self.members[0]

    @property
    def end(self) -> str:
        """How far the household goes."""
        return ENDS[self.number % len(ENDS)]


def plant(count: int) -> list[Planted]:
    """Return `count` households; the same every time."""
    return [_household(number) for number in range(count)]


def markers(people: list[Planted]) -> dict[str, str]:
    """Return every marker and the field it stands in."""
    return {control_marker(): CONTROL} | {marker: field for person in people for marker, field in _markers_of(person)}


def control_marker() -> str:
    """Return the marker that belongs to nobody."""
    return CORE + _DIGITS[-1] * 3


def _markers_of(person: Planted) -> Iterator[tuple[str, str]]:
    for field in FIELDS:
        public = field == "head's name" and person.end in _POSTED
        yield _token(person.number, field), ON_NOTICE if public else field
    for member in person.members:
        yield member.id_number, "minor's number" if member.relation == "child" else "identity number"
    yield person.phone, "phone"
    yield person.reporter_phone, "reporter's phone"
    yield person.account, "account"


def _household(number: int) -> Planted:
    texts = {field: f"测试{_token(number, field)}" for field in FIELDS}
    return Planted(
        number=number,
        members=(
            Member(texts["head's name"], _id_number(date(1931, 1, 1), number, male=True), "self", "male"),
            Member(texts["spouse's name"], _id_number(date(1933, 1, 1), number, male=False), "spouse", "female"),
            Member(texts["minor's name"], _id_number(date(2016, 1, 1), number, male=True), "child", "male"),
        ),
        phone=f"19010{number:06d}",
        reporter_phone=f"19011{number:06d}",
        account=_account(number),
        texts=texts,
    )


def _token(number: int, field: str) -> str:
    """Return six characters for one field of one household."""
    counted = number * len(FIELDS) + FIELDS.index(field)
    base = len(_DIGITS)
    return CORE + "".join(_DIGITS[counted // base**power % base] for power in (2, 1, 0))


def _id_number(first: date, number: int, *, male: bool) -> str:
    born = first + timedelta(days=number % 365)
    body = f"539900{born:%Y%m%d}{number // 365 * 2 + (1 if male else 0):03d}"
    return body + str(mod_11_2.calc_check_digit(body))


def _account(number: int) -> str:
    body = f"99011{number:013d}"
    return body + luhn.calc_check_digit(body)
