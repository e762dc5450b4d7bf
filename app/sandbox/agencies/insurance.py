"""保险: cash value of policies by file. XML over mutual TLS."""

import hashlib
from collections.abc import Sequence
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # defusedxml reads # nosec B405

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.core.money import fen_to_yuan
from app.sandbox.filing import LARGEST, AnswerFile, Desk, FileRefused, Question
from app.sandbox.world import World, read_body

_CODE = "insurance"
_DIGEST = "X-Content-SHA256"
_GROUNDS = ("Purpose", "Case", "Authorisation", "Operator")


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")
    desk = Desk(
        world,
        _CODE,
        "policies",
        "application/xml; charset=utf-8",
        _read,
        lambda person: person.policies,
        _write,
        lambda body: {_DIGEST: hashlib.sha256(body).hexdigest()},
    )

    @routes.put("/policies/v1/batches/{serial}")
    async def take(request: Request, serial: str) -> Response:
        if not world.let_in_certificate(request):
            return JSONResponse({"error": "no certificate"}, 403)
        body = await read_body(request, LARGEST)
        if request.headers.get(_DIGEST) != hashlib.sha256(body).hexdigest():
            return JSONResponse({"error": "the file did not come whole"}, 400)
        return desk.take(serial, body)

    @routes.get("/policies/v1/batches/{serial}/answers/{number}")
    async def give(request: Request, serial: str, number: int) -> Response:
        if not world.let_in_certificate(request):
            return JSONResponse({"error": "no certificate"}, 403)
        return desk.give(request, serial, number)

    return routes


def _read(serial: str, body: bytes) -> Sequence[Question]:
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException):
        raise FileRefused("no XML") from None
    holders = root.findall("Holder")
    if root.get("batch") != serial or root.get("count") != str(len(holders)) or not holders:
        raise FileRefused("batch or count")
    if not all(holder.findtext(name) for holder in holders for name in _GROUNDS):
        raise FileRefused("purpose, case, authorisation and operator are required")
    return [
        Question(holder.get("ref", ""), holder.findtext("Certificate", ""), holder.findtext("Name", ""))
        for holder in holders
    ]


def _write(file: AnswerFile) -> bytes:
    root = Element("PolicyAnswers", {"batch": file.serial, "file": str(file.number), "day": file.day.isoformat()})
    for line in file.lines:
        state = "E" if line.failed else "F" if line.amounts else "N"
        holder = SubElement(root, "Holder", {"ref": line.reference, "end": line.end, "state": state})
        for amount in line.amounts:
            SubElement(holder, "Policy", {"cashValue": fen_to_yuan(amount)})
    SubElement(root, "Control", {"count": str(file.count), "total": fen_to_yuan(file.total)})
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body
