"""Writes down every call that goes over a client, by who made it, so that somebody else can make it again."""

import base64
import json
from dataclasses import dataclass, field

import httpx

# Who is not signed in has nothing that somebody else could want; signing in is told apart by what one knows.
_OPEN = ("/v1/public/", "/v1/auth/otp", "/v1/auth/applicant-tokens", "/v1/auth/staff-tokens", "/v1/auth/refresh")


@dataclass(frozen=True)
class Call:
    """One call, with all its headers but the one that says who makes it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Recorder:
    """Calls by the subject of their token; those of partners by the partner's code."""

    calls: dict[str, list[Call]] = field(default_factory=dict)
    paused: bool = False

    async def note(self, request: httpx.Request) -> None:
        """Take one request down (a request hook of httpx)."""
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.paused or not bearer or request.url.path.startswith(_OPEN):
            return
        left_out = ("authorization", "x-partner", "content-length", "host")
        headers = tuple((name, value) for name, value in request.headers.items() if name not in left_out)
        who = request.headers.get("X-Partner") or subject_of(bearer)
        target = request.url.raw_path.decode()
        self.calls.setdefault(who, []).append(Call(request.method, target, headers, request.content))


def subject_of(token: str) -> str:
    """Return the subject an access token names."""
    claims = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])
