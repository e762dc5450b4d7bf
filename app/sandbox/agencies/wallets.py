"""非银行支付: balances of payment accounts by file. One JSON object a line."""

import hashlib
import json
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.sandbox.filing import LARGEST, AnswerFile, Desk, FileRefused, Question
from app.sandbox.world import World, read_body

_CODE = "wallets"
_GROUNDS = ("purpose", "caseNo", "authNo", "operator")


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")
    desk = Desk(world, _CODE, "balances", "application/x-ndjson", _read, lambda person: person.wallets, _write)

    @routes.put("/balance-jobs/{serial}/input")
    async def take(request: Request, serial: str) -> Response:
        if not world.let_in_bearer(_CODE, request):
            return JSONResponse({"error": "token unknown"}, 401)
        return desk.take(serial, await read_body(request, LARGEST))

    @routes.get("/balance-jobs/{serial}/output/{number}")
    async def give(request: Request, serial: str, number: int) -> Response:
        if not world.let_in_bearer(_CODE, request):
            return JSONResponse({"error": "token unknown"}, 401)
        return desk.give(request, serial, number)

    return routes


def _read(serial: str, body: bytes) -> Sequence[Question]:
    try:
        head, *queries = [json.loads(line) for line in body.removesuffix(b"\n").split(b"\n")]
        if head["job"] != serial or head["count"] != len(queries) or not queries:
            raise FileRefused("job or count")
        if not all(query[name] for query in queries for name in _GROUNDS):
            raise FileRefused("purpose, case, authorisation and operator are required")
        return [Question(query["ref"], query["certNo"], query["name"]) for query in queries]
    except (ValueError, LookupError, TypeError):
        raise FileRefused("no such lines") from None


def _write(file: AnswerFile) -> bytes:
    lines: list[dict[str, object]] = [
        {"type": "head", "job": file.serial, "part": file.number, "date": f"{file.day:%Y%m%d}"}
    ]
    lines += [
        {
            "type": "holder",
            "ref": line.reference,
            "end": line.end,
            "status": "failed" if line.failed else "ok" if line.amounts else "none",
            "balances": list(line.amounts),
        }
        for line in file.lines
    ]
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    tail = {"type": "end", "count": file.count, "total": file.total, "sha256": hashlib.sha256(body).hexdigest()}
    return body + json.dumps(tail).encode() + b"\n"
