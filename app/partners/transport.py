"""The HTTP client for all agencies: each is reached over connections of its own, and shown its own certificate.

Where both sides show certificates only the authority named for that agency is believed, not those of the machine.
"""

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from app.core.connections import Connection
from app.core.cookies import no_cookies
from app.partners.pool import Pool


class CertificateUnusable(Exception):
    """A connection names a certificate, key or authority that cannot be used, or two ask for different ones."""


class PoolPerAddress(httpx.AsyncBaseTransport):
    """A pool of connections for each base address; the longest that a request's begins with is its own."""

    def __init__(self, pools: Mapping[str, httpx.AsyncBaseTransport], other: httpx.AsyncBaseTransport) -> None:
        self._pools = sorted(((f"{base.rstrip('/')}/", pool) for base, pool in pools.items()), key=_longest_first)
        self._other = other

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request by the pool of its address."""
        url = str(request.url)
        pool = next((pool for base, pool in self._pools if url.startswith(base)), self._other)
        return await pool.handle_async_request(request)

    async def aclose(self) -> None:
        """Close all pools."""
        for _, pool in self._pools:
            await pool.aclose()
        await self._other.aclose()


def partner_client(
    connections: Mapping[str, Connection], pool: Callable[[ssl.SSLContext], httpx.AsyncBaseTransport] = Pool
) -> httpx.AsyncClient:
    """Return a client that shows each agency the certificate its connection names, over connections of its own `pool`.

    Raises:
        CertificateUnusable: a file is missing or unreadable, or one address would have to be shown two certificates.
    """
    machine, shown = httpx.create_ssl_context(), dict[str, tuple[str, str, str] | None]()
    pools: dict[str, httpx.AsyncBaseTransport] = {}
    for code, connection in connections.items():
        # As the pools are told apart: with the slash at the end it is the same address.
        address, files = str(httpx.URL(connection.base_url)).rstrip("/"), _files_of(connection)
        if shown.setdefault(address, files) != files:
            raise CertificateUnusable(f"{code}: another agency at the same address is shown another certificate")
        if address not in pools:
            pools[address] = pool(_context(code, *files) if files else machine)
    return httpx.AsyncClient(transport=PoolPerAddress(pools, pool(machine)), cookies=no_cookies())


def _files_of(connection: Connection) -> tuple[str, str, str] | None:
    if connection.certificate is None:
        return None
    return connection.certificate, connection.key or "", connection.authority or ""


def _context(code: str, certificate: str, key: str, authority: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cadata=Path(authority).read_text())
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        raise CertificateUnusable(f"the certificate, key or authority for {code} cannot be read") from error
    return context


def _longest_first(pool: tuple[str, object]) -> int:
    return -len(pool[0])
