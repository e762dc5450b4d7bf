"""住房公积金: forms in, JSON out, signed both ways with HMAC-SM3 over time and nonce."""

import hmac
import json
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as macs
from fastapi import APIRouter, Request, Response

from app.core.money import fen_to_yuan
from app.sandbox.population import find
from app.sandbox.signatures import Nonces, is_recent
from app.sandbox.world import World, read_body

_CODE = "housing_fund"
_NEEDED = ("ywlsh", "zjhm", "xm", "cxsy", "ajh", "sqsbh", "jbr")


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes, nonces = APIRouter(prefix=f"/agencies/{_CODE}"), Nonces()

    @routes.post("/gjj/query")
    async def ask(request: Request) -> Response:
        body, secret = await read_body(request), world.connections[_CODE].secret
        stamp, nonce = request.headers.get("X-Time", ""), request.headers.get("X-Nonce", "")
        expected = _sign(secret, stamp.encode(), nonce.encode(), body)
        signed = hmac.compare_digest(expected, request.headers.get("X-Sign-SM3", ""))
        if not (signed and is_recent(stamp) and nonces.take(nonce)):
            return Response(status_code=403)
        fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        return _signed(secret, nonce, _answer(world, request.headers.get("X-Version", ""), fields))

    return routes


def _sign(secret: str, *parts: bytes) -> str:
    mac = macs.HMAC(secret.encode(), hashes.SM3())
    mac.update(b"\n".join(parts))
    return mac.finalize().hex()


def _signed(secret: str, nonce: str, answer: dict[str, Any]) -> Response:
    body = json.dumps(answer, ensure_ascii=False).encode()
    headers = {"X-Sign-SM3": _sign(secret, nonce.encode(), body)}
    return Response(body, media_type="application/json", headers=headers)


def _answer(world: World, version: str, fields: dict[str, str]) -> dict[str, Any]:
    number = fields.get("ywlsh", "")
    if version != "1.4" or not all(fields.get(name) for name in _NEEDED):
        return {"ywlsh": number, "rtn": "0009", "msg": "请求要素不全"}
    world.store.count_question(_CODE, number, "gjj", about=fields["zjhm"], authorisation=fields["sqsbh"])
    person = find(fields["zjhm"])
    if person is None or person.provident_fund is None:
        return {"ywlsh": number, "rtn": "0001", "msg": "未查询到缴存信息"}
    fund = person.provident_fund
    account = {
        "dwmc": "测试单位",
        "grzt": "01" if fund.monthly_fen else "02",
        "yjce": fen_to_yuan(fund.monthly_fen),
        "grzhye": fen_to_yuan(fund.balance_fen),
    }
    return {"ywlsh": number, "rtn": "0000", "msg": "成功", "sjrq": world.today().isoformat(), "zh": account}
