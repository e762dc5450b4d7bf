"""Routes that may safely be asked twice.

Every POST that creates, decides, pays or sends needs an Idempotency-Key. Its answer is kept in the transaction of its
effect: both or neither. The same key with the same request gives the same answer again, with another request 422; while
the first still runs, the second waits two seconds and is then told to come back. Refusals are not kept: they changed
nothing. An answer given again to staff or a partner is on record, as looks at whom the first one put there. Operations
that only look something up, or are safe by a natural key, say so with `retry_safe()`.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Coroutine
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from app.api.common.callers import get_query_partner
from app.api.common.conditional import present_tag
from app.api.common.deps import Tools, get_tools, trace_of
from app.audit.commands import keep_records, record_again
from app.audit.queries import remember_records
from app.core.crypto import GENERAL
from app.core.db import WriteSession
from app.core.ids import new_id
from app.idempotency.errors import KeyMalformed, KeyMissing, KeyReused
from app.idempotency.queries import get_answer, keep_answer, take_key
from app.identity.actors import Actor, Role
from app.identity.errors import TokenRejected
from app.identity.queries import get_actor
from app.identity.tokens import read_access_token
from app.status_queries.commands import actor_of

_RETRY_SAFE = "x-retry-safe"
_REPLAYED_HEADERS = ("location", "etag", "content-type")
_COLUMN = "kept_answers.answer"


def retry_safe() -> dict[str, Any]:
    """Mark an operation (`openapi_extra=retry_safe()`) that needs no key: it creates nothing, or has a natural key."""
    return {_RETRY_SAFE: True}


class KeyedRoute(APIRoute):
    """A route whose POST runs once per key."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if _needs_key(self):
            extra = self.openapi_extra or {}
            self.openapi_extra = {**extra, "parameters": [*extra.get("parameters", ()), _PARAMETER]}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original = super().get_route_handler()
        if not _needs_key(self):
            return original

        async def once_per_key(request: Request) -> Response:
            key = _read_key(request)
            tools = get_tools(request)
            scope = _scope(tools, request, self.path_format, key)
            fingerprint = await _fingerprint(request)
            async with tools.database.unit_of_work(trace_of(request)) as db:
                row = new_id()
                if not await take_key(db, scope, row, _keyed(tools, fingerprint)):
                    caller = await _check_session(db, tools, request)
                    # Answers kept by a version before are under the plain digest.
                    return await _replay(db, scope, {_keyed(tools, fingerprint), fingerprint}, caller)
                request.state.db = db
                records = remember_records(db)
                response = await original(request)
                actor: Actor | None = getattr(request.state, "actor", None)
                of_others = _is_partners(request.url.path) or (actor is not None and actor.is_staff)
                shown = keep_records(records) if of_others else []
                await _keep(db, scope, row, response, _post_of(actor), shown)
                return response

        return once_per_key


class Router(APIRouter):
    """A router whose POSTs run once per key."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=KeyedRoute, **options)


_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names this request: sent again with the same key it does nothing twice. Kept for 30 days.",
    "schema": {"type": "string", "minLength": 16, "maxLength": 257, "pattern": r"^[\x21-\x7e]+$"},
    "example": "4f8c2f0e9b7d4a63a1c5",
}


def _needs_key(route: APIRoute) -> bool:
    return "POST" in (route.methods or ()) and not (route.openapi_extra or {}).get(_RETRY_SAFE)


def _read_key(request: Request) -> str:
    raw = request.headers.get("idempotency-key")
    if raw is None:
        raise KeyMissing
    bare = raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] == '"' else raw
    if not 16 <= len(bare) <= 255 or not all("!" <= character <= "~" for character in bare):
        raise KeyMalformed
    return bare


def _scope(tools: Tools, request: Request, route: str, key: str) -> bytes:
    """Digest caller, method, route and key. A token, or the name of a partner, is believed here only as far as to tell
    callers apart."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    caller = "anyone"
    if _is_partners(route):
        caller = f"partner {request.headers.get('x-partner', '')}"
    elif bearer:
        try:
            caller = str(read_access_token(tools.keys, bearer, tools.database.clock.now()).subject)
        except TokenRejected:
            caller = "unknown"  # the endpoint will refuse it; nothing is kept
    return hashlib.sha256("\0".join([caller, request.method, route, key]).encode()).digest()


def _is_partners(path: str) -> bool:
    """Say whether a path is open to partners alone: their POSTs that need a key are those of partners that ask."""
    return path.startswith("/v1/partner/")


async def _check_session(db: WriteSession, tools: Tools, request: Request) -> Actor | None:
    """Refuse to repeat an answer to somebody who has signed out or lost the account since, and to a partner that is
    not let in any more, or that only gives another's name. Return who asks; None where anyone may.

    Raises:
        TokenRejected: the session or the secret is no longer good.
    """
    if _is_partners(request.url.path):
        secret = request.headers.get("authorization", "").removeprefix("Bearer ")
        return actor_of(await get_query_partner(db, request.headers.get("x-partner", ""), secret))
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not bearer:
        return None
    claims = read_access_token(tools.keys, bearer, tools.database.clock.now())
    return await get_actor(db, claims.subject, claims.role, claims.session, claims.epoch)


def _post_of(actor: Actor | None) -> list[str | None]:
    """Say as what somebody was answered: who has been moved since, or acts for another, is another caller, though the
    account is the same."""
    if actor is None or actor.role is Role.PARTNER:
        return []
    return [actor.role.value, actor.division, str(actor.entrustment) if actor.entrustment else None]


async def _fingerprint(request: Request) -> bytes:
    """Digest what is asked: the path's values, the query, and the body in canonical form."""
    body = await request.body()
    try:
        canonical = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):  # not JSON, or not said to be: the endpoint will refuse it
        canonical = body
    address = f"{request.url.path}?{request.url.query}".encode()
    return hashlib.sha256(address + b"\0" + canonical).digest()


def _keyed(tools: Tools, fingerprint: bytes) -> bytes:
    """Return what is kept of it: from a plain digest, a number in a short body could be guessed in minutes."""
    return tools.database.vault.index("kept_answers.request", fingerprint.hex())


async def _keep(
    db: WriteSession,
    scope: bytes,
    row: UUID,
    response: Response,
    post: list[str | None],
    shown: list[dict[str, Any]],
) -> None:
    headers = {name: response.headers[name] for name in _REPLAYED_HEADERS if name in response.headers}
    etag = present_tag()
    if etag is not None:
        headers["etag"] = etag
    answer = json.dumps({"headers": headers, "body": bytes(response.body).decode(), "post": post, "shown": shown})
    await keep_answer(db, scope, response.status_code, db.vault.seal(_COLUMN, row, answer, division=GENERAL))


async def _replay(db: WriteSession, scope: bytes, fingerprints: Collection[bytes], caller: Actor | None) -> Response:
    kept = await get_answer(db, scope)
    if kept.request not in fingerprints:
        raise KeyReused
    answer = json.loads(db.vault.open(_COLUMN, kept.id, kept.answer_sealed or b""))
    post = _post_of(caller)
    if answer.get("post", post) != post:  # those kept by a version before do not say
        raise KeyReused
    if caller is not None:
        await record_again(db, caller, answer.get("shown", ()))
    headers = {**answer["headers"], "Idempotent-Replayed": "true"}
    return Response(answer["body"], kept.status or 200, headers)
