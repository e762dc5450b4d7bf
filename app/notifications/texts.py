"""What messages say. A phone lies on tables and is shared: a number to look things up by, and nothing else about
anybody: no name, no amount, no outcome, no reason. Whom another's matter concerns is told without a number.
"""

_SIGNATURE = "【低保掌上办】"

SUPPORTER_NAMED = "supporter.named"
SIGNED_BY_GUARDIAN = "authorisation.signed_by_guardian"

TEMPLATES = {
    "application.submitted": "您的低保申请（受理号{number}）已提交，请保存受理号，可随时查询办理进度。",
    "application.supplement_requested": "您的低保申请（受理号{number}）需要补充材料，请登录后查看一次性告知内容。",
    "application.accepted": "您的低保申请（受理号{number}）已受理，可随时查询办理进度。",
    "application.redirected": "您的低保申请（受理号{number}）应向其他受理机关提出，请登录后查看。",
    "application.extended": "您的低保申请（受理号{number}）的决定期限已依法延长，请登录后查看原因和新的期限。",
    "check.result_told": "您的低保申请（受理号{number}）核对已有结果，请登录后查看，有异议的请在期限内提出。",
    "report.dispute_answered": "您的低保申请（受理号{number}）核对结果异议已有答复，请登录后查看。",
    "report.dispute_lapsed": "您的低保申请（受理号{number}）核对结果异议有变动，请登录后查看原因和可以采取的办法。",
    "promise.found_broken": "您的低保申请（受理号{number}）的承诺事项已有核查结果，请登录后查看。",
    "entrustment.began": "您已委托他人代为申请救助（编号{number}）。如非本人意愿，请联系乡镇（街道）或登录后撤销。",
    SUPPORTER_NAMED: "有家庭申请社会救助时将您列为赡养、抚养或扶养义务人。是否同意核对由您本人决定，请登录后查看。",
    SIGNED_BY_GUARDIAN: "有人以监护人身份代您签署了社会救助核对授权。请登录后查看，不属实的可以撤回。",
    "decision.made": "您的低保申请（受理号{number}）已作出审核确认决定，请登录后查看决定及救济途径。",
    "decision.revisited": "您的低保申请（受理号{number}）的决定已经复核，请登录后查看结果和可以采取的办法。",
    "payment.made": "您的社会救助资金（受理号{number}）已发放，请登录后查看。",
    "payment.failed": "您的社会救助资金（受理号{number}）未能到账，请登录后核对收款账户。",
    "award.stopped": "您的社会救助待遇（受理号{number}）有变动，请登录后查看决定及救济途径。",
    "award.reduction_proposed": "您的社会救助待遇（受理号{number}）拟予调减，决定前将听取您的意见，请登录后查看。",
    "award.reduced": "您的社会救助待遇（受理号{number}）有变动，请登录后查看决定及救济途径。",
    "award.increased": "您的社会救助待遇（受理号{number}）有所提高，请登录后查看。",
    "award.raised": "您的社会救助待遇（受理号{number}）因保障标准调整有所提高，请登录后查看。",
    "award.taken_over": "您的社会救助待遇（受理号{number}）已由现居住地办理，请登录后查看决定及救济途径。",
    "handover.released": "您的社会救助待遇（受理号{number}）拟移交现居住地办理，待遇照常发放，请登录后查看。",
    "handover.declined": "您的社会救助待遇（受理号{number}）移交事项已有结果，待遇照常发放，请登录后查看。",
    "handover.withdrawn": "您的社会救助待遇（受理号{number}）移交事项已撤回，待遇照常发放。",
    "handover.completed": "您的社会救助待遇（受理号{number}）已移交现居住地办理，请登录后查看。",
    "recovery.proposed": "您的社会救助待遇（受理号{number}）有事项需要听取您的意见，请登录后查看。",
    "recovery.ordered": "您的社会救助待遇（受理号{number}）有变动，请登录后查看决定及救济途径。",
    "recovery.corrected": "您的社会救助待遇（受理号{number}）有变动，请登录后查看。",
    "recovery.ended": "您的社会救助待遇（受理号{number}）有事项已办结，请登录后查看。",
    "correction.decided": "您的低保申请（受理号{number}）的更正申请已答复，请登录后查看。",
    "complaint.answered": "您反映的事项（编号{number}）已答复，请凭编号和查询码查看。",
}


_CODES = {
    "sign_in": "验证码 {code}，5分钟内有效。请勿告知他人。",
    "entrustment": "他人请求代您申请社会救助。如属实，请将确认码 {code}（5分钟内有效）告知代办人；否则请勿理会。",
}


def render_code(code: str, use: str) -> str:
    """Return the text that brings a code, and says what it is for."""
    return _SIGNATURE + _CODES[use].format(code=code)


def render(template: str, number: str) -> str:
    """Return the text of a message."""
    return _SIGNATURE + TEMPLATES[template].format(number=number)
