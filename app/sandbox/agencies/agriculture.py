"""农业农村: machinery and subsidies. Paged JSON; questions signed over path, time, nonce and body."""

import hashlib
import hmac
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.money import fen_to_yuan
from app.sandbox.persons import Person
from app.sandbox.population import find
from app.sandbox.signatures import Nonces, is_recent
from app.sandbox.world import World, read_body

_CODE = "agriculture"
_PATH = "/nyxx/api/v2/farmer/records"
_PAGE = 2


class _Question(BaseModel):
    model_config = ConfigDict(strict=True)

    reqNo: str = Field(min_length=1, max_length=64)
    certNo: str
    farmer: str
    purpose: str = Field(min_length=1)
    caseNo: str = Field(min_length=1)
    authNo: str = Field(min_length=1)
    operator: str = Field(min_length=1)
    pageNum: int = Field(ge=1)


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes, nonces = APIRouter(prefix=f"/agencies/{_CODE}"), Nonces()

    @routes.post(_PATH)
    async def ask(request: Request) -> JSONResponse:
        body = await read_body(request)
        if not _signed(request, body, world.connections[_CODE].secret, nonces):
            return JSONResponse({"reqNo": "", "code": 401}, 401)
        try:
            question = _Question.model_validate_json(body)
        except ValidationError:
            return JSONResponse({"reqNo": "", "code": 400})
        if question.pageNum == 1:
            world.store.count_question(
                _CODE, question.reqNo, "records", about=question.certNo, authorisation=question.authNo
            )
        person = find(question.certNo)
        rows = _rows(person, world.today()) if person else []
        if not rows:
            return JSONResponse({"reqNo": question.reqNo, "code": 404})
        page = question.pageNum
        data = {
            "asOf": f"{world.today():%Y%m%d}",
            "pageNum": page,
            "pageCount": -(-len(rows) // _PAGE),
            "total": len(rows),
            "list": rows[(page - 1) * _PAGE : page * _PAGE],
        }
        return JSONResponse({"reqNo": question.reqNo, "code": 200, "data": data})

    return routes


def _signed(request: Request, body: bytes, secret: str, nonces: Nonces) -> bool:
    stamp, nonce = request.headers.get("X-Ts", ""), request.headers.get("X-Nonce", "")
    text = "\n".join((_PATH, stamp, nonce, hashlib.sha256(body).hexdigest()))
    expected = "HMAC-SHA256 " + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    shown = request.headers.get("Authorization", "")
    return hmac.compare_digest(expected.encode(), shown.encode()) and is_recent(stamp) and nonces.take(nonce)


def _rows(person: Person, on: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "type": "machine",
            "name": machine.name,
            "scrappedOn": f"{machine.scrapped_on:%Y%m%d}" if machine.scrapped_on else None,
        }
        for machine in person.machines
    ]
    if person.farm_subsidy_fen:
        name, amount = "耕地地力保护补贴", fen_to_yuan(person.farm_subsidy_fen)
        rows += [
            {"type": "subsidy", "name": name, "paidOn": f"{on - timedelta(days=days):%Y%m%d}", "amount": amount}
            for days in (120, 485)  # this year's and the one before
        ]
    return rows
