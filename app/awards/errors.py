"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class AwardNotFound(DomainError):
    """No such award, or not one this person may see."""

    code = "award_not_found"
    kind = Kind.NOT_FOUND
    title = "Award not found"
    title_zh = "未找到保障待遇"


class HearingRequired(DomainError):
    """The recipient has not been heard on the stop that is to be decided (社会救助法 art. 48)."""

    code = "hearing_required"
    kind = Kind.CONFLICT
    title = "The recipient must be heard before the award is stopped"
    title_zh = "作出终止决定前应当听取救助对象意见"


class LastMonthOutOfRange(DomainError):
    """The last month to be paid lies before the month before the award began, or after next month."""

    code = "last_month_out_of_range"
    kind = Kind.UNPROCESSABLE
    title = "The last month to be paid is out of range"
    title_zh = "停发月份超出范围"


class HearingDateOutOfRange(DomainError):
    """The hearing lies in the future, or before the award was opened."""

    code = "hearing_date_out_of_range"
    kind = Kind.UNPROCESSABLE
    title = "The date of the hearing is out of range"
    title_zh = "听取意见日期超出范围"


class AwardWithoutDecision(Exception):
    """An event asks for an award that no approval stands behind (D57 art. 28). Never an answer to a caller."""
