"""The bank's words: a batch file with header, details and trailer in GB18030, JSON answers, signed questions.

    H|DB20|<batch>|<count>|<total, yuan>|<SHA-256 of the detail lines>
    D|<sequence>|<line>|<account>|<name>|<amount, yuan>
    T|<count>

Lines end with CR LF. The digest does not depend on when a file was made: the same batch has the same digest for ever.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.core.money import fen_to_yuan
from app.partners.exchange import Words
from app.partners.paying_bank.base import BatchRefused, PaymentOrder

ENCODING = "GB18030"
MEDIA_TYPE = f"text/plain; charset={ENCODING}"
VERSION = "DB20"

_WRITABLE = re.compile(r"[^|\x00-\x1f\x7f-\x9f]+")

ACCEPTED = "0000"
NO_SUCH_BATCH = "E404"
REFUSALS = {
    "E101": "wrong_totals",  # count
    "E102": "wrong_totals",  # sum
    "E103": "malformed",  # digest
    "E104": "malformed",  # format
    "E201": "other_content",
}


def sign(secret: str, method: str, path: str, body: bytes) -> str:
    """Return the signature of a request: HMAC-SHA256 over method, path below the base address and body, hex."""
    return hmac.new(secret.encode(), f"{method}\n{path}\n".encode() + body, hashlib.sha256).hexdigest()


def write_batch(batch_id: str, lines: Sequence[PaymentOrder], total_fen: int) -> bytes:
    """Write the file.

    Raises:
        BatchRefused: 'unwritable': a name or account that would break the file.
    """
    details = b"".join(_detail(batch_id, number, line) for number, line in enumerate(lines, start=1))
    digest = hashlib.sha256(details).hexdigest()
    header = f"H|{VERSION}|{batch_id}|{len(lines)}|{fen_to_yuan(total_fen)}|{digest}\r\n"
    return header.encode(ENCODING) + details + f"T|{len(lines)}\r\n".encode(ENCODING)


def _detail(batch_id: str, number: int, line: PaymentOrder) -> bytes:
    fields = (line.line_id, line.account, line.payee_name)
    # The file has no escapes: a separator in a name would move every later field by one.
    if not all(_WRITABLE.fullmatch(field) for field in fields):
        raise BatchRefused(batch_id, "unwritable", line.line_id)
    text = f"D|{number}|{'|'.join(fields)}|{fen_to_yuan(line.amount_fen)}\r\n"
    try:
        return text.encode(ENCODING)
    except UnicodeEncodeError:
        raise BatchRefused(batch_id, "unwritable", line.line_id) from None


def _read_date(value: object) -> date:
    if not isinstance(value, str) or len(value) != 8 or not (value.isascii() and value.isdigit()):
        raise ValueError("not a date of the form YYYYMMDD")
    return datetime.strptime(f"{value}+0000", "%Y%m%d%z").date()


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Verdict(_Wire):
    """The answer to a file, and the body of every refusal."""

    retCode: Annotated[str, Field(pattern=r"^[0-9A-Z]{4}$")]
    batchNo: str
    lineNo: str | None = None


class Result(_Wire):
    """What became of one line: 'S' with serial number and date, 'F' with a code."""

    lineNo: Words
    amt: Annotated[int, Field(ge=1, le=10**12)]  # fen
    status: Literal["S", "F"]
    serialNo: Words | None = None
    valueDate: Annotated[date | None, BeforeValidator(lambda value: value and _read_date(value))] = None
    errCode: Annotated[str, Field(pattern=r"^[0-9A-Z]{3}$")] | None = None


class Progress(Verdict):
    """The answer to a question about a batch; results in parts, counted from 1."""

    status: Literal["RECEIVED", "DONE"]
    part: Annotated[int, Field(ge=1)] = 1
    parts: Annotated[int, Field(ge=1, le=100_000)] = 1
    results: Annotated[list[Result], Field(max_length=1000)] = []


class ReceiptFile(_Wire):
    """The body of a receipts call-back."""

    batchNo: Annotated[str, Field(min_length=1, max_length=64)]
    results: Annotated[list[Result], Field(min_length=1, max_length=1000)]
