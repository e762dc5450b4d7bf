"""Our codes in Chinese, where a sentence names one: states, steps, roles, kinds of place. One list for each kind.

What an application's states are called is said with the timeline (`progress_words.py`), what programs are called by the
programs themselves.
"""

from collections.abc import Mapping

from app.api.common.progress_words import STATUS_WORDS
from app.applications.lifecycle import Action as ApplicationAction
from app.applications.lifecycle import Status as ApplicationStatus
from app.programs.registry import PROGRAMS
from app.review.lifecycle import Action as ReviewAction
from app.review.lifecycle import Status as ReviewStatus

# Of every stage; where a code means something of its own in one of them, `_OF_STAGES` says it.
_STATES: Mapping[str, str] = {
    "accepted": "已接受",
    "active": "有效",
    "answered": "已答复",
    "approved": "已批准",
    "assigned": "已分派",
    "awaiting_entry": "待人工录入",
    "bad": "记录有误",
    "broken": "承诺不实",
    "cancelled": "已取消",
    "closed": "已办结",
    "completed": "已完成",
    "concluded": "已有结论",
    "confirmed": "已确认",
    "corrected": "已更正",
    "declined": "已谢绝",
    "delivered": "已送达",
    "disabled": "已停用",
    "discarded": "已删除",
    "dismissed": "不成立",
    "dispatched": "已发出",
    "done": "已完成",
    "draft": "草稿",
    "dropped": "不再追缴",
    "ended": "已结束",
    "escalated": "已上报",
    "failed": "未成功",
    "in_force": "已生效",
    "kept": "承诺属实",
    "lapsed": "已逾期失效",
    "not_answered": "再次核对未获答复",
    "not_awaited": "不再等待回复",
    "objected": "已提出异议",
    "on_notice": "公示中",
    "open": "办理中",
    "ordered": "已责令退回",
    "overdue": "已逾期",
    "paused": "已暂停",
    "pending": "待办理",
    "planned": "待批准",
    "posted": "公示中",
    "promised": "已承诺",
    "proposed": "已提出",
    "re_surveying": "重新调查中",
    "ready": "待发送",
    "received": "已收到",
    "rechecking": "复查中",
    "refused": "已拒绝",
    "rejected": "已驳回",
    "released": "已发出",
    "removed": "已移除",
    "repaid": "已退回",
    "requested": "已申请",
    "running": "进行中",
    "sent": "已发送",
    "settled": "已处理",
    "stands": "结果不变",
    "stopped": "已停止",
    "submitted": "已提交",
    "surveying": "调查中",
    "suspended": "已暂停发放",
    "taken_back": "已撤回",
    "told": "已告知",
    "unanswered": "未获回复",
    "unavailable": "未取得结果",
    "upheld": "成立",
    "waiting": "等待发送",
    "with_county": "待审核确认",
    "withdrawn": "已撤回",
    "written": "已拟写",
    "written_off": "已核销",
}

STEPS: Mapping[str, str] = {
    "accept": "接受",
    "adjust": "提出调减",
    "answer": "答复",
    "answer_manually": "人工录入结果",
    "approve": "批准",
    "ask": "查询",
    "assign": "分派",
    "cancel": "取消",
    "close": "办结",
    "complete": "完成",
    "conclude": "作出结论",
    "conclude_unanswered": "记明未获答复",
    "confirm": "确认",
    "correct": "更正",
    "decide": "作出决定",
    "decline": "谢绝",
    "deliver": "送达",
    "disable": "停用",
    "discard": "删除",
    "dismiss": "认定不成立",
    "dispatch": "发出查询",
    "download": "下载",
    "drop": "不再追缴",
    "edit": "修改",
    "enable": "启用",
    "end": "结束",
    "escalate": "上报",
    "extend": "延长期限",
    "fall_due": "到期",
    "favour": "提出同意的初审意见",
    "favour_unposted": "提出同意的初审意见（不公示）",
    "find_broken": "认定承诺不实",
    "find_kept": "认定承诺属实",
    "finish": "完成",
    "give_up": "停止尝试",
    "handover": "移交",
    "hear": "听取意见",
    "keep": "维持不变",
    "lapse": "逾期失效",
    "let_stand": "维持结果",
    "notice_ended": "公示期满",
    "object": "提出异议",
    "oppose": "提出不同意的初审意见",
    "order": "责令退回",
    "pause": "暂停",
    "propose_write_off": "提出核销",
    "receive": "登记退款",
    "recheck": "复查",
    "record_appraisal": "记录民主评议",
    "record_county_visit": "记录县级入户调查",
    "record_visit": "记录入户调查",
    "redeliver": "重新发送",
    "redirect": "告知向其他机关申请",
    "refuse": "拒绝",
    "reissue": "重新发放",
    "reject": "驳回",
    "release": "发出",
    "remove": "移除",
    "reroute": "改为人工核对",
    "resume": "恢复",
    "retry": "重新查询",
    "return": "退回补正",
    "rotate": "更换密钥",
    "send": "发送",
    "send_back": "退回重新调查",
    "set_aside": "搁置",
    "set_scope": "调整范围",
    "settle": "处理",
    "stop": "停止",
    "submit": "提交",
    "supplement": "补交材料",
    "suspend": "暂停发放",
    "take_back": "撤回",
    "terminate": "终止",
    "uphold": "认定成立",
    "withdraw": "撤回",
    "write_off": "核销",
}

