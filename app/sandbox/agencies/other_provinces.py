"""异地协同: the exchange between provinces. Every question is acknowledged, and answered by a signed message later.

The same question put again gets the same ticket, and its answer once more if that was acknowledged already.
"""

import base64
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as macs
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.sandbox.persons import Elsewhere
from app.sandbox.population import find
from app.sandbox.world import World, read_body

_CODE = "other_provinces"
_PATH = "/v1/partner/check-answers"
_SCHEMES = {
    "living_allowance": "最低生活保障",
    "destitute_support": "特困人员救助供养",
    "temporary_aid": "临时救助",
    "disability_subsidies": "残疾人两项补贴",
}


class _Head(BaseModel):
    ver: str
    type: str
    ref: str = Field(min_length=1, max_length=64)
    province: str = Field(pattern=r"^[1-9][0-9]0000$")


class _Message(BaseModel):
    model_config = ConfigDict(strict=True)

    head: _Head
    body: str
    mac: str


class _Question(BaseModel):
    model_config = ConfigDict(strict=True)

    certNo: str = Field(min_length=1)
    name: str = Field(min_length=1)
    purpose: str = Field(min_length=1)
    caseNo: str = Field(min_length=1)
    authNo: str = Field(min_length=1)
    operator: str = Field(min_length=1)


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")
    secret = world.connections[_CODE].secret

    @routes.post("/ydxt/v1/messages")
    async def take(request: Request) -> JSONResponse:
        try:
            message = _Message.model_validate_json(await read_body(request))
            expected = _mac(secret, message.head, message.body)
            if message.head.type != "REQ" or not hmac.compare_digest(expected.encode(), message.mac.encode()):
                return JSONResponse({"error": "signature"}, 403)
            question = _Question.model_validate_json(base64.b64decode(message.body, validate=True))
        except (ValidationError, ValueError):
            return JSONResponse({"error": "message incomplete"}, 400)
        head = message.head
        world.store.count_question(_CODE, head.ref, "registers", about=question.certNo, authorisation=question.authNo)
        ticket = _take(world, head, question)
        if ticket is None:
            return JSONResponse({"error": "ref was used for another person"}, 409)
        return JSONResponse(_signed(secret, head.model_copy(update={"type": "ACK"}), {"ticket": ticket}), 202)

    return routes


def _mac(secret: str, head: _Head, body: str) -> str:
    mac = macs.HMAC(secret.encode(), hashes.SM3())
    mac.update("\n".join((head.ver, head.type, head.ref, head.province, body)).encode())
    return mac.finalize().hex()


def _signed(secret: str, head: _Head, said: dict[str, Any]) -> dict[str, Any]:
    body = base64.b64encode(json.dumps(said, ensure_ascii=False).encode()).decode()
    return {"head": head.model_dump(), "body": body, "mac": _mac(secret, head, body)}


def _take(world: World, head: _Head, question: _Question) -> str | None:
    """Return the ticket; None when the number stands for another question already."""
    asked = json.dumps([head.province, question.certNo, question.name])
    with world.store.together():
        known = world.store.find_enquiry(head.ref)
        if known is not None:
            if known["question"] != asked:
                return None
            world.store.repeat_callback(known["callback"], world.answer_time())
            return str(known["ticket"])
        ticket = f"YD{world.today():%Y%m%d}-{head.ref.replace('-', '')[-12:].upper()}"
        answer = head.model_copy(update={"type": "ANS"})
        body = json.dumps(_signed(world.connections[_CODE].inbound_secret, answer, _result(world, head, question)))
        callback = world.store.add_callback(_CODE, _PATH, body.encode(), world.answer_time())
        world.store.add_enquiry(head.ref, ticket, callback, asked)
    return ticket


def _result(world: World, head: _Head, question: _Question) -> dict[str, Any]:
    day, person = world.today().isoformat(), find(question.certNo)
    # A centre looks into the registers of its own province alone.
    theirs = person is not None and person.name == question.name and person.division[:2] == head.province[:2]
    if person is None or not theirs or person.elsewhere is None:
        return {"outcome": "NONE", "asOf": day}
    return {"outcome": "FOUND", "asOf": day, "registers": _registers(person.elsewhere)}


def _registers(held: Elsewhere) -> dict[str, Any]:
    return {
        "benefits": [_SCHEMES[program] for program in held.benefits],
        "dwellings": held.dwellings,
        "vehicles": held.vehicles,
        "businesses": held.businesses,
    }
