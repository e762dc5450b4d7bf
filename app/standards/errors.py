"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class ChangeNotFound(DomainError):
    """No such change, or not one that concerns this person's division."""

    code = "change_not_found"
    kind = Kind.NOT_FOUND
    title = "There is no such change"
    title_zh = "未找到该变更"


class StandardBelowGuidance(DomainError):
    """A lower place may set a higher standard, never one below what was published above it (社会救助法 art. 19)."""

    code = "standard_below_guidance"
    kind = Kind.UNPROCESSABLE
    title = "This standard lies below the one published above it"
    title_zh = "标准低于上级公布的标准"


class ChangeOvertaken(DomainError):
    """Another change of the same number was put in force at this moment: look again."""

    code = "change_overtaken"
    kind = Kind.CONFLICT
    title = "Another change of this number was put in force at this moment"
    title_zh = "同一标准或参数刚刚有另一变更生效，请重新核对"
