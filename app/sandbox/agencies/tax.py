"""税务: declared income of twelve months. JSON over mutual TLS; wages in yuan by month, invoices in 万元."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.money import fen_to_yuan
from app.sandbox.persons import Taxed
from app.sandbox.population import find
from app.sandbox.world import World, read_body

_CODE = "tax"


class _Head(BaseModel):
    reqId: str = Field(min_length=1, max_length=64)
    purpose: str = Field(min_length=1)
    caseNo: str = Field(min_length=1)
    authNo: str = Field(min_length=1)
    operator: str = Field(min_length=1)


class _Body(BaseModel):
    certType: str
    certNo: str
    name: str


class _Question(BaseModel):
    model_config = ConfigDict(strict=True)

    head: _Head
    body: _Body


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/sjgx/v3/income-of-person")
    async def ask(request: Request) -> JSONResponse:
        if not world.let_in_certificate(request):
            return JSONResponse({"head": {"reqId": "", "code": "9001"}}, 403)
        try:
            question = _Question.model_validate_json(await read_body(request))
        except ValidationError:
            return JSONResponse({"head": {"reqId": "", "code": "9002"}}, 400)
        number = question.head.reqId
        world.store.count_question(
            _CODE, number, "income", about=question.body.certNo, authorisation=question.head.authNo
        )
        person = find(question.body.certNo)
        if person is None or person.taxed is None:
            return JSONResponse({"head": {"reqId": number, "code": "1001"}})
        body = _body(person.taxed, world.today())
        return JSONResponse({"head": {"reqId": number, "code": "00"}, "body": body})

    return routes


def _body(taxed: Taxed, on: date) -> dict[str, Any]:
    last = on.year * 12 + on.month - 2  # declarations of a month are in by the middle of the next
    months = [f"{month // 12}{month % 12 + 1:02d}" for month in range(last - 11, last + 1)]
    declared = [
        {"month": month, "class": income_class, "amount": fen_to_yuan(share)}
        for income_class, fen in (("0101", taxed.wages), ("0700", taxed.property))
        for month, share in zip(months, _spread(fen), strict=True)
        if share
    ]
    return {
        "dataDate": f"{on:%Y%m%d}",
        "months": months,
        "declared": declared,
        "invoiced": f"{taxed.invoiced // 1_000_000}.{taxed.invoiced % 1_000_000:06d}",
    }


def _spread(fen: int) -> list[int]:
    """Spread a year over twelve months; what does not divide falls into the first."""
    return [fen // 12 + fen % 12] + [fen // 12] * 11
