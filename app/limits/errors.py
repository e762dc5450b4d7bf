"""The refusal of whoever asks too often."""

from app.core.errors import DomainError, Kind


class TooManyRequests(DomainError):
    """A limit was reached; `Retry-After` says when to come back, `RateLimit` which limit it was."""

    code = "too_many_requests"
    kind = Kind.TOO_MANY
    title = "Too many requests, please try again later"
    title_zh = "请求过于频繁，请稍后再试"


class TooManyGuesses(DomainError):
    """Too many wrong second facts for this number; the same for numbers that do not exist."""

    code = "too_many_guesses"
    kind = Kind.TOO_MANY
    title = "Too many wrong tries for this number"
    title_zh = "查询错误次数过多，请稍后再试"
