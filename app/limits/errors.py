"""The refusal of whoever asks too often."""

from app.core.errors import DomainError, Kind


class TooManyRequests(DomainError):
    """A limit was reached; `Retry-After` says when to come back, `RateLimit` which limit it was."""

    code = "too_many_requests"
    kind = Kind.TOO_MANY
    title = "Too many requests, please try again later"
    title_zh = "请求过于频繁，请稍后再试"
