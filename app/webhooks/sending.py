"""One HTTP request to a subscriber, signed by Standard Webhooks 1.0. The only file here that reaches outside."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
from standardwebhooks import Webhook

from app.core.clock import SHANGHAI, Clock, SystemClock
from app.core.cookies import no_cookies
from app.events.models import EventRecord
from app.webhooks.addresses import AddressRefused, resolve

DEADLINE = 10.0  # seconds for the whole exchange
_MOST_ANSWER = 16 * 1024  # bytes of an answer's body; nothing in it is of interest
_USER_AGENT = "dibao-webhooks/1"


@dataclass(frozen=True)
class Parcel:
    """What is to be sent. `secrets`: the present one first, the previous one beside it while a rotation lasts; none
    where the body itself is signed."""

    url: str
    message_id: str
    body: str
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What became of it: the answer's status, or the reason why there is none."""

    status_code: int | None = None
    error: str | None = None
    wished_pause: timedelta | None = None

    @property
    def is_success(self) -> bool:
        """Say whether the receiver took it (2xx)."""
        return self.status_code is not None and 200 <= self.status_code < 300

    @property
    def is_gone(self) -> bool:
        """Say whether the receiver asked never to be called again."""
        return self.status_code == httpx.codes.GONE


def thin_body(event: EventRecord, public_url: str) -> str:
    """Return the message: that something happened and where to read it, and nothing about whom."""
    return json.dumps(
        {
            "id": str(event.id),
            "type": event.type,
            "time": event.occurred_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            "subject": str(event.subject),
            "sequence": event.sequence,
            "link": f"{public_url.rstrip('/')}/v1/partner/events/{event.id}",
        },
        separators=(",", ":"),
    )


def delivery_client() -> httpx.AsyncClient:
    """Build the client for deliveries.

    No redirects (they would leave the judged address) and no proxy from the environment (it would do the resolving).
    No connection is kept: requests go to IP addresses, and one opened under another name must not be used again.
    """
    return httpx.AsyncClient(
        cookies=no_cookies(),
        follow_redirects=False,
        trust_env=False,
        timeout=DEADLINE,
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=0),
    )


class WebhookSender:
    """Sends parcels. `wall` is the real time also in the sandbox: the receiver compares with its own clock."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        public_url: str,
        *,
        sandbox: bool,
        wall: Clock | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self.public_url = public_url
        self._http = http
        self._sandbox = sandbox
        self._wall = wall or SystemClock()
        self._deadline = deadline

    async def send(self, parcel: Parcel) -> Outcome:
        """Make one attempt; whatever happens is an outcome, never an exception."""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._post(parcel)
        except AddressRefused:
            return Outcome(error="address_refused")
        except (TimeoutError, httpx.TimeoutException):
            return Outcome(error="timeout")
        except OSError:
            return Outcome(error="name_not_resolved")
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            return Outcome(error="connection_failed")

    async def _post(self, parcel: Parcel) -> Outcome:
        address = await resolve(parcel.url, sandbox=self._sandbox)
        request = self._request(parcel, address)
        response = await self._http.send(request, stream=True)
        try:
            await _skim(response)
        finally:
            await response.aclose()
        return Outcome(response.status_code, wished_pause=self._wished_pause(response))

    def _request(self, parcel: Parcel, address: str) -> httpx.Request:
        """Address the request to the judged IP; the name stays in the Host header and in the TLS handshake."""
        name = urlsplit(parcel.url).hostname or ""
        url = httpx.URL(parcel.url)
        return self._http.build_request(
            "POST",
            url.copy_with(host=address),
            content=parcel.body.encode(),
            headers={"Host": url.netloc.decode(), **self._signed_headers(parcel)},
            extensions={"sni_hostname": name},
        )

    def _signed_headers(self, parcel: Parcel) -> dict[str, str]:
        now = self._wall.now()
        signatures = [Webhook(secret).sign(parcel.message_id, now, parcel.body) for secret in parcel.secrets]
        return {
            "Content-Type": "application/json",
            "User-Agent": _USER_AGENT,
            "webhook-id": parcel.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            **({"webhook-signature": " ".join(signatures)} if signatures else {}),
        }

    def _wished_pause(self, response: httpx.Response) -> timedelta | None:
        """Read Retry-After: seconds, or a date by the real clock."""
        text = response.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit() and len(text) < 10:
            return timedelta(seconds=int(text))
        try:
            return max(parsedate_to_datetime(text) - self._wall.now(), timedelta())
        except (ValueError, TypeError):
            return None


async def _skim(response: httpx.Response) -> None:
    """Take in a short answer, so that the receiver sees its answer read; leave a long one."""
    taken = 0
    async for chunk in response.aiter_raw(_MOST_ANSWER):
        taken += len(chunk)
        if taken >= _MOST_ANSWER:
            return
