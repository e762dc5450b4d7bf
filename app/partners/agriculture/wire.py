"""The words of agriculture: paged JSON, dates as YYYYMMDD, amounts in yuan, each question signed with time and nonce.

Who has neither machinery nor subsidies on file is code 404 in the body, with HTTP 200.
"""

import hashlib
import hmac
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.partners.readings import CompactDate, TwoDecimals

PATH = "/nyxx/api/v2/farmer/records"
FOUND = 200
NO_RECORD = 404


def sign(secret: str, stamp: str, nonce: str, body: bytes) -> str:
    """Return HMAC-SHA256 over path, time, nonce and the digest of the body, hex."""
    text = "\n".join((PATH, stamp, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Ask(_Wire):
    """The request body."""

    reqNo: str
    certNo: str
    farmer: str
    purpose: str
    caseNo: str
    authNo: str
    operator: str
    pageNum: int


class Machine(_Wire):
    """A machine with a plate of the farm machinery office; `scrappedOn` is null while it is in use."""

    type: Literal["machine"]
    scrappedOn: CompactDate | None


class Subsidy(_Wire):
    """A payment of a subsidy."""

    type: Literal["subsidy"]
    paidOn: CompactDate
    amount: TwoDecimals


class Data(_Wire):
    """One page. `pageNum` counts from 1."""

    asOf: CompactDate
    pageNum: int
    pageCount: int
    total: Annotated[int, Field(ge=1)]
    list: Annotated[
        tuple[Annotated[Machine | Subsidy, Field(discriminator="type")], ...], Field(strict=False, max_length=100)
    ]


class Reply(_Wire):
    """Every answer."""

    reqNo: str
    code: int
    data: Data | None = None
