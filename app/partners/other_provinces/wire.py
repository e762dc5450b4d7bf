"""The words of the exchange between provinces: a message is a head, a body in base64, and HMAC-SM3 over both.

The exchange passes a question (`REQ`) on to the checking centre of the province it is addressed to, acknowledges it
(`ACK`) under a number of its own, and brings that centre's answer (`ANS`) when there is one. What the exchange says at
once is signed with the secret we show it, what it brings later with the one it shows us.
"""

import base64
import binascii
import hmac as compare
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives import hashes, hmac
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.partners.readings import DashedDate

PATH = "/ydxt/v1/messages"
VERSION = "1.1"

FOUND = "FOUND"
NONE = "NONE"

SCHEMES: Mapping[str, str] = MappingProxyType(
    {
        "最低生活保障": "living_allowance",
        "低保边缘家庭": "edge_family",
        "特困人员救助供养": "destitute_support",
        "刚性支出困难家庭": "rigid_expense_family",
        "临时救助": "temporary_aid",
        "残疾人两项补贴": "disability_subsidies",
        "孤儿基本生活保障": "orphan_support",
    }
)
UNLISTED = "unlisted:XX"  # assistance by a name of that province's own

Province = Annotated[str, Field(pattern=r"^[1-9][0-9]0000$")]
Count = Annotated[int, Field(ge=0, le=1000)]


class NotTheirs(Exception):
    """Not a message of the exchange: another shape, or not signed by it. Says nothing of what stands in it."""


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Head(_Wire):
    """Where a message belongs. `ref`: the question, under our number; `province`: whom it is for, or from."""

    ver: Literal["1.1"] = "1.1"
    type: Literal["REQ", "ACK", "ANS"]
    ref: UUID
    province: Province


class Message(_Wire):
    """A whole message."""

    head: Head
    body: Annotated[str, Field(max_length=60_000)]
    mac: str


class Request(_Wire):
    """Who is asked about, and on what grounds."""

    certNo: str
    name: str
    purpose: str
    caseNo: str
    authNo: str
    operator: str


class Receipt(_Wire):
    """The exchange's own number for a question that it took."""

    ticket: Annotated[str, Field(pattern=r"^[0-9A-Z-]{1,40}$")]


class Registers(_Wire):
    """What the registers of a province hold about one person."""

    benefits: Annotated[list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=20)]
    dwellings: Count
    vehicles: Count
    businesses: Count


class Result(_Wire):
    """What a checking centre found; `registers` is there where it found something."""

    outcome: Literal["FOUND", "NONE"]
    asOf: DashedDate
    registers: Registers | None = None


BodyT = TypeVar("BodyT", bound=BaseModel)


def _mac(secret: str, head: Head, body: str) -> str:
    mac = hmac.HMAC(secret.encode(), hashes.SM3())
    # None of these parts can hold a line end, so none can pass for another.
    mac.update("\n".join((head.ver, head.type, str(head.ref), head.province, body)).encode())
    return mac.finalize().hex()


def write(secret: str, head: Head, body: BaseModel) -> bytes:
    """Write a message and sign it."""
    text = base64.b64encode(body.model_dump_json().encode()).decode()
    return Message(head=head, body=text, mac=_mac(secret, head, text)).model_dump_json().encode()


def read(secret: str, kind: str, model: type[BodyT], message: bytes) -> tuple[Head, BodyT]:
    """Read a message of a kind, if it was signed with `secret`.

    Raises:
        NotTheirs: it is none, or not signed by whoever has the secret; with none agreed on nobody can have.
    """
    try:
        read = Message.model_validate_json(message)
        expected = _mac(secret, read.head, read.body).encode()
        if not secret or read.head.type != kind or not compare.compare_digest(expected, read.mac.encode()):
            raise NotTheirs
        return read.head, model.model_validate_json(base64.b64decode(read.body, validate=True))
    except (ValidationError, binascii.Error, UnicodeEncodeError):
        raise NotTheirs from None
