"""Where a request comes from, as far as that can be known: for limits, never for access.

The socket's address counts. What `X-Forwarded-For` says is believed only from proxies the settings name, and only from
the right: each trusted proxy adds the address it saw, anything further left was written by the caller.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

Networks = Sequence[IPv4Network | IPv6Network]
_UNKNOWN = "unknown"
_IPV6_PREFIX = 64  # one subscriber holds at least a /64: its addresses are one caller


def client_address(scope: Scope, trusted: Networks) -> str:
    """Return the caller's address as a limit counts it: an IPv4 address, or the /64 of an IPv6 address."""
    client = scope.get("client")
    address = _read(client[0]) if client else None
    if address is None:
        return _UNKNOWN
    if trusted:
        for hop in reversed(_forwarded(scope)):
            if not _is_among(address, trusted):
                break
            said = _read(hop)
            if said is None:
                break
            address = said
    return _block(address)


def _forwarded(scope: Scope) -> list[str]:
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return ",".join(lines).split(",") if lines else []


def _read(text: str) -> IPv4Address | IPv6Address | None:
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_among(address: IPv4Address | IPv6Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


def _block(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address.packed[: _IPV6_PREFIX // 8].ljust(16, b"\0"), _IPV6_PREFIX)))
