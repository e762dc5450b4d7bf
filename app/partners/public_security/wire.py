"""The words of public security: one POST address, Pinyin names, an envelope with a code, local times without a zone.

`xm` name · `sfzh` identity number · `qqbh` our request number · `cxlx` kind of question · `cxmd` purpose · `ajbh` case
· `sqbh` authorisation · `czy` operator · `sjsj` time of the data · `hcjg` result of the comparison.
"""

from datetime import date
from enum import IntEnum, StrEnum
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime

from app.partners.exchange import Words

PATH = "/rkxx/v2/cx"

DataT = TypeVar("DataT")


class Kind(StrEnum):
    """`cxlx`: what is asked."""

    IDENTITY = "SFHC"
    REGISTER = "HJXX"
    VEHICLES = "CLXX"


class Code(IntEnum):
    """The codes we know. Every other one is a failure of theirs."""

    FOUND = 1000
    NOT_LET_IN = 1401
    NO_RECORD = 1404


class _Wire(BaseModel):
    # Fields they add later are none of our business; types are never guessed.
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Ask(_Wire):
    """The request body."""

    qqbh: str
    cxlx: Kind
    sfzh: str
    xm: str
    cxmd: str
    ajbh: str
    sqbh: str
    czy: str


class Envelope(_Wire, Generic[DataT]):
    """Every answer, also a refusal, comes with HTTP 200 in this envelope."""

    code: int
    message: str = ""
    qqbh: UUID | None = None
    data: DataT | None = None


class Identity(_Wire):
    """Comparison of name and number: '1' they belong together, '2' they do not (the true name is not told)."""

    hcjg: Literal["1", "2"]
    xm: Words | None = None
    csrq: date | None = None
    sjsj: NaiveDatetime


class Register(_Wire):
    """An entry of the household register."""

    xm: Words
    csrq: date
    hjqh: Annotated[str, Field(pattern=r"^[0-9]{12}$")]  # division of the registered address
    hh: Words  # household number
    dz: Words | None = None  # the registered address, where the place has it
    sjsj: NaiveDatetime


class Vehicle(_Wire):
    """One vehicle. Of the states only 'E' (cancelled) and 'M' (cancelled by order) mean that it is gone."""

    zt: Annotated[str, Field(pattern=r"^[A-Z]$")]


class Vehicles(_Wire):
    """All vehicles ever registered to the person."""

    cls: Annotated[list[Vehicle], Field(max_length=200)]
    sjsj: NaiveDatetime
