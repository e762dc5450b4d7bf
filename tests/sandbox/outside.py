"""A sandbox inside the test process: real services over ASGI, call-backs into a list."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import httpx
import uvicorn
from httpx._utils import URLPattern

from app.core.clock import legal_date
from app.core.connections import Connection
from app.partners.base import Authentication
from app.partners.registry import AGENCIES
from app.partners.transport import partner_client
from app.sandbox.certificates import Certificates, make_certificates
from app.sandbox.listener import Certified, serving
from app.sandbox.main import CERTIFICATES, build_app
from app.sandbox.world import SERVICES
from app.settings import Settings

BASE = "http://sandbox.test"
PUBLIC = "http://product.test"


def base_url(service: str) -> str:
    return f"{BASE}/sms-gateway" if service == "sms_gateway" else f"{BASE}/agencies/{service}"


def settings_in(folder: Path, **overrides: object) -> Settings:
    """Settings of a sandbox whose files are in `folder`."""
    connections = {
        service: {
            "base_url": base_url(service),
            "secret": f"ours-{service}",
            "inbound_secret": f"theirs-{service}",
            "inbound_key": f"signs-{service}",
        }
        for service in SERVICES
    }
    for service in MUTUAL:  # in memory nobody looks at them, but for their being named
        connections[service] |= dict.fromkeys(("certificate", "key", "authority"), "unused.pem")
        connections[service]["base_url"] = base_url(service).replace("http:", "https:")
    (folder / "partners.json").write_text(json.dumps(connections))
    values: dict[str, object] = {
        "environment": "sandbox",
        "DATABASE_URL": "postgresql://unused",
        "vault_file": folder / "unused",
        "token_key_file": folder / "unused",
        "storage_dir": folder / "unused",
        "partners_file": folder / "partners.json",
        "public_url": PUBLIC,
        "sandbox_clock_file": folder / "clock",
        "sandbox_answer_seconds": 0.0,
    }
    return Settings(**(values | overrides))


@dataclass
class Outside:
    """What a test holds of the running sandbox."""

    http: httpx.AsyncClient  # reaches the sandbox
    connections: dict[str, Connection]
    received: list[httpx.Request] = field(default_factory=list)  # call-backs that reached "us"
    answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(204)

    def receive(self, request: httpx.Request) -> httpx.Response:
        self.received.append(request)
        return self.answer(request)

    async def today(self) -> date:
        clock = await self.http.get(f"{BASE}/clock")
        return legal_date(datetime.fromisoformat(clock.json()["now"]))

    async def fault(self, agency: str, kind: str, rate: float = 1.0, seconds: float = 2.0) -> None:
        order = {"agency": agency, "kind": kind, "rate": rate, "seconds": seconds}
        answer = await self.http.post(f"{BASE}/faults", json=order)
        assert answer.status_code == 200

    async def call_back_about(self, text: str) -> httpx.Request:
        """Wait for a call-back whose body holds `text`."""
        await self.until(lambda: any(text.encode() in request.content for request in self.received))
        return next(request for request in self.received if text.encode() in request.content)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(10):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.02)


@asynccontextmanager
async def running_sandbox(settings: Settings) -> AsyncIterator[Outside]:
    """Run a sandbox until the end of the block; whoever reaches it has shown a certificate."""
    outside: list[Outside] = []
    app = build_app(settings, httpx.MockTransport(lambda request: outside[0].receive(request)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Certified(app))) as http:
        outside.append(Outside(http, settings.partners()))
        async with app.router.lifespan_context(app):
            yield outside[0]


@asynccontextmanager
async def served_sandbox(folder: Path) -> AsyncIterator[Outside]:
    """Run a sandbox on ports of this machine: agencies are reached over real HTTP, those that ask for a certificate
    over real TLS; its levers (`BASE`) in memory."""
    settings = settings_in(folder, sandbox_tls_port=0)
    outside: list[Outside] = []
    app = build_app(settings, httpx.MockTransport(lambda request: outside[0].receive(request)))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, ws="none")
    config.timeout_graceful_shutdown = 1
    async with serving(config) as port:
        made = make_certificates(folder / CERTIFICATES)
        connections = {
            code: _by_certificate(code, app.state.tls_port, made)
            if code in MUTUAL
            else replace(each, base_url=each.base_url.replace(BASE, f"http://127.0.0.1:{port}"))
            for code, each in settings.partners().items()
        }
        async with partner_client(connections) as http:
            http._mounts[URLPattern(BASE)] = httpx.ASGITransport(app)
            outside.append(Outside(http, connections))
            yield outside[0]


MUTUAL = {agency.code for agency in AGENCIES if agency.authentication is Authentication.MUTUAL_TLS}


def _by_certificate(code: str, port: int, made: Certificates) -> Connection:
    return Connection(
        base_url=f"https://127.0.0.1:{port}/agencies/{code}",
        certificate=str(made.certificate("us")),
        key=str(made.key("us")),
        authority=str(made.authority),
    )
