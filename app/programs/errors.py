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


class RulesVersionUnknown(DomainError):
    """A decision was made under a version of the rules that this release no longer has."""

    code = "rules_version_unknown"
    kind = Kind.UNPROCESSABLE
    title = "These rules are no longer at hand"
    title_zh = "作出决定时的规则版本已不可用"


class ProgramNotOpen(DomainError):
    """One can check oneself for this program here, and not apply."""

    code = "program_not_open"
    kind = Kind.UNPROCESSABLE
    title = "This program cannot be applied for here"
    title_zh = "该救助项目暂不支持在此申请，请向乡镇人民政府（街道办事处）申请"
