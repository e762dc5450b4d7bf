"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class AwardNotFound(DomainError):
    """No such award, or not one this person may see."""

    code = "award_not_found"
    kind = Kind.NOT_FOUND
    title = "Award not found"
    title_zh = "未找到保障待遇"


class HearingRequired(DomainError):
    """The recipient has not been heard on the stop or reduction that is to be decided (社会救助法 art. 48)."""

    code = "hearing_required"
    kind = Kind.CONFLICT
    title = "The recipient must be heard before the award is reduced or stopped"
    title_zh = "作出调减、终止决定前应当听取救助对象意见"


class StopUnreasoned(DomainError):
    """The reason for a stop says nothing: it goes into the written notice (D57 art. 32)."""

    code = "stop_unreasoned"
    kind = Kind.UNPROCESSABLE
    title = "Say in particular why the award is stopped"
    title_zh = "请具体说明终止理由"


class HearingGroundInvalid(DomainError):
    """A hearing about a stop names no ground, or one about a reduction does: what is proposed has its own."""

    code = "hearing_ground_invalid"
    kind = Kind.UNPROCESSABLE
    title = "A hearing about a stop names the ground considered, one about a reduction does not"
    title_zh = "听取终止意见应当注明拟终止的事由，听取调减意见不另注明"


class DeathNotOnRecord(DomainError):
    """The only person of a household is said to have died: neither the register of deaths nor a paper that another
    person entered says so, and nobody of another post has put on record what relatives or the village say."""

    code = "death_not_on_record"
    kind = Kind.CONFLICT
    title = "Nothing on record says that this person has died"
    title_zh = "尚无死亡登记、凭证录入或者他人核实死亡的记录"


class NoStandardBehind(DomainError):
    """A stop is to rest on a changed standard, and none waits by which the household would no longer be entitled, or of
    which the rules cannot say."""

    code = "no_standard_behind"
    kind = Kind.CONFLICT
    title = "No changed standard waits by which this household would no longer be entitled"
    title_zh = "没有因标准调整不再符合条件的待复核事项"


class LastMonthOutOfRange(DomainError):
    """The last month to be paid lies before the month before the award began, or after next month; or before the month
    ahead of a changed standard that the stop rests on."""

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


class FindingDisputed(DomainError):
    """Something that was found is disputed, and its agency has time to answer: nothing is stopped or lowered on it."""

    code = "finding_disputed"
    kind = Kind.CONFLICT
    title = "A finding is disputed and its agency has time to answer: nothing is stopped or lowered on it meanwhile"
    title_zh = "核对结果异议尚在答复期内，暂不能据此调减、终止"


class AdjustmentOpen(DomainError):
    """A lower amount is proposed already: that is to be decided on first."""

    code = "adjustment_open"
    kind = Kind.CONFLICT
    title = "A lower amount is proposed already"
    title_zh = "已有待决定的调减建议"


class NoAdjustmentOpen(DomainError):
    """Nobody has proposed a lower amount, or it was decided on."""

    code = "no_adjustment_open"
    kind = Kind.CONFLICT
    title = "No lower amount is proposed"
    title_zh = "没有待决定的调减建议"


class NothingToKeep(DomainError):
    """Nothing waits for a person to decide on: no changed standard or parameter, no broken promise, nothing found
    anew, no hearing about a stop."""

    code = "nothing_to_keep"
    kind = Kind.CONFLICT
    title = "Nothing waits for a decision on this award"
    title_zh = "该待遇没有待复核事项"


class AdjustmentOutdated(DomainError):
    """What was proposed does not go with what holds by now: a standard changed, or the amount did."""

    code = "adjustment_outdated"
    kind = Kind.CONFLICT
    title = "What was proposed does not go with what holds by now"
    title_zh = "调减建议与现行标准或金额不符，请重新提出"


class AdjustmentInvalid(DomainError):
    """The amount or the month cannot be right; the faults say which."""

    code = "adjustment_invalid"
    kind = Kind.UNPROCESSABLE
    title = "This lower amount cannot be proposed"
    title_zh = "调减建议填写有误"


class FindingsInvalid(DomainError):
    """What was found and is kept about has to be named, each once and as long as it waits; the faults say which."""

    code = "findings_invalid"
    kind = Kind.UNPROCESSABLE
    title = "Name the findings that this is about"
    title_zh = "请列明所针对的核查发现"


class AmountNotExplained(DomainError):
    """No such amount of this award, or not one that rules worked out."""

    code = "amount_not_explained"
    kind = Kind.NOT_FOUND
    title = "There is no such amount worked out by rules"
    title_zh = "未找到按规则测算的保障金额"


class AwardWithoutDecision(Exception):
    """An event asks for an award that no approval stands behind (D57 art. 28). Never an answer to a caller."""
