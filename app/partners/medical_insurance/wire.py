"""The words of the medical insurance platform: a transaction code and a version in each message, amounts in yuan.

`infcode`: 0 done, 1404 not on file; every other is an error. The months of settlements are named, also those without
any, and their sum is told beside them.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.partners.readings import DashedDate, TwoDecimals

PATH = "/fsi/api/assistance/enquiry"
TRANSACTION = "3908"
VERSION = "V1.2"

DONE = 0
NOT_ON_FILE = 1404

Month = Annotated[str, Field(pattern=r"^[0-9]{4}(0[1-9]|1[0-2])$")]


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Input(_Wire):
    """Who is asked about, and on what grounds."""

    psn_cert_type: Literal["01"] = "01"  # citizen identity card
    certno: str
    psn_name: str
    purp: str
    case_no: str
    auth_no: str
    opter: str


class Enquiry(_Wire):
    """The request body."""

    infno: str = TRANSACTION
    infver: str = VERSION
    msgid: str
    input: Input


class Insured(_Wire):
    """The insurance: 310 of employees, 390 of residents; 1 in force, 2 lapsed."""

    insutype: Literal["310", "390"]
    psn_insu_stas: Literal["1", "2"]


class Settled(_Wire):
    """What was left to pay in one month."""

    ym: Month
    selfpay: TwoDecimals


class Registration(_Wire):
    """A disease registered: M outpatient care for a chronic one, B a serious one as listed. Which one is not told."""

    dise_type: Literal["M", "B"]
    begndate: DashedDate
    enddate: DashedDate | None


class Output(_Wire):
    """What is on file."""

    data_date: DashedDate
    insu: Insured
    setl: Annotated[list[Settled], Field(max_length=12)]
    selfpay_sum: TwoDecimals
    opsp: Annotated[list[Registration], Field(max_length=100)]


class Reply(_Wire):
    """Every answer; `output` is there where the code says so."""

    infcode: int
    inf_refmsgid: UUID
    infver: str
    output: Output | None = None
