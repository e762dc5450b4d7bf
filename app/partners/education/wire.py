"""The words of the school register: lines of UTF-8 with tabs between, amounts in yuan, dates with slashes.

A file of answers ends in a line with the number of its lines, the sum of the aid in them, and HMAC-SM3 over every byte
before that line. 在读: goes to school; 休学: is suspended; 离校: has left, so there is nothing to tell; 查无: never
there; 失败: could not be looked up.
"""

import hmac as compare
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from cryptography.hazmat.primitives import hashes, hmac
from pydantic import TypeAdapter, ValidationError

from app.core.money import yuan_to_fen
from app.partners.batch import BatchOrder
from app.partners.exchange import Words
from app.partners.file_agency import Malformed
from app.partners.readings import SlashedDate, TwoDecimals

MEDIA_TYPE = "text/tab-separated-values; charset=utf-8"
VERSION = "2.0"

STAGES: Mapping[str, str] = MappingProxyType(
    {
        "学前": "kindergarten",
        "小学": "primary",
        "初中": "junior",
        "普通高中": "senior",
        "中等职业": "vocational",
        "专科": "college",
        "本科": "bachelor",
        "研究生": "postgraduate",
    }
)
HERE, SUSPENDED, LEFT, UNKNOWN, FAILED = "在读", "休学", "离校", "查无", "失败"
_BOARDING: Mapping[str, int] = MappingProxyType({"是": 1, "否": 0})
_NOTHING = ("", "", "", "")

_COUNT = re.compile(r"0|[1-9][0-9]{0,5}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY: TypeAdapter[date] = TypeAdapter(SlashedDate)
_MONEY: TypeAdapter[str] = TypeAdapter(TwoDecimals)
_NAME: TypeAdapter[str] = TypeAdapter(Words)


def question_path(serial: str) -> str:
    """Return where questions are put."""
    return f"/xjgl/batch/{serial}.q"


def answer_path(serial: str, number: int) -> str:
    """Return where a file of answers is fetched."""
    return f"/xjgl/batch/{serial}.{number}.a"


def sign(secret: str, *parts: bytes) -> str:
    """Return HMAC-SM3 over parts with line ends between, hex."""
    mac = hmac.HMAC(secret.encode(), hashes.SM3())
    mac.update(b"\n".join(parts))
    return mac.finalize().hex()


def write(order: BatchOrder) -> bytes:
    """Write the questions."""
    rows: list[tuple[str, ...]] = [("学籍查询", VERSION, order.serial, str(len(order.queries)))]
    rows += [
        (
            str(query.reference),
            query.id_number,
            query.name,
            query.purpose,
            query.case,
            query.authorisation,
            query.operator,
        )
        for query in order.queries
    ]
    # What a name or a note might hold of the signs that part the fields would shift all that follows.
    return "".join("\t".join(re.sub(r"[\t\r\n]", " ", field) for field in row) + "\n" for row in rows).encode()


@dataclass(frozen=True)
class Pupil:
    """One person's line. `stage` in our words; all but the first three are None or 0 where the state tells nothing."""

    reference: UUID
    end: str
    state: str
    school: str | None = None
    stage: str | None = None
    boarding: int = 0
    aid_fen: int = 0

    @property
    def is_on_file(self) -> bool:
        """Say whether there is something to tell."""
        return self.state in (HERE, SUSPENDED)


@dataclass(frozen=True)
class File:
    """A file of answers; None stands for a line that cannot be read."""

    serial: str
    number: int
    day: date
    pupils: tuple[Pupil | None, ...]
    count: int
    total: int


def read(body: bytes, secret: str) -> File:
    """Read a file of answers.

    Raises:
        Malformed: head or last line cannot be read, or it is not signed by the register.
    """
    lines = body.split(b"\n")
    if len(lines) < 3 or lines[-1]:
        raise Malformed
    head, tail = _fields(lines[0]), _fields(lines[-2])
    if len(head) != 5 or head[:2] != ["学籍反馈", VERSION] or len(tail) != 4 or tail[0] != "合计":
        raise Malformed
    signed = body[: len(body) - len(lines[-2]) - 1]
    if not compare.compare_digest(sign(secret, signed).encode(), tail[3].encode()):
        raise Malformed
    if not _COUNT.fullmatch(head[3]) or not _COUNT.fullmatch(tail[1]):
        raise Malformed
    try:
        day, total = _DAY.validate_python(head[4]), yuan_to_fen(_MONEY.validate_python(tail[2]))
    except ValidationError:
        raise Malformed from None
    pupils = tuple(_pupil(_fields(line)) for line in lines[1:-2])
    return File(head[2], int(head[3]), day, pupils, int(tail[1]), total)


def _fields(line: bytes) -> list[str]:
    try:
        return line.decode().split("\t")
    except UnicodeDecodeError:
        return []


def _pupil(fields: list[str]) -> Pupil | None:
    if len(fields) != 7 or not _UUID.fullmatch(fields[0]):
        return None
    reference, end, state, told = UUID(fields[0]), fields[1], fields[2], tuple(fields[3:])
    if state in (LEFT, UNKNOWN, FAILED):
        return Pupil(reference, end, state) if told == _NOTHING else None
    if state not in (HERE, SUSPENDED) or told[1] not in STAGES or told[2] not in _BOARDING:
        return None
    try:
        school, aid = _NAME.validate_python(told[0]), yuan_to_fen(_MONEY.validate_python(told[3]))
    except ValidationError:
        return None
    return Pupil(reference, end, state, school, STAGES[told[1]], _BOARDING[told[2]], aid)
