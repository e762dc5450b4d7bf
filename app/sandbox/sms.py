"""The SMS gateway, and the telephones at its other end."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.status import HTTP_202_ACCEPTED

from app.sandbox.world import World, read_body

_CODE_IN_TEXT = re.compile(r"(?<![0-9])[0-9]{4,8}(?![0-9])")


class _Message(BaseModel):
    model_config = ConfigDict(strict=True)

    phone: str = Field(pattern=r"^1[3-9][0-9]{9}$")
    text: str = Field(min_length=1, max_length=500)
    template: str = Field(min_length=1, max_length=64)


def router(world: World) -> APIRouter:
    """Return the gateway's address and the look at a telephone."""
    routes = APIRouter()

    @routes.post("/sms-gateway/messages")
    async def send(request: Request) -> JSONResponse:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not world.let_in("sms_gateway", shown):
            return JSONResponse({"error": "not let in"}, 401)
        try:
            message = _Message.model_validate_json(await read_body(request))
        except ValidationError as wrong:
            faults = [{"field": fault["loc"], "why": fault["msg"]} for fault in wrong.errors(include_input=False)]
            return JSONResponse({"error": "message refused", "faults": faults}, 422)
        sent_at = world.clock.now().isoformat()
        number = world.store.add_message(message.phone, message.text, message.template, sent_at)
        return JSONResponse({"message_id": str(number)}, HTTP_202_ACCEPTED)

    @routes.get("/sms")
    async def received(
        phone: Annotated[str, Field(pattern=r"^1[3-9][0-9]{9}$")],
        limit: Annotated[int, Field(ge=1, le=200)] = 50,
    ) -> list[dict[str, Any]]:
        """Return the messages of one telephone, newest first, with the code where there is one."""
        return [
            {
                "phone": message["phone"],
                "text": message["text"],
                "code": _code(message["text"]),
                "sent_at": message["sent_at"],
                "template": message["template"],
            }
            for message in world.store.list_messages(phone, limit)
        ]

    return routes


def _code(text: str) -> str | None:
    match = _CODE_IN_TEXT.search(text)
    return match.group() if match else None
