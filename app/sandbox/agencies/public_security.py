"""公安: identity, household register, vehicles. JSON in Pinyin words; refusals come with HTTP 200 and a code."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.clock import SHANGHAI
from app.sandbox.persons import Person
from app.sandbox.population import find
from app.sandbox.world import World, read_body

_CODE = "public_security"


class _Question(BaseModel):
    model_config = ConfigDict(strict=True)

    qqbh: str = Field(min_length=1, max_length=64)
    cxlx: str
    sfzh: str
    xm: str
    cxmd: str = Field(min_length=1)
    ajbh: str = Field(min_length=1)
    sqbh: str = Field(min_length=1)
    czy: str = Field(min_length=1)


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/rkxx/v2/cx")
    async def ask(request: Request) -> dict[str, Any]:
        if not world.let_in_bearer(_CODE, request):
            return {"code": 1401, "message": "未授权"}
        try:
            question = _Question.model_validate_json(await read_body(request))
        except ValidationError:
            return {"code": 1400, "message": "请求不完整：目的、案件、授权、操作员均为必填"}
        world.store.count_question(
            _CODE, question.qqbh, question.cxlx, about=question.sfzh, authorisation=question.sqbh
        )
        data = _look_up(question, world.clock.now())
        if data is None:
            return {"code": 1404, "message": "库中无此记录", "qqbh": question.qqbh, "data": None}
        return {"code": 1000, "message": "成功", "qqbh": question.qqbh, "data": data}

    return routes


def _look_up(question: _Question, now: datetime) -> dict[str, Any] | None:
    person = find(question.sfzh)
    if person is None or person.register_cancelled:
        return None
    stamp = {"sjsj": now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")}
    if question.cxlx == "SFHC":
        return _identity(person, question.xm) | stamp
    if question.cxlx == "HJXX":
        return _register(person) | stamp
    if question.cxlx == "CLXX" and person.vehicles:
        return {"cls": [_vehicle(person, n) for n in range(len(person.vehicles))]} | stamp
    return None


def _identity(person: Person, name: str) -> dict[str, Any]:
    if person.name != name:
        return {"hcjg": "2"}
    return {"hcjg": "1", "xm": person.name, "csrq": person.birth_date.isoformat()}


def _register(person: Person) -> dict[str, Any]:
    return {
        "xm": person.name,
        "csrq": person.birth_date.isoformat(),
        "hjqh": person.division,
        "hh": person.household,
        "dz": person.address,
    }


def _vehicle(person: Person, number: int) -> dict[str, str]:
    vehicle = person.vehicles[number]
    return {
        "hphm": vehicle.plate,
        "clxh": vehicle.model,
        "ccdjrq": vehicle.first_registered.isoformat(),
        "zt": "E" if vehicle.scrapped else "A",
    }
