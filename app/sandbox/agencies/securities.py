"""证券登记结算: securities by file. Fixed-width text in GB18030, signed both ways."""

import hashlib
import hmac
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.sandbox.filing import LARGEST, AnswerFile, Desk, FileRefused, Question
from app.sandbox.world import World, read_body

_CODE = "securities"
_ENCODING = "GB18030"
_WIDTHS = (36, 18, 200, 32, 40, 40, 40)


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")
    secret = world.connections[_CODE].secret.encode()

    def mac(body: bytes) -> str:
        return hmac.new(secret, body, hashlib.sha256).hexdigest()

    desk = Desk(
        world,
        _CODE,
        "securities",
        f"text/plain; charset={_ENCODING}",
        _read,
        lambda person: person.securities,
        _write,
        lambda body: {"X-Mac": mac(body)},
    )

    @routes.put("/zqcx/files/{serial}.req")
    async def take(request: Request, serial: str) -> Response:
        body = await read_body(request, LARGEST)
        if not hmac.compare_digest(mac(body), request.headers.get("X-Mac", "")):
            return JSONResponse({"error": "the signature is not ours to believe"}, 401)
        return desk.take(serial, body)

    @routes.get("/zqcx/files/{serial}.{number}")
    async def give(request: Request, serial: str, number: int) -> Response:
        if not hmac.compare_digest(mac(b""), request.headers.get("X-Mac", "")):
            return JSONResponse({"error": "the signature is not ours to believe"}, 401)
        return desk.give(request, serial, number)

    return routes


def _read(serial: str, body: bytes) -> Sequence[Question]:
    head, *records, tail = body.removesuffix(b"\r\n").split(b"\r\n")
    count = f"{len(records):06d}".encode()
    if head != b"0ZQ02" + serial.encode().ljust(32) + count or tail != b"9" + count or not records:
        raise FileRefused("head or tail")
    return [_question(record) for record in records]


def _question(record: bytes) -> Question:
    if len(record) != 1 + sum(_WIDTHS) or record[:1] != b"1":
        raise FileRefused("a record of another width")
    fields, place = [], 1
    for width in _WIDTHS:
        fields.append(record[place : place + width].decode(_ENCODING).rstrip(" "))
        place += width
    if not all(fields):
        raise FileRefused("purpose, case, authorisation and operator are required")
    return Question(*fields[:3])


def _write(file: AnswerFile) -> bytes:
    lines = [f"0ZQ02{file.serial:<32}{file.number:03d}{file.day:%Y%m%d}"]
    for line in file.lines:
        status = "99" if line.failed else "00" if line.amounts else "01"
        lines.append(f"1{line.reference}{line.end}{status}{sum(line.amounts):015d}")
    lines.append(f"9{file.count:06d}{file.total:018d}")
    return "".join(line + "\r\n" for line in lines).encode(_ENCODING)
