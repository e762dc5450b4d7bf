"""医保: insurance, what was left to pay by month, diseases registered. JSON by transaction codes over mutual TLS."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.money import fen_to_yuan
from app.sandbox.persons import Care
from app.sandbox.population import find
from app.sandbox.school_and_care import care_of
from app.sandbox.world import World, read_body

_CODE = "medical_insurance"
_TRANSACTION, _VERSION = "3908", "V1.2"
_KINDS = {"employees": "310", "residents": "390"}


class _Input(BaseModel):
    psn_cert_type: str
    certno: str
    psn_name: str
    purp: str = Field(min_length=1)
    case_no: str = Field(min_length=1)
    auth_no: str = Field(min_length=1)
    opter: str = Field(min_length=1)


class _Enquiry(BaseModel):
    model_config = ConfigDict(strict=True)

    infno: str
    infver: str
    msgid: str = Field(min_length=1, max_length=64)
    input: _Input


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/fsi/api/assistance/enquiry")
    async def ask(request: Request) -> JSONResponse:
        if not world.let_in_certificate(request):
            return JSONResponse({"infcode": 1403}, 403)
        try:
            enquiry = _Enquiry.model_validate_json(await read_body(request))
        except ValidationError:
            return JSONResponse({"infcode": 1400, "err_msg": "入参不完整"}, 400)
        shared = {"inf_refmsgid": enquiry.msgid, "infver": _VERSION}
        if (enquiry.infno, enquiry.infver) != (_TRANSACTION, _VERSION):
            return JSONResponse({**shared, "infcode": 1402, "err_msg": "交易不支持"})
        asked = enquiry.input
        world.store.count_question(_CODE, enquiry.msgid, _TRANSACTION, about=asked.certno, authorisation=asked.auth_no)
        person = find(asked.certno)
        care = care_of(person) if person else None
        if care is None:
            return JSONResponse({**shared, "infcode": 1404, "err_msg": "未查询到参保信息"})
        return JSONResponse({**shared, "infcode": 0, "output": _output(care, world.today())})

    return routes


def _output(care: Care, on: date) -> dict[str, Any]:
    last = on.year * 12 + on.month - 2  # what a month cost is known in the next
    months = [f"{month // 12}{month % 12 + 1:02d}" for month in range(last - 11, last + 1)]
    registered = [("M", care.chronic), ("B", care.serious)]
    return {
        "data_date": on.isoformat(),
        "insu": {"insutype": _KINDS[care.kind], "psn_insu_stas": "2" if care.lapsed else "1"},
        "setl": [{"ym": month, "selfpay": fen_to_yuan(fen)} for month, fen in zip(months, care.paid_fen, strict=True)],
        "selfpay_sum": fen_to_yuan(sum(care.paid_fen)),
        "opsp": [
            # One that has ended stays on file.
            {"dise_type": "M", "begndate": "2015-03-01", "enddate": "2017-02-28"},
            *({"dise_type": kind, "begndate": "2024-03-01", "enddate": None} for kind, is_so in registered if is_so),
        ],
    }
