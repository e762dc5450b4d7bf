"""What keeps the web process from starting is told the server in one line; a mistake of ours with its stack."""

from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI

from app.api.common.plain_start import PlainStart
from app.core.errors import CannotStart


async def _start(error: Exception) -> list[dict]:
    """Start an application whose lifespan raises; return what the server is told."""

    @asynccontextmanager
    async def lifespan(app: FastAPI):
        raise error
        yield

    told: list[dict] = []

    async def receive() -> dict:
        return {"type": "lifespan.startup"}

    async def send(message: dict) -> None:
        told.append(message)

    try:
        await PlainStart(FastAPI(lifespan=lifespan))({"type": "lifespan", "state": {}}, receive, send)
    except type(error):
        told.append({"type": "raised"})
    return told


async def test_what_the_operator_can_put_right_is_one_line():
    told = await _start(CannotStart("The database is empty."))

    assert told == [{"type": "lifespan.startup.failed", "message": "The database is empty."}]


@pytest.mark.parametrize("error", [ValueError("a mistake"), KeyError("x")])
async def test_a_mistake_keeps_its_stack(error: Exception):
    failed, raised = await _start(error)

    assert failed["type"] == "lifespan.startup.failed"
    assert "Traceback" in failed["message"]
    assert raised == {"type": "raised"}
