"""银行: deposits. Every enquiry is acknowledged with a ticket and answered by call-back.

The same enquiry put again gets the same ticket, and its answer once more if that was acknowledged already. Files of
enquiries are answered by files.
"""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.sandbox.filing import LARGEST, AnswerFile, Desk, FileRefused, Question
from app.sandbox.persons import Person
from app.sandbox.population import find
from app.sandbox.world import World, read_body

_CODE = "banking"
_PATH = "/v1/partner/check-answers"


class _Enquiry(BaseModel):
    model_config = ConfigDict(strict=True)

    requestNo: str = Field(min_length=1, max_length=64)
    certType: str
    certNo: str
    custName: str
    purposeCode: str = Field(min_length=1)
    caseNo: str = Field(min_length=1)
    authorisationNo: str = Field(min_length=1)
    operatorId: str = Field(min_length=1)


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/v3/balance-enquiries")
    async def enquire(request: Request) -> JSONResponse:
        if not world.let_in(_CODE, request.headers.get("X-Channel-Token")):
            return JSONResponse({"rspMsg": "channel token unknown"}, 403)
        try:
            enquiry = _Enquiry.model_validate_json(await read_body(request))
        except ValidationError:
            return JSONResponse({"rspMsg": "enquiry incomplete"}, 400)
        world.store.count_question(
            _CODE, enquiry.requestNo, "balance", about=enquiry.certNo, authorisation=enquiry.authorisationNo
        )
        ticket = _take(world, enquiry)
        if ticket is None:
            return JSONResponse({"rspMsg": "requestNo was used for another customer"}, 409)
        return JSONResponse({"requestNo": enquiry.requestNo, "ticket": ticket}, 202)

    _files(routes, world)
    return routes


def _files(routes: APIRouter, world: World) -> None:
    desk = Desk(world, _CODE, "balance", "text/csv; charset=utf-8", _read_file, _balances, _write_file)

    @routes.put("/v3/balance-files/{serial}")
    async def take(request: Request, serial: str) -> Response:
        if not world.let_in(_CODE, request.headers.get("X-Channel-Token")):
            return JSONResponse({"rspMsg": "channel token unknown"}, 403)
        return desk.take(serial, await read_body(request, LARGEST))

    @routes.get("/v3/balance-files/{serial}/results/{number}")
    async def give(request: Request, serial: str, number: int) -> Response:
        if not world.let_in(_CODE, request.headers.get("X-Channel-Token")):
            return JSONResponse({"rspMsg": "channel token unknown"}, 403)
        return desk.give(request, serial, number)


def _balances(person: Person) -> tuple[int, ...]:
    return tuple(account.balance_fen for account in person.accounts if account.state != "closed")


def _read_file(serial: str, body: bytes) -> Sequence[Question]:
    try:
        head, *rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    except (ValueError, csv.Error):
        raise FileRefused("no CSV") from None
    if head != ["H", serial, str(len(rows))] or not all(len(row) == 8 and all(row) for row in rows):
        raise FileRefused("head, or a line that is not whole")
    return [Question(row[1], row[2], row[3]) for row in rows]


def _write_file(file: AnswerFile) -> bytes:
    lines = [f"H,{file.serial},{file.number},{file.day}"]
    for line in file.lines:
        code = "96" if line.failed else "00" if line.amounts else "14"
        lines.append(f"D,{line.reference},{line.end},{code},{len(line.amounts)},{sum(line.amounts)}")
    body = "".join(line + "\r\n" for line in lines).encode()
    return body + f"T,{file.count},{file.total},{hashlib.sha256(body).hexdigest()}\r\n".encode()


def _take(world: World, enquiry: _Enquiry) -> str | None:
    """Return the ticket; None when the number stands for another question already."""
    question = json.dumps([enquiry.certNo, enquiry.custName])
    with world.store.together():
        known = world.store.find_enquiry(enquiry.requestNo)
        if known is not None:
            if known["question"] != question:
                return None
            world.store.repeat_callback(known["callback"], world.answer_time())
            return str(known["ticket"])
        ticket = f"YH{world.today():%Y%m%d}{enquiry.requestNo.replace('-', '')[-12:].upper()}"
        body = json.dumps(_answer(world, enquiry, ticket)).encode()
        callback = world.store.add_callback(_CODE, _PATH, body, world.answer_time())
        world.store.add_enquiry(enquiry.requestNo, ticket, callback, question)
    return ticket


def _answer(world: World, enquiry: _Enquiry, ticket: str) -> dict[str, Any]:
    person = find(enquiry.certNo)
    # Banks compare name and number, and do not know people by another name.
    accounts = person.accounts if person and person.name == enquiry.custName else ()
    standing = [account for account in accounts if account.state != "closed"]
    return {
        "requestNo": enquiry.requestNo,
        "ticket": ticket,
        "rspCode": "00" if standing else "14",
        "balanceDate": (world.today() - timedelta(days=1)).isoformat(),
        "accounts": [
            {"acctTail": account.number[-4:], "ccy": "156", "balance": account.balance_fen} for account in standing
        ],
    }
