"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class HandoverNotFound(DomainError):
    """No such hand-over, or not one this person may see."""

    code = "handover_not_found"
    kind = Kind.NOT_FOUND
    title = "Hand-over not found"
    title_zh = "未找到移交事项"


class HandoverOpen(DomainError):
    """One is under way for this award already."""

    code = "handover_open"
    kind = Kind.CONFLICT
    title = "The award is being handed over already"
    title_zh = "该待遇已有办理中的移交事项"


class HandoverInvalid(DomainError):
    """The place or the day cannot be right; the faults say which."""

    code = "handover_invalid"
    kind = Kind.UNPROCESSABLE
    title = "The award cannot be handed over so"
    title_zh = "移交事项填写有误"


class HandoverBlocked(DomainError):
    """Something about the award waits for the county that pays it, or the other one would begin too far ahead; the
    detail says what.

    Money that is to come back blocks nothing: it stays with the county that paid it.
    """

    code = "handover_blocked"
    kind = Kind.CONFLICT
    title = "The award cannot be handed over yet"
    title_zh = "待遇暂不能移交"


class OtherCountysStep(DomainError):
    """The step exists, and is the other county's."""

    code = "other_countys_step"
    kind = Kind.FORBIDDEN
    title = "This step is the other county's"
    title_zh = "此步骤应由对方县办理"
