"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class ComplaintNotFound(DomainError):
    """No such complaint, or not one this person may see; a wrong code answers the same."""

    code = "complaint_not_found"
    kind = Kind.NOT_FOUND
    title = "Complaint not found"
    title_zh = "未找到该投诉举报事项"


class PlaceMissing(DomainError):
    """Neither a division nor an application number: nobody would know whose matter it is."""

    code = "complaint_place_missing"
    kind = Kind.UNPROCESSABLE
    title = "Name the division or the application number it is about"
    title_zh = "请提供所涉区划或申请受理号"


class PlaceTooHigh(DomainError):
    """A prefecture or province: counties, townships and villages have handlers."""

    code = "complaint_place_too_high"
    kind = Kind.UNPROCESSABLE
    title = "Name a county, a township or a village"
    title_zh = "请选择县（区）、乡镇（街道）或村（社区）"


class NumberMalformed(DomainError):
    """Not a receipt number: the check character does not fit."""

    code = "number_malformed"
    kind = Kind.UNPROCESSABLE
    title = "The receipt number is malformed"
    title_zh = "受理号格式不正确"


class AssigneeNotSuitable(DomainError):
    """The person is no handler, is disabled, or works elsewhere."""

    code = "assignee_not_suitable"
    kind = Kind.UNPROCESSABLE
    title = "This person cannot handle the complaint"
    title_zh = "该人员不能承办此事项"


class NotAssignedToYou(DomainError):
    """Another person handles it."""

    code = "not_assigned_to_you"
    kind = Kind.FORBIDDEN
    title = "Another person handles this complaint"
    title_zh = "该事项由其他人员承办"


class OutcomeDoesNotFit(DomainError):
    """An inquiry or a suggestion is answered; a complaint or a report is upheld or dismissed."""

    code = "outcome_does_not_fit"
    kind = Kind.CONFLICT
    title = "This outcome does not fit the category"
    title_zh = "办理结果与事项类别不符"


class ReporterNotFound(DomainError):
    """The complaint is anonymous."""

    code = "reporter_not_found"
    kind = Kind.NOT_FOUND
    title = "The complaint is anonymous"
    title_zh = "该事项为匿名"
