"""The three audiences over HTTP, each as its real client behaves: signs in, goes on when its token has ended."""

from typing import Any
from uuid import uuid4

import httpx

from app.sandbox.persons import Household
from tests.support.outside import SmsList


class Caller:
    """Somebody without an account. Subclasses know how to sign in."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._tokens: dict[str, Any] | None = None

    async def get(self, path: str, **params: Any) -> Any:
        """Read something."""
        return _content(await self._succeed("GET", path, params=params))

    async def post(self, path: str, body: Any = None) -> Any:
        """Do something."""
        return _content(await self._succeed("POST", path, json=body))

    async def put(self, path: str, body: Any, *, seen: int | None = None) -> Any:
        """Set something; `seen` is the version of what is there already."""
        headers = {} if seen is None else {"If-Match": f'"{seen}"'}
        return _content(await self._succeed("PUT", path, json=body, headers=headers))

    async def patch(self, path: str, body: Any) -> Any:
        """Change something as it was last read."""
        seen = (await self._succeed("GET", path)).headers["ETag"]
        headers = {"Content-Type": "application/merge-patch+json", "If-Match": seen}
        return _content(await self._succeed("PATCH", path, json=body, headers=headers))

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Try something that must be refused with a problem document; returns status and code."""
        answer = await self.send(method, path, json=body)
        assert not answer.is_success, f"{method} {path} was not refused: {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.status_code, answer.json()["code"]

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request; a token that has ended is replaced first."""
        headers = dict(options.pop("headers", {}))
        if method == "POST":
            headers.setdefault("Idempotency-Key", uuid4().hex)
        if method == "PATCH":
            headers.setdefault("Content-Type", "application/merge-patch+json")
        if self._tokens is None:
            await self._enter()
        answer = await self._request(method, path, headers, options)
        if answer.status_code == 401 and self._tokens is not None:
            await self._enter()
            answer = await self._request(method, path, headers, options)
        return answer

    async def _enter(self) -> None:
        """Refresh where that still goes, else sign in anew."""
        if self._tokens is not None:
            body = {"refresh_token": self._tokens["refresh_token"]}
            answer = await self._http.post("/v1/auth/refresh", json=body)
            self._tokens = answer.json() if answer.is_success else None
        if self._tokens is None:
            self._tokens = await self.sign_in()

    async def sign_in(self) -> dict[str, Any] | None:
        """Return fresh tokens; None for callers without any."""
        return None

    async def _request(self, method: str, path: str, headers: dict[str, str], options: Any) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {self._tokens['access_token']}"} if self._tokens else {}
        return await self._http.request(method, path, headers={**headers, **bearer}, **options)

    async def _succeed(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = await self.send(method, path, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer


class Phone(Caller):
    """A citizen's phone: signs in with a code by SMS, which the worker must have sent."""

    def __init__(self, http: httpx.AsyncClient, family: Household, sms: SmsList, drain: Any) -> None:
        super().__init__(http)
        self.family = family
        self._sms = sms
        self._drain = drain

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request; where a recent proof is asked for, sign in anew and send again."""
        answer = await super().send(method, path, **options)
        if answer.status_code == 403 and answer.json()["code"] == "step_up_required":
            self._tokens = await self.sign_in()
            answer = await super().send(method, path, **options)
        return answer

    async def sign_in(self) -> dict[str, Any]:
        number = self.family.head.phone
        anyone = Caller(self._http)
        await anyone.post("/v1/auth/otp", {"phone": number})
        await self._drain()
        tokens: dict[str, Any] = await anyone.post(
            "/v1/auth/applicant-tokens", {"phone": number, "code": self._sms.code_of(number)}
        )
        return tokens


class Console(Caller):
    """A caseworker's console."""

    def __init__(self, http: httpx.AsyncClient, username: str, password: str) -> None:
        super().__init__(http)
        self.username = username
        self._password = password

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request; where a recent proof is asked for, give it and send again."""
        answer = await super().send(method, path, **options)
        if answer.status_code == 403 and answer.json()["code"] == "step_up_required":
            proof = await super().send("POST", "/v1/auth/step-ups", json={"password": self._password})
            assert proof.status_code == 201, proof.text
            answer = await super().send(method, path, **options)
        return answer

    async def sign_in(self) -> dict[str, Any]:
        body = {"username": self.username, "password": self._password}
        tokens: dict[str, Any] = await Caller(self._http).post("/v1/auth/staff-tokens", body)
        return tokens


class Acting(Caller):
    """Whoever acts for another, by the tokens got for it; they are not renewed behind anybody's back."""

    def __init__(self, http: httpx.AsyncClient, tokens: dict[str, Any]) -> None:
        super().__init__(http)
        self._tokens = tokens

    async def _enter(self) -> None:
        """Stay with these."""


def _content(answer: httpx.Response) -> Any:
    return answer.json() if answer.content else None
