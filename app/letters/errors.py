"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class LetterNotFound(DomainError):
    """No such letter, or not one this person may see; to who checks one: number and code do not go together."""

    code = "letter_not_found"
    kind = Kind.NOT_FOUND
    title = "Letter not found"
    title_zh = "未找到该通知书"
