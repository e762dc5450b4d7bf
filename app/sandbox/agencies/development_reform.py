"""发改: resettlements out of poverty. Lines with bars between, in GB18030."""

from fastapi import APIRouter, Request, Response

from app.sandbox.population import find
from app.sandbox.world import World, read_body

_CODE = "development_reform"
_ENCODING = "GB18030"


def router(world: World) -> APIRouter:
    """Return the agency's addresses."""
    routes = APIRouter(prefix=f"/agencies/{_CODE}")

    @routes.post("/ydfpbq/v1/lookup")
    async def ask(request: Request) -> Response:
        if not world.let_in_bearer(_CODE, request):
            return Response(status_code=401)
        try:
            fields = (await read_body(request)).decode(_ENCODING).removesuffix("\r\n").split("|")
        except UnicodeDecodeError:
            return Response(status_code=400)
        if len(fields) != 8 or fields[0] != "Q" or not all(fields):
            return _lines(world, fields[1] if len(fields) > 1 else "", "0009", [])
        world.store.count_question(_CODE, fields[1], "relocation", about=fields[2], authorisation=fields[6])
        person = find(fields[2])
        if person is None or person.relocation is None:
            return _lines(world, fields[1], "0001", [])
        moved = person.relocation
        return _lines(world, fields[1], "0000", [f"R|{moved.moved_on:%Y%m%d}|{moved.division}|集中安置"])

    return routes


def _lines(world: World, number: str, code: str, rows: list[str]) -> Response:
    head = f"A|{number}|{code}|{world.today():%Y%m%d}|{len(rows)}"
    lines = [head, *rows, f"Z|{len(rows) + 1}"]
    body = "".join(line + "\r\n" for line in lines).encode(_ENCODING)
    return Response(body, media_type=f"text/plain; charset={_ENCODING}")
