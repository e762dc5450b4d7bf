"""人社: social insurance. JSON with Chinese values, two rows a page; nobody insured is an empty list."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.money import fen_to_yuan
from app.sandbox.persons import Insurance
from app.sandbox.population import find
from app.sandbox.world import World, read_body

_CODE = "human_resources"
_PAGE = 2
_KINDS = {
    "employees": "企业职工基本养老保险",
    "officials": "机关事业单位养老保险",
    "residents": "城乡居民基本养老保险",
    "unemployment": "失业保险",
}


class _Question(BaseModel):
    model_config = ConfigDict(strict=True)

    serialNo: str = Field(min_length=1, max_length=64)
    idCard: str
    personName: str
    purpose: str = Field(min_length=1)
    caseNo: str = Field(min_length=1)
    authNo: str = Field(min_length=1)
    operator: str = Field(min_length=1)
    page: int = Field(ge=1)


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/shbx/v1.3/participations")
    async def ask(request: Request) -> dict[str, Any]:
        if not world.let_in_bearer(_CODE, request):
            return {"serialNo": "", "result": "未授权"}
        try:
            question = _Question.model_validate_json(await read_body(request))
        except ValidationError:
            return {"serialNo": "", "result": "参数缺失"}
        if question.page == 1:
            world.store.count_question(
                _CODE, question.serialNo, "shbx", about=question.idCard, authorisation=question.authNo
            )
        person = find(question.idCard)
        rows = [_row(insurance) for insurance in person.insurances] if person else []
        return {
            "serialNo": question.serialNo,
            "result": "成功",
            "dataDate": f"{world.today():%Y%m%d}",
            "page": question.page,
            "pages": -(-len(rows) // _PAGE),
            "total": len(rows),
            "rows": rows[(question.page - 1) * _PAGE : question.page * _PAGE],
        }

    return routes


def _row(insurance: Insurance) -> dict[str, str | None]:
    state = "暂停缴费"
    if insurance.drawn_fen is not None:
        state = "待遇领取"
    elif insurance.wage_fen is not None:
        state = "正常缴费"
    return {
        "insurance": _KINDS[insurance.kind],
        "state": state,
        "unit": "测试单位" if insurance.kind != "residents" else None,
        "payBase": None if insurance.wage_fen is None else fen_to_yuan(insurance.wage_fen),
        "benefit": None if insurance.drawn_fen is None else fen_to_yuan(insurance.drawn_fen),
    }
