"""Builds the sandbox process: `uvicorn --factory app.sandbox.main:create_app`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse

from app.sandbox import control, sms, webhook_sink
from app.sandbox.agencies import routers
from app.sandbox.callbacks import PostOffice
from app.sandbox.faults import FaultGate, Faults
from app.sandbox.listener import listening
from app.sandbox.moving_clock import MovingClock
from app.sandbox.population import grow
from app.sandbox.queries import Store
from app.sandbox.world import SERVICES, BodyTooLarge, World
from app.settings import Settings, load_settings

_PARTS = (
    control.router,  # before the agencies: its addresses are fixed, some of theirs are not
    *routers(),
    sms.router,
    webhook_sink.router,
)

CERTIFICATES = "certificates"
"""The folder beside the partners file where those of the sandbox lie."""

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandbox</title>
<h1>The outside world of 一部手机办低保</h1>
<p>Mock agencies, a bank, an SMS gateway. Nobody here is real.</p>
<ul>
<li><code>GET /sms?phone=</code> messages of a telephone</li>
<li><code>GET /clock</code>, <code>POST /clock {"advance": "P7D"}</code></li>
<li><code>GET /faults</code>, <code>POST /faults {"agency": "tax", "kind": "silence", "rate": 0.5}</code>,
<code>DELETE /faults</code></li>
<li><code>GET /counters</code>, <code>GET /agencies/{agency}/questions?reference=</code></li>
<li><code>GET /agencies/paying_bank/credits?account=</code></li>
<li><code>GET /webhook-sink/{name}</code>, <code>POST /webhook-sink/{name}/fail {"times": 2, "status": 500}</code></li>
</ul></html>"""


class NotASandbox(Exception):
    """The settings are not those of a sandbox; mock agencies beside real data would be a disaster."""


def create_app() -> FastAPI:
    """Build the sandbox from the environment.

    Raises:
        NotASandbox: the environment is another, or a setting that only a sandbox has is missing.
    """
    return build_app(load_settings())


def build_app(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> FastAPI:
    """Build the sandbox; `transport` carries the call-backs in tests.

    Raises:
        NotASandbox: see `create_app`.
    """
    world = _world(settings)
    grow(settings.sandbox_population)
    certificates = settings.partners_file.parent / CERTIFICATES
    lifespan = _lifespan(world, transport, certificates, settings.sandbox_tls_port)
    app = FastAPI(title="Sandbox", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_middleware(FaultGate, faults=world.faults)
    app.add_exception_handler(BodyTooLarge, _too_large)
    app.add_exception_handler(RequestValidationError, _refused)
    for router in _PARTS:
        app.include_router(router(world))

    @app.get("/", response_class=HTMLResponse)
    async def page() -> str:
        """Say what is here."""
        return _PAGE

    return app


def _world(settings: Settings) -> World:
    if settings.environment != "sandbox":
        raise NotASandbox("the environment is not 'sandbox'")
    if settings.sandbox_clock_file is None:
        raise NotASandbox("no file for the clock")
    connections = settings.partners()
    if missing := [service for service in SERVICES if service not in connections]:
        raise NotASandbox(f"no connection for {', '.join(missing)}")
    return World(
        clock=MovingClock(settings.sandbox_clock_file),
        store=Store(settings.sandbox_clock_file.parent / "sandbox.db"),
        faults=Faults(),
        connections=connections,
        public_url=settings.public_url,
        answer_seconds=settings.sandbox_answer_seconds,
    )


def _lifespan(
    world: World, transport: httpx.AsyncBaseTransport | None, certificates: Path, tls_port: int | None
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as open_until_the_end:
            http = await open_until_the_end.enter_async_context(httpx.AsyncClient(transport=transport))
            if tls_port is not None:
                listener = listening(app, certificates, tls_port)
                app.state.tls_port = await open_until_the_end.enter_async_context(listener)
            work = asyncio.create_task(PostOffice(world, http).run())
            try:
                yield
            finally:
                work.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await work
        world.store.close()

    return lifespan


async def _too_large(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"error": "the body is too large"}, 413)


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    """Say which field is wrong and why. What was sent is not repeated: not all of it can be written as JSON."""
    assert isinstance(error, RequestValidationError)
    faults = [{"field": ".".join(map(str, fault["loc"])), "why": fault["msg"]} for fault in error.errors()]
    return JSONResponse({"error": "the request is not valid", "faults": faults}, 422)
