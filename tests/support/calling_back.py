"""What partners send us by themselves, signed as they do."""

import time
from collections.abc import Iterator

import httpx

from app.partners.call_backs import SIGNATURE_HEADER, TIME_HEADER, sign

INBOUND_KEY = "inbound-test-key"


class CallsBack(httpx.Auth):
    """Signs what is sent under the name in its `X-Partner`. `ago`: so many seconds before it is sent."""

    requires_request_body = True

    def __init__(self, key: str = INBOUND_KEY, *, ago: int = 0) -> None:
        self._key = key
        self._ago = ago

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:
        sent_at = int(time.time()) - self._ago
        partner = request.headers.get("X-Partner", "")
        request.headers[TIME_HEADER] = str(sent_at)
        request.headers[SIGNATURE_HEADER] = sign(self._key, partner, request.url.path, sent_at, request.content)
        yield request


def signature_of(partner: str, path: str, body: bytes) -> dict[bytes, bytes]:
    """Return the header lines that sign a body, sent now, where no client does it."""
    sent_at = int(time.time())
    signature = sign(INBOUND_KEY, partner, path, sent_at, body)
    return {TIME_HEADER.lower().encode(): str(sent_at).encode(), SIGNATURE_HEADER.lower().encode(): signature.encode()}


SIGNED = CallsBack()
