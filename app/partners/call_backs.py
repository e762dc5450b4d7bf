"""Whatever a partner brings us by itself is signed: HMAC-SHA256 over who sends what, where to, and when it is sent.

The time is that of sending, not of the question: an answer may lawfully come weeks late, and each time it is sent it is
signed anew. So a sending that is minutes old is somebody's copy of it, however old the question is.
"""

import hashlib
import hmac

TIME_HEADER = "X-Signed-At"
SIGNATURE_HEADER = "X-Signature"
WINDOW = 300
"""Seconds by which the two clocks may differ, either way, the sending's own way included."""

_VERSION = "v1="


class NotSigned(Exception):
    """A sending that is not proved to be the partner's, or not of now. `reason`: 'missing' | 'wrong' | 'stale'."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign(key: str, partner: str, path: str, sent_at: int, body: bytes) -> str:
    """Return the signature of a sending: of what partner, to which path, at which second of the epoch.

    None of the lines before the body can hold a line end, so no sending can pass for another.
    """
    head = f"{partner}\n{path}\n{sent_at}\n".encode()
    return _VERSION + hmac.new(key.encode(), head + body, hashlib.sha256).hexdigest()


def require_signed(
    key: str, partner: str, path: str, body: bytes, *, sent_at: str | None, signature: str | None, now: float
) -> None:
    """Let through what is signed with `key` and was sent now. Both times are seconds of the epoch by the machine's
    clock: what day it is in a case has nothing to do with it.

    Raises:
        NotSigned: it is not; with no key agreed on nothing can be. Only whoever has signed hears of the time.
    """
    if not sent_at or not signature:
        raise NotSigned("missing")
    if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= 12):
        raise NotSigned("wrong")
    expected = sign(key, partner, path, int(sent_at), body)
    if not hmac.compare_digest(expected.encode(), signature.encode()) or not key:
        raise NotSigned("wrong")
    if abs(now - int(sent_at)) > WINDOW:
        raise NotSigned("stale")
