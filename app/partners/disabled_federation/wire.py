"""The words of the disabled persons' federation: a form out, JSON back with names and codes in Chinese."""

from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from app.partners.base import Query
from app.partners.readings import DashedDate

PATH = "/cjr/zj/cx"
VERSION = "2026-01"  # in a header

KINDS = {
    "视力": "visual",
    "听力": "hearing",
    "言语": "speech",
    "肢体": "physical",
    "智力": "intellectual",
    "精神": "mental",
    "多重": "multiple",
}
GRADES = {"一级": 1, "二级": 2, "三级": 3, "四级": 4}
FOUND = "查询成功"
NO_RECORD = "无持证记录"
NOT_LET_IN = "鉴权失败"


def write_form(query: Query) -> bytes:
    """Write the question."""
    fields = {
        "请求编号": str(query.reference),
        "证件号码": query.id_number,
        "姓名": query.name,
        "用途": query.purpose,
        "案件": query.case,
        "授权书": query.authorisation,
        "经办": query.operator,
    }
    return urlencode(fields).encode()


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", populate_by_name=True)


class Certificate(_Wire):
    """A certificate. It is good while it is 有效 and its last day has not passed."""

    kind: Literal["视力", "听力", "言语", "肢体", "智力", "精神", "多重"] = Field(alias="残疾类别")
    grade: Literal["一级", "二级", "三级", "四级"] = Field(alias="残疾等级")
    until: DashedDate = Field(alias="有效期至")
    state: Literal["有效", "冻结", "注销"] = Field(alias="状态")


class Reply(_Wire):
    """Every answer."""

    number: str = Field(alias="请求编号")
    result: str = Field(alias="结果")
    on: DashedDate | None = Field(default=None, alias="数据日期")
    certificate: Certificate | None = Field(default=None, alias="证件")
