"""The one HTTP client for all agencies. Where an agency asks for a certificate, its address has a transport of its own.

Where both sides show certificates only the authority named for that agency is believed, not those of the machine.
"""

import ssl
from collections.abc import Mapping
from pathlib import Path

import httpx

from app.core.connections import Connection

# All agencies have questions under way at the same time: what is open stays open for the next.
_LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=200)


class CertificateUnusable(Exception):
    """A connection names a certificate, key or authority that cannot be used, or two ask for different ones."""


def partner_client(connections: Mapping[str, Connection]) -> httpx.AsyncClient:
    """Return a client that shows each agency the certificate its connection names.

    Raises:
        CertificateUnusable: a file is missing or unreadable, or one address would have to be shown two certificates.
    """
    shown: dict[str, tuple[str, str, str]] = {}
    for code, connection in connections.items():
        if connection.certificate is None:
            continue
        files = (connection.certificate, connection.key or "", connection.authority or "")
        if shown.setdefault(_origin(connection.base_url), files) != files:
            raise CertificateUnusable(f"{code}: another agency at the same address is shown another certificate")
    mounts = {origin: _transport(origin, *files) for origin, files in shown.items()}
    return httpx.AsyncClient(mounts=mounts, limits=_LIMITS)


def _origin(base_url: str) -> str:
    url = httpx.URL(base_url)
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _transport(origin: str, certificate: str, key: str, authority: str) -> httpx.AsyncHTTPTransport:
    try:
        context = ssl.create_default_context(cadata=Path(authority).read_text())
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        raise CertificateUnusable(f"the certificate, key or authority for {origin} cannot be read") from error
    return httpx.AsyncHTTPTransport(verify=context, limits=_LIMITS)
