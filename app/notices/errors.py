"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class NoticeNotFound(DomainError):
    """No such notice, or its time is over: what was taken down is shown to nobody."""

    code = "notice_not_found"
    kind = Kind.NOT_FOUND
    title = "There is no such notice"
    title_zh = "未找到公示信息"


class ObjectionNotFound(DomainError):
    """No such objection, or not one this person may see."""

    code = "objection_not_found"
    kind = Kind.NOT_FOUND
    title = "Objection not found"
    title_zh = "未找到该异议"


class NoticeClosed(DomainError):
    """The notice is over, or it tells of a decision: from then on one complains."""

    code = "notice_closed"
    kind = Kind.CONFLICT
    title = "Objections to this notice are no longer possible; you may make a complaint"
    title_zh = "公示已结束，不能再提出异议，可以投诉举报"
