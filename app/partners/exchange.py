"""One HTTP exchange with a partner, bounded in time and size. Every way it can go wrong becomes `PartnerUnavailable`.

Errors are raised `from None`: the originals quote bodies and addresses, and those may name a person.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, NoReturn, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, StringConstraints, ValidationError

from app.core.connections import Connection
from app.partners.base import PartnerUnavailable

ModelT = TypeVar("ModelT", bound=BaseModel)

# Text that may end up in our database: no NUL and no control characters, never endless.
Words = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


@dataclass(frozen=True)
class Limits:
    """How long one attempt may take (connect, send and receive together) and how much it may bring."""

    deadline: float = 5.0  # seconds
    max_bytes: int = 256 * 1024


def limits_of(connection: Connection, usual: Limits) -> Limits:
    """Return what one agency is given for an attempt: what its connection says, else what is usual."""
    return Limits(
        deadline=usual.deadline if connection.deadline is None else connection.deadline,
        max_bytes=usual.max_bytes if connection.max_bytes is None else connection.max_bytes,
    )


@dataclass(frozen=True)
class Reply:
    """A complete answer, whatever its status."""

    status: int
    headers: httpx.Headers
    body: bytes


async def exchange(partner: str, http: httpx.AsyncClient, request: httpx.Request, limits: Limits) -> Reply:
    """Send `request` once and return the whole answer.

    Raises:
        PartnerUnavailable: 'timeout' past the deadline; 'refused' when nobody listens or we are not let in (401, 403);
            'garbage' when the answer is too long or compressed unasked; 'error' for every other failure on the way.
    """
    request.headers["Accept-Encoding"] = "identity"  # a few compressed bytes must not unfold into gigabytes here
    request.extensions["timeout"] = httpx.Timeout(limits.deadline).as_dict()
    try:
        async with asyncio.timeout(limits.deadline):
            reply = await _receive(partner, http, request, limits.max_bytes)
    except (TimeoutError, httpx.TimeoutException):
        unavailable(partner, "timeout")
    except httpx.ConnectError:
        unavailable(partner, "refused")
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError):
        # ValueError: an address to go on to, or a header of ours, that cannot even be written down.
        unavailable(partner, "error")
    if reply.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        unavailable(partner, "refused")
    return reply


async def _receive(partner: str, http: httpx.AsyncClient, request: httpx.Request, max_bytes: int) -> Reply:
    response = await http.send(request, stream=True, follow_redirects=False)
    try:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            unavailable(partner, "garbage")
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > max_bytes:
                unavailable(partner, "garbage")
        return Reply(response.status_code, response.headers, bytes(body))
    finally:
        await response.aclose()


def unavailable(partner: str, reason: str) -> NoReturn:
    """Give up on this attempt, without a word of what was sent or received.

    Raises:
        PartnerUnavailable: always.
    """
    raise PartnerUnavailable(partner, reason) from None


def require_status(partner: str, reply: Reply, *accepted: int) -> None:
    """Let only the agreed statuses through.

    Raises:
        PartnerUnavailable: 'error'.
    """
    if reply.status not in accepted:
        unavailable(partner, "error")


def read_json(partner: str, model: type[ModelT], body: bytes) -> ModelT:
    """Read a JSON body in the partner's words.

    Raises:
        PartnerUnavailable: 'garbage'.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError:
        unavailable(partner, "garbage")


def header_text(text: str) -> str:
    """Write any text as a header value: percent-encoded UTF-8 where it is not plain ASCII."""
    return quote(text, safe=" !#$&'()*+,-./:;<=>?@[]^_`{|}~")
