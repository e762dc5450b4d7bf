"""Where events may be sent: never into our own network.

The address is judged twice: as text when it is registered, and as what its name resolves to at every delivery, where
the connection is then made to exactly the address that was judged (a name can change its mind in between).
"""

import asyncio
import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from app.webhooks.errors import UrlNotAllowed

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_MOST_CHARACTERS = 500
# IPv6 addresses that carry an IPv4 address inside: translation (RFC 6052, RFC 8215) and tunnels. What is inside may be
# a private address, and nobody receives webhooks there.
_CARRIERS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class AddressRefused(Exception):
    """The name resolves to an address that must not be reached from here."""


def check_url(url: str, *, sandbox: bool) -> str:
    """Return `url` if events may be sent there: https; in the sandbox also http to this machine.

    Raises:
        UrlNotAllowed: another scheme, credentials or a fragment in it, or an address inside the own network.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UrlNotAllowed("url_malformed") from None
    if not host or len(url) > _MOST_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
        raise UrlNotAllowed("url_malformed")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UrlNotAllowed("url_with_credentials")
    if sandbox and _is_loopback_name(host):
        return url
    if parts.scheme != "https":
        raise UrlNotAllowed("url_https_only")
    literal = _literal(host)
    if _is_loopback_name(host) or (literal is not None and not is_public(literal)):
        raise UrlNotAllowed("url_inside")
    return url


def is_public(address: IpAddress) -> bool:
    """Say whether an address belongs to the public internet: not private, loopback, link-local, shared or reserved."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in carrier for carrier in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def resolve(url: str, *, sandbox: bool) -> str:
    """Return the IP address to connect to for `url`.

    One address that must not be reached refuses them all: a name that answers with both is not a mistake.

    Raises:
        AddressRefused: a private, loopback or otherwise inner address.
        OSError: the name does not resolve.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = [ipaddress.ip_address(str(entry[4][0]).split("%")[0]) for entry in found]
    for address in addresses:
        if not (is_public(address) or (sandbox and address.is_loopback and _is_loopback_name(host))):
            raise AddressRefused
    return str(addresses[0])


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_loopback_name(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
