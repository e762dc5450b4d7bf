"""残联: disability certificates. Forms in, JSON with Chinese names and codes out."""

from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request

from app.sandbox.persons import Certificate
from app.sandbox.population import find
from app.sandbox.world import World, read_body

_CODE = "disabled_federation"
_NEEDED = ("请求编号", "证件号码", "姓名", "用途", "案件", "授权书", "经办")
_KINDS = {
    "visual": "视力",
    "hearing": "听力",
    "speech": "言语",
    "physical": "肢体",
    "intellectual": "智力",
    "mental": "精神",
    "multiple": "多重",
}


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/cjr/zj/cx")
    async def ask(request: Request) -> dict[str, Any]:
        if not world.let_in_bearer(_CODE, request):
            return {"请求编号": "", "结果": "鉴权失败"}
        fields = {name: values[0] for name, values in parse_qs((await read_body(request)).decode()).items()}
        number = fields.get("请求编号", "")
        if request.headers.get("X-Version") != "2026-01" or not all(fields.get(name) for name in _NEEDED):
            return {"请求编号": number, "结果": "要素不全"}
        world.store.count_question(
            _CODE, number, "certificate", about=fields["证件号码"], authorisation=fields["授权书"]
        )
        person = find(fields["证件号码"])
        if person is None or person.certificate is None:
            return {"请求编号": number, "结果": "无持证记录"}
        answer = {"请求编号": number, "结果": "查询成功", "数据日期": world.today().isoformat()}
        return answer | {"证件": _certificate(person.certificate)}

    return routes


def _certificate(certificate: Certificate) -> dict[str, str]:
    return {
        "残疾类别": _KINDS[certificate.kind],
        "残疾等级": "一二三四"[certificate.grade - 1] + "级",
        "有效期至": certificate.until.isoformat(),
        "状态": "有效",
    }
