"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class CheckNotFound(DomainError):
    """No such check, or not one this caller may see or answer."""

    code = "check_not_found"
    kind = Kind.NOT_FOUND
    title = "Check not found"
    title_zh = "未找到核对事项"


class ScanNotFound(DomainError):
    """The answer was entered without a scan, or none was entered: to a check, or to what is disputed."""

    code = "scan_not_found"
    kind = Kind.NOT_FOUND
    title = "There is no scan of this answer"
    title_zh = "该答复没有扫描件"


class CheckBatchNotFound(DomainError):
    """No such file of questions, or not one this caller may see or answer."""

    code = "check_batch_not_found"
    kind = Kind.NOT_FOUND
    title = "There is no such batch of checks"
    title_zh = "未找到该核对批次"


class AgencyUnknown(DomainError):
    """No agency has this code."""

    code = "agency_unknown"
    kind = Kind.NOT_FOUND
    title = "There is no such agency"
    title_zh = "没有该数据源"


class ReportNotIssued(DomainError):
    """The household report is not there yet: agencies are still being asked, or nobody was asked."""

    code = "report_not_issued"
    kind = Kind.NOT_FOUND
    title = "There is no report yet"
    title_zh = "核对报告尚未出具"


class VerificationClosed(DomainError):
    """The application is not before the agencies: not accepted yet, decided, withdrawn or ended."""

    code = "verification_closed"
    kind = Kind.CONFLICT
    title = "The application is not under verification"
    title_zh = "该申请当前不在核对阶段"


class AuthorisationNotInForce(DomainError):
    """The person has withdrawn the authorisation: nothing more may be asked (PIPL art. 15)."""

    code = "authorisation_not_in_force"
    kind = Kind.CONFLICT
    title = "The authorisation of this person is no longer in force"
    title_zh = "该成员的核对授权已撤回"


class AgencyStillAwaited(DomainError):
    """The agency has its time to answer: nobody answers for it before its day has passed."""

    code = "agency_still_awaited"
    kind = Kind.CONFLICT
    title = "The agency may still answer: enter its answer by hand only after its day has passed"
    title_zh = "数据源尚在应答期限内，期满未答复的方可人工录入"


class FactsNotFitting(DomainError):
    """What was entered by hand is not a whole answer to this item."""

    code = "facts_not_fitting"
    kind = Kind.UNPROCESSABLE
    title = "The facts do not fit what was asked"
    title_zh = "填报的核对结果与核对事项不符"


class ScanRequired(DomainError):
    """Whatever is entered by hand is entered with a scan of the paper it came on; nobody's word alone stands for it."""

    code = "scan_required"
    kind = Kind.UNPROCESSABLE
    title = "An answer that is entered by hand needs a scan of the paper it came on"
    title_zh = "人工录入的答复须附书面答复的扫描件"


class NoCallbacksExpected(DomainError):
    """This partner answers at once and has nothing to call back about."""

    code = "no_callbacks_expected"
    kind = Kind.FORBIDDEN
    title = "This partner does not answer by call-back"
    title_zh = "该数据源不采用回调方式应答"


class NoFilesExpected(DomainError):
    """The partner is not one that answers by file."""

    code = "no_files_expected"
    kind = Kind.FORBIDDEN
    title = "This partner does not answer by file"
    title_zh = "该数据源不采用文件方式应答"


class CallbackUnreadable(DomainError):
    """The body is not a call-back in the partner's agreed form."""

    code = "callback_unreadable"
    kind = Kind.INVALID
    title = "The call-back could not be read"
    title_zh = "无法识别回调内容"


class CallbackNotSigned(DomainError):
    """What a partner sent does not carry the signature agreed on, made now over these very bytes."""

    code = "callback_not_signed"
    kind = Kind.UNAUTHENTICATED
    title = "The call-back is not signed as agreed"
    title_zh = "回调未按约定签名"


