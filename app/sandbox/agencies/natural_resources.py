"""自然资源: dwellings. XML in GB18030, signed both ways with HMAC-SHA256."""

import hashlib
import hmac
from datetime import date
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # defusedxml reads # nosec B405

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from fastapi import APIRouter, Request, Response

from app.sandbox.persons import Person
from app.sandbox.population import find
from app.sandbox.signatures import is_recent
from app.sandbox.world import World, read_body

_CODE = "natural_resources"
_ENCODING = "GB18030"
_GROUNDS = ("Purpose", "CaseNo", "AuthNo", "Operator")


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/bdc/v1/service.do")
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
        service = question.findtext("Head/Service") or ""
        if not number or service != "FWXX" or not all(question.findtext(f"Head/{name}") for name in _GROUNDS):
            return _answer(secret, number, "0002", None)
        world.store.count_question(
            _CODE,
            number,
            service,
            about=question.findtext("Body/CertNo") or "",
            authorisation=question.findtext("Head/AuthNo") or "",
        )
        person = find(question.findtext("Body/CertNo") or "")
        found = _dwellings(person, world.today()) if person and person.dwellings else None
        return _answer(secret, number, "0000" if found is not None else "0001", found)

    return routes


def _sign(secret: str, prefix: str, body: bytes) -> str:
    return hmac.new(secret.encode(), prefix.encode() + b"\n" + body, hashlib.sha256).hexdigest()


def _signed(request: Request, body: bytes, secret: str) -> bool:
    stamp = request.headers.get("X-Timestamp", "")
    expected = _sign(secret, stamp, body)
    return is_recent(stamp) and hmac.compare_digest(expected, request.headers.get("X-Signature", ""))


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


def _dwellings(person: Person, on: date) -> Element:
    body = Element("Body")
    SubElement(body, "DataDate").text = f"{on:%Y/%m/%d}"
    for dwelling in person.dwellings:
        house = SubElement(body, "House")
        SubElement(house, "Address").text = dwelling.address
        SubElement(house, "Area").text = f"{dwelling.area_cm2 // 10_000}.{dwelling.area_cm2 // 100 % 100:02d}"
        SubElement(house, "RegDate").text = f"{dwelling.registered_on:%Y/%m/%d}"
    return body
