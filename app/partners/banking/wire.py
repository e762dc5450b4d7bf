"""The words of the banks' enquiry platform: camelCase JSON, a ticket now, the answer later by call-back.

Amounts are integers in minor units (fen); '156' is the renminbi. `rspCode` '00': accounts found, '14': no account.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.partners.exchange import Words

PATH = "/v3/balance-enquiries"


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Enquiry(_Wire):
    """The request body."""

    requestNo: str
    certType: Literal["01"] = "01"  # citizen identity card
    certNo: str
    custName: str
    purposeCode: str
    caseNo: str
    authorisationNo: str
    operatorId: str


class Taken(_Wire):
    """The body of a 202."""

    requestNo: UUID
    ticket: Words


class Account(_Wire):
    """One account, its number never told."""

    acctTail: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    ccy: Literal["156"]
    balance: Annotated[int, Field(ge=0, le=10**14)]


class LateReply(_Wire):
    """The call-back body."""

    requestNo: UUID
    ticket: Words
    rspCode: Literal["00", "14"]
    balanceDate: date
    accounts: Annotated[list[Account], Field(max_length=500)]
