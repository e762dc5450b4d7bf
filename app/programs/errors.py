"""What may be wrong with the parameters or answers a program is given."""

from app.core.errors import DomainError, Kind


class ProgramUnknown(DomainError):
    """No program has this code."""

    code = "program_unknown"
    kind = Kind.UNPROCESSABLE
    title = "There is no such program"
    title_zh = "没有该救助项目"


class AnswersNotValid(DomainError):
    """The answers do not fit the program's form; `faults` says where."""

    code = "answers_not_valid"
    kind = Kind.UNPROCESSABLE
    title = "Some answers are missing or not valid"
    title_zh = "部分填报内容缺失或不符合要求"


class ParameterNotUsable(DomainError):
    """A regional value this program does not know, cannot read, or that is not in force yet.

    It is refused and never skipped: a rule silently left out would decide somebody's money.
    """

    code = "parameter_not_usable"
    kind = Kind.UNPROCESSABLE
    title = "A regional parameter cannot be used"
    title_zh = "地方参数无法使用"


class RulesNotInForce(DomainError):
    """The date lies before the first day these rules know."""

    code = "rules_not_in_force"
    kind = Kind.UNPROCESSABLE
    title = "The rules of this program do not reach back to this date"
    title_zh = "该日期早于本项目规则的施行日期"