ROLES: Mapping[str, str] = {
    "applicant": "申请人",
    "village_helper": "村级协理员",
    "township_handler": "乡镇（街道）经办人",
    "township_reviewer": "乡镇（街道）审核人",
    "township_confirmer": "乡镇（街道）确认人",
    "county_handler": "县级经办人",
    "county_confirmer": "县级确认人",
    "finance": "财务人员",
    "supervisor": "监督人员",
    "administrator": "管理员",
    "partner": "合作单位",
    "system": "系统",
}

AREA_CLASSES: Mapping[str, str] = {"urban": "城市", "rural": "农村", "unified": "城乡统一", "any": "各类地区"}
PERIODS: Mapping[str, str] = {"month": "每月", "year": "每年"}

# Why an award may not go over yet (handovers), and why one that is due is in no payroll (disbursement).
REASONS: Mapping[str, str] = {
    "not_in_force": "待遇已暂停或者已停止",
    "adjustment_proposed": "已提出调减，尚未决定",
    "under_review": "待遇复核尚未完成",
    "open_step": "有事项尚未办结",
    "file_incomplete": "据以决定的材料已无法读取",
    "too_early": "尚未到可以确认的时间",
    "disputed": "银行答复前后不一致",
    "paid_elsewhere": "该月已由其他待遇发放",
    "suspended": "已暂停发放",
    "account_missing": "没有收款账户",
    "account_name_differs": "收款账户户名不符",
    "account_not_corrected": "收款账户尚未更正",
}

_PROGRAMS: Mapping[str, str] = {code: program.title.zh for code, program in PROGRAMS.items()}
_OF_STAGES: Mapping[type, Mapping[str, str]] = {
    ApplicationStatus: {code: chinese for code, (chinese, _) in STATUS_WORDS.items()},
    ApplicationAction: {"accept": "受理", "approve": "予以确认", "refuse": "不予确认", "return": "一次性告知补正"},
    ReviewStatus: {"refused": "不予确认"},
    ReviewAction: {"confirm": "审核确认", "refuse": "不予确认"},
}
_BY_NAME: Mapping[str, Mapping[str, str]] = {
    "action": STEPS,
    "area_class": AREA_CLASSES,
    "period": PERIODS,
    "program": _PROGRAMS,
    "reasons": REASONS,
    "role": ROLES,
    "status": {**_OF_STAGES[ApplicationStatus], **_STATES},
}

CODED = _BY_NAME.keys()
"""The values of sentences that are codes of ours."""


def in_chinese(name: str, value: object) -> object:
    """Return the words for what a sentence calls `name`; what is no code of ours stays as it is."""
    if isinstance(value, Mapping):
        return "、".join(f"{in_chinese(name, code)}{count}项" for code, count in value.items())
    if isinstance(value, tuple):
        return "、".join(str(in_chinese(name, each)) for each in value)
    if name not in _BY_NAME:
        return value
    code = str(value)
    return _OF_STAGES.get(type(value), {}).get(code) or _BY_NAME[name].get(code, code)
