"""教育: the rolls of schools by file. Lines with tabs between, signed with HMAC-SM3."""

import hmac
from collections.abc import Sequence

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as macs
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.core.money import fen_to_yuan
from app.sandbox.filing import LARGEST, AnswerFile, Desk, FileRefused, Line, Question
from app.sandbox.persons import Person
from app.sandbox.school_and_care import schooling_of
from app.sandbox.signatures import is_recent
from app.sandbox.world import World, read_body

_CODE = "education"
_VERSION = "2.0"
_STAGES = {
    "kindergarten": "学前",
    "primary": "小学",
    "junior": "初中",
    "senior": "普通高中",
    "vocational": "中等职业",
    "college": "专科",
    "bachelor": "本科",
}


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")
    secret = world.connections[_CODE].secret

    def is_ours(request: Request, body: bytes) -> bool:
        stamp, address = request.headers.get("X-Time", ""), request.url.path.rpartition("/")[2]
        expected = _sign(secret, stamp.encode(), request.method.encode(), address.encode(), body)
        return is_recent(stamp) and hmac.compare_digest(expected, request.headers.get("X-Sign-SM3", ""))

    desk = Desk(
        world,
        _CODE,
        "rolls",
        "text/tab-separated-values; charset=utf-8",
        _read,
        _aid,
        lambda file: _write(file, secret),
        tells=_tell,
    )

    @routes.put("/xjgl/batch/{serial}.q")
    async def take(request: Request, serial: str) -> Response:
        body = await read_body(request, LARGEST)
        if not is_ours(request, body):
            return JSONResponse({"error": "签名无效"}, 401)
        return desk.take(serial, body)

    @routes.get("/xjgl/batch/{serial}.{number}.a")
    async def give(request: Request, serial: str, number: int) -> Response:
        if not is_ours(request, b""):
            return JSONResponse({"error": "签名无效"}, 401)
        return desk.give(request, serial, number)

    return routes


def _sign(secret: str, *parts: bytes) -> str:
    mac = macs.HMAC(secret.encode(), hashes.SM3())
    mac.update(b"\n".join(parts))
    return mac.finalize().hex()


def _aid(person: Person) -> tuple[int, ...]:
    rolls = schooling_of(person)
    return (rolls.aid_fen,) if rolls else ()


def _tell(person: Person) -> tuple[str, ...]:
    rolls = schooling_of(person)
    if rolls is None:
        return ()
    state = "休学" if rolls.suspended else "在读"
    return (state, rolls.school, _STAGES[rolls.stage], "是" if rolls.boarding else "否")


def _read(serial: str, body: bytes) -> Sequence[Question]:
    try:
        head, *rows = [line.split("\t") for line in body.decode().removesuffix("\n").split("\n")]
    except UnicodeDecodeError:
        raise FileRefused("no UTF-8") from None
    if head != ["学籍查询", _VERSION, serial, str(len(rows))] or not rows:
        raise FileRefused("head, or number of lines")
    if not all(len(row) == 7 and all(row) for row in rows):
        raise FileRefused("purpose, case, authorisation and operator are required")
    return [Question(*row[:3]) for row in rows]


def _write(file: AnswerFile, secret: str) -> bytes:
    lines = [f"学籍反馈\t{_VERSION}\t{file.serial}\t{file.number}\t{file.day:%Y/%m/%d}"]
    lines += [_write_line(line) for line in file.lines]
    body = "".join(line + "\n" for line in lines).encode()
    tail = f"合计\t{file.count}\t{fen_to_yuan(file.total)}\t{_sign(secret, body)}\n"
    return body + tail.encode()


def _write_line(line: Line) -> str:
    if line.failed or not line.amounts:
        return "\t".join((line.reference, line.end, "失败" if line.failed else "查无", "", "", "", ""))
    return "\t".join((line.reference, line.end, *line.words, fen_to_yuan(sum(line.amounts))))
