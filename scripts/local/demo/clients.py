"""Clients of the API: a phone that finds its way on a bad network, a caseworker's console, the sandbox's controls.

Every request that changes something carries an Idempotency-Key and is sent again when the service is away for a moment:
so the story goes on when the API is killed in the middle of it.
"""

import ssl
import time
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from scripts.local.demo.narration import StoryStopped

_TRUSTED = ssl.create_default_context()  # read once: there are as many clients as people
_CODES = 3  # asked for before the story gives up
_AWAY = 120.0  # seconds the service may be away before the story gives up


class Client:
    """One caller. `sign_in` is called again when the token has ended."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=15, headers={"Accept-Language": "en"}, verify=_TRUSTED)
        self._token: str | None = None

    def sign_in(self) -> str | None:
        """Return a fresh access token; None for callers without one."""
        return None

    def get(self, path: str, **params: Any) -> Any:
        """Read something."""
        return self._ask(
            "GET", path, params={name: value for name, value in params.items() if value is not None}
        ).json()

    def post(self, path: str, body: Any = None) -> Any:
        """Do something; returns the answer's body, or None without one."""
        return _content(self._ask("POST", path, json=body, headers={"Idempotency-Key": uuid4().hex}))

    def attempt(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Do something that may be refused; returns the whole answer."""
        return self._send(method, path, json=body, headers={"Idempotency-Key": uuid4().hex})

    def put(self, path: str, body: Any) -> Any:
        """Set something."""
        return _content(self._ask("PUT", path, json=body))

    def patch(self, path: str, body: Any) -> Any:
        """Change something as it was last read; as a mini-program does, which cannot send PATCH."""
        seen = self._ask("GET", path).headers["ETag"]
        headers = {"Content-Type": "application/merge-patch+json", "X-HTTP-Method-Override": "PATCH", "If-Match": seen}
        return _content(self._ask("POST", path, json=body, headers=headers))

    def send_bytes(self, path: str, content: bytes) -> None:
        """Send raw bytes."""
        self._ask("PUT", path, content=content, headers={"Content-Type": "application/octet-stream"})

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Try something that must be refused; returns status and problem code."""
        answer = self.attempt(method, path, body)
        if answer.is_success:
            raise StoryStopped(f"{method} {path} was not refused")
        return answer.status_code, answer.json()["code"]

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = self._send(method, path, **options)
        if not answer.is_success:
            raise StoryStopped(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        deadline = time.monotonic() + _AWAY
        headers = options.pop("headers", {})
        while True:
            if self._token is None:
                self._token = self.sign_in()
            bearer = {"Authorization": f"Bearer {self._token}"} if self._token else {}
            try:
                answer = self._http.request(method, path, headers={**headers, **bearer}, **options)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 401 and self._token is not None:
                self._token = None  # the clock was moved: the token has ended
            elif answer is not None and answer.status_code != 503:
                return answer
            if time.monotonic() > deadline:
                raise StoryStopped(f"{method} {path}: the service does not answer")
            if answer is None or answer.status_code == 503:
                time.sleep(0.3)


class Phone(Client):
    """A citizen's phone: signs in with the code that the sandbox's SMS gateway shows."""

    def __init__(self, base_url: str, sandbox: "Sandbox", phone: str) -> None:
        super().__init__(base_url)
        self._sandbox = sandbox
        self._anyone = Client(base_url)
        self.phone = phone

    def sign_in(self) -> str:
        """Return a fresh access token; where the service went away with the answer, the code is spent: ask anew."""
        for _ in range(_CODES):
            before = self._sandbox.newest_code(self.phone)
            self._anyone.post("/v1/auth/otp", {"phone": self.phone})
            body = {"phone": self.phone, "code": self._sandbox.next_code(self.phone, before)}
            answer = self._anyone.attempt("POST", "/v1/auth/applicant-tokens", body)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                return str(answer.raise_for_status().json()["access_token"])
        raise StoryStopped(f"no code lets {self.phone} in")


class Console(Client):
    """A caseworker at a console."""

    def __init__(self, base_url: str, staff: dict[str, str]) -> None:
        super().__init__(base_url)
        self._staff = staff
        self._anyone = Client(base_url)
        self.username = staff["username"]

    def sign_in(self) -> str:
        body = {"username": self._staff["username"], "password": self._staff["password"]}
        token: str = self._anyone.post("/v1/auth/staff-tokens", body)["access_token"]
        return token


class Sandbox(Client):
    """The controls of the outside world."""

    def newest_code(self, phone: str) -> tuple[str, str] | None:
        """Return the last code a phone got and when."""
        codes = [message for message in self.get("/sms", phone=phone) if message["template"] == "one_time_code"]
        return (codes[0]["code"], codes[0]["sent_at"]) if codes else None

    def next_code(self, phone: str, before: tuple[str, str] | None) -> str:
        """Wait for a code newer than `before`.

        Raises:
            StoryStopped: none came.
        """
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            newest = self.newest_code(phone)
            if newest is not None and newest != before:
                return newest[0]
            time.sleep(0.1)
        raise StoryStopped(f"no code reached {phone}")

    def advance(self, duration: str) -> None:
        """Move everybody's clock forward."""
        self.post("/clock", {"advance": duration})

    def today(self) -> str:
        """Return today's date in China."""
        now = datetime.fromisoformat(self.get("/clock")["now"])
        return now.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()


def _content(answer: httpx.Response) -> Any:
    return answer.json() if answer.content else None
