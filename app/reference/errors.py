"""Refusals about places, standards, parameters and calendar years."""

from app.core.errors import DomainError, Kind


class DivisionMalformed(DomainError):
    """The text is no division code: not 12 digits, or not of the kind that is asked for."""

    code = "division_malformed"
    kind = Kind.INVALID
    title = "This is not a division code"
    title_zh = "区划代码格式不正确"


class DivisionUnknown(DomainError):
    """A well-formed code that no division has on that date."""

    code = "division_unknown"
    kind = Kind.UNPROCESSABLE
    title = "There is no such division"
    title_zh = "没有该行政区划"


class RoleNotForDivision(DomainError):
    """The role belongs to another level: county roles to counties, township roles to townships."""

    code = "role_not_for_division"
    kind = Kind.UNPROCESSABLE
    title = "This role belongs to a division of another level"
    title_zh = "该角色与区划层级不符"


class OutsideYourDivision(DomainError):
    """The place is not the actor's own division and does not lie below it."""

    code = "outside_your_division"
    kind = Kind.FORBIDDEN
    title = "This lies outside your division"
    title_zh = "不在您的管辖区划内"


class StandardMissing(DomainError):
    """No standard is in force for that place, class and date: nothing can be computed, and nothing is guessed."""

    code = "standard_missing"
    kind = Kind.UNPROCESSABLE
    title = "No standard is in force for this place and date"
    title_zh = "该地区在该日期没有有效的救助标准"


class StandardInvalid(DomainError):
    """The standard cannot be right: amount, period or dates."""

    code = "standard_invalid"
    kind = Kind.INVALID
    title = "This standard is not valid"
    title_zh = "救助标准填写有误"


class ParameterInvalid(DomainError):
    """The parameter cannot be right: no legal basis, or its dates are reversed."""

    code = "parameter_invalid"
    kind = Kind.INVALID
    title = "This parameter is not valid"
    title_zh = "参数填写有误"


class CalendarYearInvalid(DomainError):
    """The days do not look like the holiday arrangement of that year."""

    code = "calendar_year_invalid"
    kind = Kind.INVALID
    title = "This is not the holiday arrangement of that year"
    title_zh = "节假日安排与年份不符"
