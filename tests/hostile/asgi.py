"""Requests as raw as a socket would bring them, straight into the application: no client tidies them up on the way."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI

SECONDS = 30.0  # a bound for a hang: printing a letter is a process of its own, on a machine with much else to do


@dataclass(frozen=True)
class Request:
    """One request, in bytes."""

    method: str
    path: bytes
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: bytes) -> bytes:
        """Return a header's value, empty without one."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def json(self) -> Any:
        """Return what the body says."""
        return json.loads(self.body)


class Hang(Exception):
    """No answer in time."""


async def ask(app: FastAPI, request: Request, *, seconds: float = SECONDS) -> Answer:
    """Bring a request to the application, as a server does, and return its answer.

    Raises:
        Hang: there is none in time.
    """
    answer, done, brought = Answer(), asyncio.Event(), False

    async def receive() -> dict[str, Any]:
        nonlocal brought
        if brought:
            await done.wait()
            return {"type": "http.disconnect"}
        brought = True
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        else:
            answer.body += message.get("body", b"")

    try:
        await asyncio.wait_for(app(_scope(request), receive, send), seconds)
    except TimeoutError:
        raise Hang(request) from None
    except Exception:
        assert answer.status == 500, "it crashed without an answer"
    finally:
        done.set()
    return answer


def _scope(request: Request) -> dict[str, Any]:
    path = b"".join(bytes([byte]) if 0x20 < byte < 0x7F else b"%%%02X" % byte for byte in request.path)
    path, _, _fragment = path.partition(b"#")
    path, _, query = path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50_000),
        "scheme": "http",
        "method": request.method,
        "root_path": "",
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": b"&".join(filter(None, (query, request.query.partition(b"#")[0]))),
        "headers": [(name.lower(), value) for name, value in request.headers],
        "state": {},
    }
