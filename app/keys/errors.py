"""Refusals of key management. An operator reads them on the command line."""

from app.core.errors import DomainError, Kind


class NoSuchDivision(DomainError):
    """The division has no keys."""

    code = "division_without_keys"
    kind = Kind.NOT_FOUND
    title = "This division has no keys"
    title_zh = "该区划没有密钥"


class RotationUnderWay(DomainError):
    """Values of this division are still being sealed anew."""

    code = "rotation_under_way"
    kind = Kind.CONFLICT
    title = "The last rotation of this division is not finished"
    title_zh = "该区划上一次密钥轮换尚未完成"


class KeyStillInUse(DomainError):
    """Something is sealed under the key; seal the division anew first."""

    code = "key_still_in_use"
    kind = Kind.CONFLICT
    title = "Something is still sealed under this key"
    title_zh = "仍有内容使用该密钥加密"


class NothingToDestroy(DomainError):
    """The division has no retired key that was not destroyed."""

    code = "nothing_to_destroy"
    kind = Kind.CONFLICT
    title = "This division has no retired key"
    title_zh = "该区划没有已停用的密钥"
