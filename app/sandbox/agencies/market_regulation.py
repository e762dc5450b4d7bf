"""市场监管: trades and firms. XML over mutual TLS; who holds nothing is a 404 with an element."""

from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # defusedxml reads # nosec B405

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from fastapi import APIRouter, Request, Response

from app.sandbox.persons import Business
from app.sandbox.population import find
from app.sandbox.world import World, read_body

_CODE = "market_regulation"
_VERSION = "2.1"
_GROUNDS = ("purpose", "case", "authorisation", "operator")
_KINDS = {"trade": "个体工商户", "firm": "有限责任公司", "cooperative": "农民专业合作社"}
_STATES = {"active": "存续", "revoked": "吊销", "cancelled": "注销"}
_ROLES = {"trade": "经营者", "firm": "股东", "cooperative": "成员"}


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/scjg/holdings")
    async def ask(request: Request) -> Response:
        if not world.let_in_certificate(request):
            return Response(status_code=403)
        try:
            question = fromstring(await read_body(request), forbid_dtd=True)
        except (ValueError, ParseError, DefusedXmlException):
            return Response(status_code=400)
        number, person, grounds = question.get("request", ""), question.find("Person"), question.find("Grounds")
        if question.get("version") != _VERSION or not number or person is None or grounds is None:
            return Response(status_code=400)
        if not all(grounds.get(name) for name in _GROUNDS):
            return Response(status_code=400)
        world.store.count_question(
            _CODE,
            number,
            "holdings",
            about=person.get("number", ""),
            authorisation=grounds.get("authorisation", ""),
        )
        known = find(person.get("number", ""))
        if known is None or not known.businesses:
            return _xml(Element("NotFound", request=number), 404)
        root = Element(
            "Holdings",
            version=_VERSION,
            request=number,
            date=f"{world.today():%Y年%m月%d日}",
            count=str(len(known.businesses)),
        )
        for place, business in enumerate(known.businesses, start=1):
            SubElement(root, "Entity", _entity(place, business))
        return _xml(root, 200)

    return routes


def _entity(place: int, business: Business) -> dict[str, str]:
    return {
        "name": f"测试经营主体{place}号",
        "kind": _KINDS[business.kind],
        "state": _STATES[business.state],
        "role": _ROLES[business.kind] if business.owner else "监事",
        "capital": "10.000000",
    }


def _xml(root: Element, status: int) -> Response:
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, status, media_type="application/xml; charset=utf-8")
