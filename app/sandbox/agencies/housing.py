"""住建与公积金: dwellings and provident fund. XML in GB18030, signed both ways with HMAC-SHA256."""

import hashlib
import hmac
import time
from datetime import date
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # defusedxml reads # nosec B405

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from fastapi import APIRouter, Request, Response

from app.sandbox.population import Person, find
from app.sandbox.world import World, read_body

_CODE = "housing"
_ENCODING = "GB18030"
_OLDEST = 300  # seconds; a signature is no good for longer
_GROUNDS = ("Purpose", "CaseNo", "AuthNo", "Operator")


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/service.do")
    async def ask(request: Request) -> Response:
        body = await read_body(request)
        secret = world.connections[_CODE].secret
        if not _signed(request, body, secret):
            return Response(status_code=401)
        try:
            question = fromstring(body.decode(_ENCODING), forbid_dtd=True)
        except (ValueError, ParseError, DefusedXmlException):
            return Response(status_code=400)
        number = question.findtext("Head/SeqNo") or ""
        if not number or not all(question.findtext(f"Head/{name}") for name in _GROUNDS):
            return _answer(secret, number, "0002", None)
        service = question.findtext("Head/Service") or ""
        world.store.count_question(_CODE, number, service)
        person = find(question.findtext("Body/CertNo") or "")
        found = _look_up(person, service, world.today()) if person else None
        return _answer(secret, number, "0000" if found is not None else "0001", found)

    return routes


def _sign(secret: str, prefix: str, body: bytes) -> str:
    return hmac.new(secret.encode(), prefix.encode() + b"\n" + body, hashlib.sha256).hexdigest()


def _signed(request: Request, body: bytes, secret: str) -> bool:
    stamp = request.headers.get("X-Timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or abs(time.time() - int(stamp)) > _OLDEST:
        return False
    return hmac.compare_digest(_sign(secret, stamp, body), request.headers.get("X-Signature", ""))


def _answer(secret: str, number: str, code: str, found: Element | None) -> Response:
    root = Element("Response")
    head = SubElement(root, "Head")
    SubElement(head, "SeqNo").text = number
    SubElement(head, "RetCode").text = code
    root.append(Element("Body") if found is None else found)
    body = tostring(root, encoding=_ENCODING, xml_declaration=True)
    return Response(
        body,
        media_type=f"application/xml; charset={_ENCODING}",
        headers={"X-Signature": _sign(secret, number, body)},
    )


def _look_up(person: Person, service: str, on: date) -> Element | None:
    body = Element("Body")
    SubElement(body, "DataDate").text = f"{on:%Y/%m/%d}"
    if service == "FWXX" and person.dwellings:
        for dwelling in person.dwellings:
            house = SubElement(body, "House")
            SubElement(house, "Address").text = dwelling.address
            SubElement(house, "Area").text = f"{dwelling.area_cm2 // 10_000}.{dwelling.area_cm2 // 100 % 100:02d}"
            SubElement(house, "RegDate").text = f"{dwelling.registered_on:%Y/%m/%d}"
        return body
    if service == "GJJXX" and person.provident_fund:
        SubElement(body, "MonthlyDeposit").text = _yuan(person.provident_fund.monthly_fen)
        SubElement(body, "Balance").text = _yuan(person.provident_fund.balance_fen)
        return body
    return None


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
