"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class LetterNotFound(DomainError):
    """No such letter, or not one this person may see; to who checks one: number and code do not go together."""

    code = "letter_not_found"
    kind = Kind.NOT_FOUND
    title = "Letter not found"
    title_zh = "未找到该通知书"


class LetterTakenBack(DomainError):
    """Somebody outside is not to be asked any more: an authorisation was withdrawn, or the letter discarded."""

    code = "letter_taken_back"
    kind = Kind.CONFLICT
    title = "The letter was taken back and is not printed any more"
    title_zh = "该函件已撤回，不再印发"
