"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class RecoveryNotFound(DomainError):
    """No such recovery, or not one this person may see."""

    code = "recovery_not_found"
    kind = Kind.NOT_FOUND
    title = "Recovery not found"
    title_zh = "未找到追回事项"


class RecoveryOpen(DomainError):
    """One is proposed for this award already: that is to be decided on first."""

    code = "recovery_open"
    kind = Kind.CONFLICT
    title = "A recovery is proposed for this award already"
    title_zh = "该待遇已有待决定的追回建议"


class RecoveryInvalid(DomainError):
    """The months, amounts, day or instalments do not fit what was paid; `errors` names all that is wrong."""

    code = "recovery_invalid"
    kind = Kind.UNPROCESSABLE
    title = "This cannot be claimed, heard or ordered so"
    title_zh = "追回事项不符合规定"


class RecoveryNotHeard(DomainError):
    """The household has not been heard about what is claimed."""

    code = "recovery_not_heard"
    kind = Kind.CONFLICT
    title = "The household must be heard before money is ordered back"
    title_zh = "作出追回决定前应当听取救助对象意见"


class RecoveryOutdated(DomainError):
    """A payment that is claimed back was itself taken back at the bank meanwhile."""

    code = "recovery_outdated"
    kind = Kind.CONFLICT
    title = "Less was paid than is claimed; propose it anew"
    title_zh = "实际发放金额已变动，请重新提出"


class RepaymentTooMuch(DomainError):
    """More than is still to come back."""

    code = "repayment_too_much"
    kind = Kind.UNPROCESSABLE
    title = "This is more than is still owed"
    title_zh = "超过尚未退回的金额"


class RepaymentDiffers(DomainError):
    """A receipt of this number was entered with another amount or day."""

    code = "repayment_differs"
    kind = Kind.CONFLICT
    title = "This receipt was entered before, with another amount or day"
    title_zh = "该收款凭证已登记且内容不一致"


class WriteOffNotOpen(DomainError):
    """Nobody has proposed to write the rest off, or it is proposed already."""

    code = "write_off_not_open"
    kind = Kind.CONFLICT
    title = "Writing off is not at this point"
    title_zh = "核销事项当前不能办理"
