"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class PayrollNotFound(DomainError):
    """No such payroll, or not one this person may see."""

    code = "payroll_not_found"
    kind = Kind.NOT_FOUND
    title = "Payroll not found"
    title_zh = "未找到发放台账"


class PayrollAlreadyBuilt(DomainError):
    """There is a payroll for this county, month and program that was not rejected."""

    code = "payroll_already_built"
    kind = Kind.CONFLICT
    title = "There is a payroll for this month already"
    title_zh = "该月份已生成发放台账"


class MonthNotPayable(DomainError):
    """A payroll is built for the present month, next month, or a past one; none lies further ahead."""

    code = "month_not_payable"
    kind = Kind.UNPROCESSABLE
    title = "This month cannot be paid yet"
    title_zh = "该月份尚不能发放"


class NotACounty(DomainError):
    """A payroll is a county's; this member of staff stands below a county."""

    code = "not_a_county"
    kind = Kind.FORBIDDEN
    title = "Payrolls are built by the county"
    title_zh = "发放台账由县级民政部门生成"


class NothingToPay(DomainError):
    """Nobody is due, or everybody who is had to be left out; `detail` counts why."""

    code = "nothing_to_pay"
    kind = Kind.UNPROCESSABLE
    title = "There is nothing to pay"
    title_zh = "没有可发放的对象"


class OnlyBuilderMaySubmit(DomainError):
    """Who built the payroll answers for it and hands it in."""

    code = "only_builder_may_submit"
    kind = Kind.FORBIDDEN
    title = "Only the person who built the payroll may hand it in"
    title_zh = "须由生成台账的经办人提交"


class PayrollChanged(DomainError):
    """The lines are not those that were handed in. Reject the payroll and look for who changed them."""

    code = "payroll_changed"
    kind = Kind.CONFLICT
    title = "The payroll is not what was handed in"
    title_zh = "发放台账与提交时不一致"


class PayrollOutdated(DomainError):
    """An award in it was suspended or stopped since, or what it pays again may have been paid after all; reject the
    payroll and build it anew."""

    code = "payroll_outdated"
    kind = Kind.CONFLICT
    title = "Awards were suspended or stopped, or payments disputed, since this payroll was built"
    title_zh = "台账生成后有对象停发或支付存在争议，须退回重新生成"


class PayrollNotSettled(DomainError):
    """The bank has not said yet what became of every line, or what it said is disputed."""

    code = "payroll_not_settled"
    kind = Kind.CONFLICT
    title = "Not every line is settled yet"
    title_zh = "尚有未对账的明细"


class PayLineNotFound(DomainError):
    """No such line in this payroll."""

    code = "pay_line_not_found"
    kind = Kind.NOT_FOUND
    title = "Line not found in this payroll"
    title_zh = "台账中未找到该明细"


class PayLineNotOpen(DomainError):
    """Only a line that is disputed, or of which the bank does not know what became, is settled by hand."""

    code = "pay_line_not_open"
    kind = Kind.CONFLICT
    title = "This line is neither disputed nor unknown"
    title_zh = "该明细无争议，结果已知"


class SettlementIncomplete(DomainError):
    """A paid line has the bank's transaction number and the day of the payment; a failed one has neither."""

    code = "settlement_incomplete"
    kind = Kind.UNPROCESSABLE
    title = "State the transaction number and the day for a paid line, and only for that"
    title_zh = "已支付的须填写交易流水号和入账日期，未支付的不得填写"


class ValueDateOutOfRange(DomainError):
    """The day of payment lies before the release, or too far ahead."""

    code = "value_date_out_of_range"
    kind = Kind.UNPROCESSABLE
    title = "The day of the payment is out of range"
    title_zh = "入账日期超出范围"


class PaymentWasReversed(DomainError):
    """The line's payment was taken back in the books; what it owes is paid by a reissue, never by this line again."""

    code = "payment_was_reversed"
    kind = Kind.CONFLICT
    title = "The payment of this line was reversed; reissue it"
    title_zh = "该明细的支付已冲销，须另行补发"


class ReceiptsUnreadable(DomainError):
    """The body is not a receipt file."""

    code = "receipts_unreadable"
    kind = Kind.INVALID
    title = "The receipts cannot be read"
    title_zh = "回单文件无法识别"


class BatchUnknown(DomainError):
    """No batch of this number was sent."""

    code = "batch_unknown"
    kind = Kind.NOT_FOUND
    title = "No such batch was sent"
    title_zh = "未发送过该批次"


class NotThePayingBank(DomainError):
    """Receipts are the paying bank's to send."""

    code = "not_the_paying_bank"
    kind = Kind.FORBIDDEN
    title = "Receipts are accepted from the paying bank only"
    title_zh = "仅接收代发银行的回单"
