"""The words of the housing fund: a form out, JSON back, amounts in yuan, dates with dashes, every answer with a code.

Both ways are signed with HMAC-SM3: a question over its time, its nonce and its form, an answer over the nonce and its
body, so that no answer passes for that to another question.
"""

from typing import Annotated, Literal
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes, hmac
from pydantic import BaseModel, ConfigDict, StringConstraints

from app.partners.base import Query
from app.partners.readings import DashedDate, TwoDecimals

PATH = "/gjj/query"
VERSION = "1.4"  # in a header

FOUND = "0000"
NO_RECORD = "0001"


def sign(secret: str, *parts: bytes) -> str:
    """Return HMAC-SM3 over parts with line ends between, hex."""
    mac = hmac.HMAC(secret.encode(), hashes.SM3())
    mac.update(b"\n".join(parts))
    return mac.finalize().hex()


def write_form(query: Query) -> bytes:
    """Write the question."""
    return urlencode(
        {
            "ywlsh": str(query.reference),
            "zjhm": query.id_number,
            "xm": query.name,
            "cxsy": query.purpose,
            "ajh": query.case,
            "sqsbh": query.authorisation,
            "jbr": query.operator,
        }
    ).encode()


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Account(_Wire):
    """An account of the fund. `grzt`: 01 paid into, 02 sealed (nobody pays), 03 closed."""

    grzt: Literal["01", "02", "03"]
    yjce: TwoDecimals  # what comes in each month
    grzhye: TwoDecimals  # balance


class Reply(_Wire):
    """Every answer; `zh` is there where the code says so."""

    ywlsh: str
    rtn: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    sjrq: DashedDate | None = None
    zh: Account | None = None
