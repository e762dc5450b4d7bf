"""民政: marriage, deaths, benefits. REST; persons stand in a header, never in an address."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from app.sandbox.persons import Person
from app.sandbox.population import find
from app.sandbox.world import World

_CODE = "civil_affairs"
_GROUNDS = ("X-Subject", "X-Request-Id", "X-Purpose", "X-Case", "X-Authorisation", "X-Operator")
_SCHEMES = {
    "living_allowance": "DB",
    "destitute_support": "TK",
    "temporary_aid": "LS",
    "disability_subsidies": "CJ",
}
_MARITAL = {"married": "M", "divorced": "D", "widowed": "W"}


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.get("/api/v2/registers/{register}")
    async def ask(request: Request, register: str) -> JSONResponse:
        if not world.let_in(_CODE, request.headers.get("X-Api-Key")):
            return JSONResponse({"code": "NOT_LET_IN"}, 401)
        if not all(request.headers.get(name) for name in _GROUNDS):
            return JSONResponse({"code": "GROUNDS_MISSING", "needed": _GROUNDS}, 400)
        if register not in ("marriage", "death", "benefits"):
            return JSONResponse({"code": "NO_SUCH_REGISTER"}, 404)
        reference = request.headers["X-Request-Id"]
        world.store.count_question(
            _CODE,
            reference,
            register,
            about=request.headers["X-Subject"],
            authorisation=request.headers["X-Authorisation"],
        )
        person = find(request.headers["X-Subject"])
        entry = _entry(person, register) if person else None
        if entry is None:
            return JSONResponse({"requestId": reference, "code": "NO_RECORD"}, 404)
        return JSONResponse({"requestId": reference, **entry, "asOf": f"{world.today():%Y%m%d}"})

    return routes


def _entry(person: Person, register: str) -> dict[str, Any] | None:
    if register == "marriage":
        status = _MARITAL.get(person.marital_status)
        return {"status": status} if status else None
    if register == "death":
        return {"deceasedOn": f"{person.deceased_on:%Y%m%d}"} if person.deceased_on else None
    if not person.benefits:
        return None
    return {
        "benefits": [
            {
                "scheme": _SCHEMES[benefit.program],
                "from": f"{benefit.since:%Y%m%d}",
                "to": f"{benefit.until:%Y%m%d}" if benefit.until else None,
            }
            for benefit in person.benefits
        ]
    }
