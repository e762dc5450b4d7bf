"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class HoldNotFound(DomainError):
    """No such hold, or not one this person may see."""

    code = "hold_not_found"
    kind = Kind.NOT_FOUND
    title = "Legal hold not found"
    title_zh = "未找到该封存记录"


class HoldLifted(DomainError):
    """The hold was lifted before."""

    code = "hold_lifted"
    kind = Kind.CONFLICT
    title = "This legal hold was lifted already"
    title_zh = "该封存已解除"


class StillKept(DomainError):
    """The law has it kept for longer; the refusal says as what, by which law and until when, if that is known."""

    code = "still_kept"
    kind = Kind.CONFLICT
    title = "The law requires this to be kept for longer"
    title_zh = "依法须继续保存，暂不能删除"


class NothingToErase(DomainError):
    """Nothing of that kind is held."""

    code = "nothing_to_erase"
    kind = Kind.CONFLICT
    title = "There is nothing to erase"
    title_zh = "没有可删除的内容"