class ReportSuperseded(DomainError):
    """A later report has taken its place: what is to be concluded is concluded from that one."""

    code = "report_superseded"
    kind = Kind.CONFLICT
    title = "A later report has taken the place of this one"
    title_zh = "该核对报告已被新的报告替代"


class ConclusionStands(DomainError):
    """Another conclusion holds than the caller has seen: none is overwritten unseen."""

    code = "conclusion_stands"
    kind = Kind.CONFLICT
    title = "Another conclusion holds: name it as the one to replace, or let it stand"
    title_zh = "该报告已有核对结论，如需变更请指明被替代的结论"


class DisputeNotFound(DomainError):
    """No such dispute, or not one this caller may see."""

    code = "dispute_not_found"
    kind = Kind.NOT_FOUND
    title = "Dispute not found"
    title_zh = "未找到该异议"


class CorrectionSent(DomainError):
    """The letter about this dispute has gone out already; when and how does not change."""

    code = "correction_sent"
    kind = Kind.CONFLICT
    title = "The letter to the agency was sent before"
    title_zh = "致数据源的更正函此前已寄送"


class CorrectionNotSent(DomainError):
    """An agency answers the letter about a dispute, and none has gone out to it yet."""

    code = "correction_not_sent"
    kind = Kind.CONFLICT
    title = "The letter to the agency has not been sent yet"
    title_zh = "致数据源的更正函尚未寄送"


class SentOnUnfit(DomainError):
    """The letter cannot have gone out on this day: before the dispute, or later than today."""

    code = "sent_on_unfit"
    kind = Kind.UNPROCESSABLE
    title = "The letter cannot have been sent on this day"
    title_zh = "寄送日期不正确"


class FieldNotInReport(DomainError):
    """The present report has no such member, item or field."""

    code = "field_not_in_report"
    kind = Kind.UNPROCESSABLE
    title = "The report has no such field"
    title_zh = "核对报告中没有此项"


class NothingToDispute(DomainError):
    """The agency has not answered, or has no record of what was declared as nothing: there is no finding yet."""

    code = "nothing_to_dispute"
    kind = Kind.CONFLICT
    title = "Nothing was found that could be disputed"
    title_zh = "此项尚未查到可以提出异议的内容"


class FindingOfAnother(DomainError):
    """What was found about another adult is disputed by him, signed in as himself."""

    code = "finding_of_another"
    kind = Kind.FORBIDDEN
    title = "What was found about another adult is disputed by that person"
    title_zh = "该成员的核对结果须由其本人提出异议"


class DisputeAlreadyOpen(DomainError):
    """The same field is disputed already, and its agency was asked."""

    code = "dispute_already_open"
    kind = Kind.CONFLICT
    title = "This field is disputed already"
    title_zh = "此项已提出异议，正在核实"


class DisputeTakenBack(DomainError):
    """This very finding was disputed, and the dispute taken back, twice: a case has to end some day."""

    code = "dispute_taken_back"
    kind = Kind.CONFLICT
    title = "You have taken back what you dispute here twice"
    title_zh = "您已两次撤回对该项结果的异议"


class DisputeUnauthorised(DomainError):
    """The authorisation of whom it is about was withdrawn: no agency is written to about her any more. What it has
    wrong the office corrects when asked to, without one (`POST /v1/me/corrections`, 个人信息保护法 art. 46)."""

    code = "dispute_unauthorised"
    kind = Kind.CONFLICT
    title = "The authorisation was withdrawn, so no agency can be asked: ask the office for a correction instead"
    title_zh = "核对授权已撤回，不能再请数据源核实；可以提交更正申请，由经办机关核实并答复"


class DisputeAnsweredBefore(DomainError):
    """The agency has upheld this very finding; against the decision there are its remedies."""

    code = "dispute_answered_before"
    kind = Kind.CONFLICT
    title = "The agency has already confirmed this very finding"
    title_zh = "数据源已就同一内容作出维持答复"
