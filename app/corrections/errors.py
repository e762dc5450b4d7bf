"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class CorrectionNotFound(DomainError):
    """No such request, or not one this person may see."""

    code = "correction_not_found"
    kind = Kind.NOT_FOUND
    title = "Request for correction not found"
    title_zh = "未找到该更正申请"


class CorrectionObjectNotFound(DomainError):
    """The case has no such member or check."""

    code = "correction_object_not_found"
    kind = Kind.UNPROCESSABLE
    title = "Nothing in this application has this id"
    title_zh = "该申请中没有此项信息"


class CorrectionAlreadyRequested(DomainError):
    """The same field is being looked into."""

    code = "correction_already_requested"
    kind = Kind.CONFLICT
    title = "A correction of this is being looked into already"
    title_zh = "此项更正申请正在办理中"


class StillEditable(DomainError):
    """It was not handed in yet, or came back: the applicant changes it himself."""

    code = "still_editable"
    kind = Kind.CONFLICT
    title = "This application can still be edited: change it there"
    title_zh = "该申请仍可编辑，请直接修改"
