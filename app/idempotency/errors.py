"""Refusals about Idempotency-Key."""

from app.core.errors import DomainError, Kind


class KeyMissing(DomainError):
    """The operation needs an Idempotency-Key header."""

    code = "idempotency_key_missing"
    kind = Kind.INVALID
    title = "The Idempotency-Key header is missing"
    title_zh = "缺少 Idempotency-Key 请求头"


class KeyMalformed(DomainError):
    """Not 16 to 255 visible ASCII characters."""

    code = "idempotency_key_malformed"
    kind = Kind.INVALID
    title = "The Idempotency-Key must be 16 to 255 visible ASCII characters"
    title_zh = "Idempotency-Key 须为 16 至 255 个可见 ASCII 字符"


class KeyReused(DomainError):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    kind = Kind.UNPROCESSABLE
    title = "This Idempotency-Key was used for a different request"
    title_zh = "该 Idempotency-Key 已用于不同的请求"


class FirstStillRunning(DomainError):
    """The first request with this key has not ended yet."""

    code = "first_still_running"
    kind = Kind.CONFLICT
    title = "The first request with this key is still running"
    title_zh = "同一请求正在处理中"
