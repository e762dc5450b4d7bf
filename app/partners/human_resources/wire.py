"""The words of human resources: JSON in English names with Chinese values, lists in pages, dates as YYYYMMDD, yuan.

Nobody insured is an empty list. Values that are not among these are a change of theirs that somebody has to read:
they are never passed over, for a row left out would count as nothing.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.partners.readings import CompactDate, TwoDecimals

PATH = "/shbx/v1.3/participations"
SUCCESS = "成功"
NOT_LET_IN = "未授权"

PENSIONS = frozenset({"企业职工基本养老保险", "机关事业单位养老保险", "城乡居民基本养老保险"})
UNEMPLOYMENT = "失业保险"


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Ask(_Wire):
    """The request body."""

    serialNo: str
    idCard: str
    personName: str
    purpose: str
    caseNo: str
    authNo: str
    operator: str
    page: int


class Participation(_Wire):
    """One insurance of a person: `payBase`, on which contributions are paid, and `benefit`, drawn each month."""

    insurance: Literal["企业职工基本养老保险", "机关事业单位养老保险", "城乡居民基本养老保险", "失业保险", "工伤保险"]
    state: Literal["正常缴费", "暂停缴费", "待遇领取", "终止"]
    payBase: TwoDecimals | None
    benefit: TwoDecimals | None


class Page(_Wire):
    """Every answer. `page` counts from 1."""

    serialNo: str
    result: str
    dataDate: CompactDate | None = None
    page: int = 1
    pages: int = 0
    total: Annotated[int, Field(ge=0)] = 0
    rows: Annotated[tuple[Participation, ...], Field(strict=False, max_length=100)] = ()
