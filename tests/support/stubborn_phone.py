"""A phone on a bad link: it sends one file at a time, again and again, until the other side has it whole."""

import asyncio
import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

_PATIENCE = 600  # tries of one request; the server is away for seconds at a time


@dataclass
class Sent:
    """What became of one file."""

    document: dict[str, Any]
    kept: bytes
    parts: int
    tries: int  # how often a part was sent, whole or cut


class StubbornPhone:
    """One citizen, signed in, with an application to attach files to."""

    def __init__(self, base_url: str, token: str, application: str) -> None:
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._application = application

    async def hand_over(self, content: bytes) -> Sent:
        """Upload a file, attach it, and load it again as it is kept."""
        async with httpx.AsyncClient(
            base_url=self._base_url, headers=self._headers, trust_env=False, timeout=20
        ) as http:
            link = _Stubborn(http)
            body = {"kind": "diagnosis", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            upload = (await link.ask("POST", "/v1/uploads", json=body)).json()
            await _send_missing(link, upload, content)
            done = (await link.ask("POST", f"/v1/uploads/{upload['id']}/complete")).json()
            assert done["complete"]
            body = {"kind": "diagnosis", "upload_id": upload["id"]}
            papers = f"/v1/applications/{self._application}/documents"
            document = (await link.ask("POST", papers, json=body)).json()
            kept = (await link.ask("GET", f"{papers}/{document['id']}/content")).content
        return Sent(document, kept, upload["parts"], link.tries_of_parts)


async def _send_missing(link: "_Stubborn", upload: dict[str, Any], content: bytes) -> None:
    """Send every part once; after a lost answer it is the state of the upload that says whether it arrived."""
    size, missing = upload["part_size"], upload["missing"]
    while missing:
        number = missing[0]
        part = content[(number - 1) * size : number * size]
        if await link.send_part(f"/v1/uploads/{upload['id']}/parts/{number}", part):
            missing = missing[1:]
        else:
            missing = (await link.ask("GET", f"/v1/uploads/{upload['id']}")).json()["missing"]


class _Stubborn:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.tries_of_parts = 0

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask until there is an answer; all that is asked here may safely be asked twice."""
        headers = {"Idempotency-Key": uuid4().hex} if method == "POST" else {}
        for _ in range(_PATIENCE):
            try:
                answer = await self._http.request(method, path, headers=headers, **options)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.is_success:
                return answer
            await _wait_as_told(answer)
        raise AssertionError(f"no answer to {method} {path}")

    async def send_part(self, path: str, part: bytes) -> bool:
        """Send one part; False when it is not known whether it arrived."""
        digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
        self.tries_of_parts += 1
        try:
            answer = await self._http.put(path, content=part, headers={"Content-Digest": f"sha-256=:{digest}:"})
        except httpx.TransportError:
            return False
        if answer.is_success:
            return True
        await _wait_as_told(answer)
        return False


async def _wait_as_told(answer: httpx.Response) -> None:
    """Come back later where the answer says so; anything else is a fault of ours or theirs."""
    assert answer.status_code in (409, 429, 503), f"{answer.status_code} {answer.text}"
    assert "retry-after" in answer.headers, answer.text
    await asyncio.sleep(min(5.0, float(answer.headers["retry-after"])))
