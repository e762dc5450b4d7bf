"""代发银行: takes batch files, credits accounts, sends receipts. Knows a batch by number and digest; pays it once.

What it does not know is our cases: the same person in two batches is paid twice. `credits` shows every credit, so that
a test can prove that this never happens.
"""

import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from app.sandbox.population import find_account
from app.sandbox.queries import LineResult
from app.sandbox.world import World, read_body

_CODE = "paying_bank"
_PATH = "/v1/partner/receipts"
_PART = 200  # lines in one receipt or one part of an answer
_LARGEST = 32 * 1024 * 1024
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,9})\.[0-9]{2}")
_COUNT = re.compile(r"0|[1-9][0-9]{0,6}")
_DOTS = str.maketrans(dict.fromkeys("•‧・.．∙", "·"))  # look-alikes of the dot in minority names


class FileRefused(Exception):
    """The file will not be carried out; nothing of it was taken."""

    def __init__(self, code: str, message: str, line: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class _File:
    digest: str
    lines: list[tuple[int, str, str, str, int]]  # sequence, line, account, payee, fen


def router(world: World) -> APIRouter:
    """Return the bank's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.put("/batches/{batch}")
    async def submit(request: Request, batch: str) -> JSONResponse:
        body = await read_body(request, _LARGEST)
        if not _signed(world, request, body):
            return JSONResponse({"retCode": "E401", "retMsg": "验签失败", "batchNo": batch}, 401)
        world.store.count_question(_CODE, batch, "submit")
        try:
            _take(world, batch, _read(batch, body))
        except FileRefused as refusal:
            status = 409 if refusal.code == "E201" else 422
            content = {"retCode": refusal.code, "retMsg": str(refusal), "batchNo": batch, "lineNo": refusal.line}
            return JSONResponse(content, status)
        return JSONResponse({"retCode": "0000", "retMsg": "已受理", "batchNo": batch}, 202)

    @routes.get("/batches/{batch}")
    async def progress(request: Request, batch: str, part: int = 1) -> JSONResponse:
        if not _signed(world, request, b""):
            return JSONResponse({"retCode": "E401", "retMsg": "验签失败", "batchNo": batch}, 401)
        world.store.count_question(_CODE, batch, "query")
        known = world.store.find_batch(batch)
        parts = max(1, -(-world.store.count_payments(batch) // _PART))
        if known is None or not 1 <= part <= parts:
            return JSONResponse({"retCode": "E404", "retMsg": "无此批次", "batchNo": batch}, 404)
        answer = {"retCode": "0000", "batchNo": batch, "part": part, "parts": parts}
        if not known["done"]:
            return JSONResponse(answer | {"status": "RECEIVED", "results": []})
        return JSONResponse(answer | {"status": "DONE", "results": _results(world, batch, part)})

    @routes.get("/credits")
    async def credits(account: str) -> dict[str, Any]:
        entries = world.store.list_credits(account)
        total = sum(entry["amount_fen"] for entry in entries)
        return {"account": account, "count": len(entries), "total_fen": total, "entries": entries}

    return routes


def _signed(world: World, request: Request, body: bytes) -> bool:
    path = request.url.path.removeprefix(f"/agencies/{_CODE}")
    if request.url.query:
        path += "?" + request.url.query
    message = f"{request.method}\n{path}\n".encode() + body
    expected = hmac.new(world.connections[_CODE].secret.encode(), message, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, request.headers.get("X-Mac", ""))


def _take(world: World, batch: str, file: _File) -> None:
    with world.store.together():
        known = world.store.find_batch(batch)
        if known is None:
            world.store.add_batch(batch, file.digest, world.answer_time(), file.lines)
        elif known["digest"] != file.digest:
            raise FileRefused("E201", "批次号已用于另一文件")


def _read(batch: str, body: bytes) -> _File:
    """Check a file from header to trailer."""
    try:
        rows = body.decode("GB18030").split("\r\n")
    except UnicodeDecodeError:
        raise FileRefused("E104", "文件编码不是GB18030") from None
    if len(rows) < 4 or rows[-1] != "":
        raise FileRefused("E104", "文件不完整")
    header, *details, trailer = (row.split("|") for row in rows[:-1])
    if len(header) != 6 or header[:3] != ["H", "DB20", batch] or not _COUNT.fullmatch(header[3]):
        raise FileRefused("E104", "文件头有误")
    if not _AMOUNT.fullmatch(header[4]) or trailer != ["T", header[3]]:
        raise FileRefused("E104", "文件头尾有误")
    if int(header[3]) != len(details):
        raise FileRefused("E101", "笔数不符")
    first = body.index(b"\r\n") + 2
    if hashlib.sha256(body[first : body.rindex(b"T|")]).hexdigest() != header[5]:
        raise FileRefused("E103", "摘要不符")
    lines = [_read_line(number, fields) for number, fields in enumerate(details, start=1)]
    if len({line[1] for line in lines}) != len(lines):
        raise FileRefused("E104", "明细号重复")
    if sum(line[4] for line in lines) != _fen(header[4]):
        raise FileRefused("E102", "金额合计不符")
    return _File(header[5], lines)


def _read_line(number: int, fields: list[str]) -> tuple[int, str, str, str, int]:
    if len(fields) != 6 or fields[:2] != ["D", str(number)] or not all(fields):
        raise FileRefused("E104", f"第{number}笔格式有误", fields[2] if len(fields) > 2 else None)
    if not _AMOUNT.fullmatch(fields[5]) or _fen(fields[5]) == 0:
        raise FileRefused("E104", f"第{number}笔金额有误", fields[2])
    return number, fields[2], fields[3], fields[4], _fen(fields[5])


def _fen(yuan: str) -> int:
    return int(yuan.replace(".", ""))


def carry_out(world: World, batch: str) -> None:
    """Credit or refuse every line of a batch, close it and owe the receipts: all of it or nothing."""
    value_date = world.today()
    with world.store.together():
        results = []
        for line in world.store.list_payments(batch, 0, 10_000_000):
            code = _objection(line["account"], line["payee"])
            if code:
                results.append(LineResult(line["sequence"], "F", code, None, None))
                continue
            serial = hashlib.sha256(f"{batch}|{line['line']}".encode()).hexdigest()[:16].upper()
            serial = f"{value_date:%Y%m%d}{serial}"
            results.append(LineResult(line["sequence"], "S", None, serial, f"{value_date:%Y%m%d}"))
        world.store.finish_batch(batch, results)
        for part in range(1, -(-len(results) // _PART) + 1):
            body = json.dumps({"batchNo": batch, "results": _results(world, batch, part)}, ensure_ascii=False)
            world.store.add_callback(_CODE, _PATH, body.encode(), time.time())


def _objection(number: str, payee: str) -> str | None:
    """Return the bank's code for why an account cannot be credited."""
    account = find_account(number)
    if account is None:
        return "A02"
    if account.holder.translate(_DOTS) != payee.translate(_DOTS):
        return "A01"
    return {"open": None, "closed": "A03", "frozen": "A04"}[account.state]


def _results(world: World, batch: str, part: int) -> list[dict[str, Any]]:
    return [
        {
            "lineNo": row["line"],
            "amt": row["amount"],
            "status": row["status"],
            "serialNo": row["serial"],
            "valueDate": row["value_date"],
            "errCode": row["code"],
        }
        for row in world.store.list_payments(batch, (part - 1) * _PART, _PART)
    ]
