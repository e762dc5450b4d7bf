"""What the timeline says beside its codes, in Chinese and English.

Short: every phone asks every day. Of what an office does inside the household hears no more than it needs.
"""

from app.applications.clocks import StepKind
from app.applications.lifecycle import Status

Both = tuple[str, str]  # Chinese, English

STEP_TITLES: dict[str, Both] = {
    StepKind.ACCEPTANCE: ("受理审查", "Acceptance"),
    StepKind.SUPPLEMENT: ("补正材料", "Supplement"),
    StepKind.SURVEY: ("启动调查", "Survey begun"),
    StepKind.HOME_VISIT: ("入户调查", "Home visit"),
    StepKind.EVIDENCE_LETTER: ("信函索证", "Written evidence asked for"),
    StepKind.EVIDENCE_UNANSWERED: ("信函索证未获回复", "Written evidence not received"),
    StepKind.VERIFICATION: ("信息核对", "Verification by agencies"),
    StepKind.MANUAL_ENTRY: ("县级人工核对", "Checked by the county on paper"),
    StepKind.OPINION: ("初审意见", "Township opinion"),
    StepKind.NOTICE: ("村（社区）公示", "Public notice"),
    StepKind.RE_SURVEY: ("重新调查或民主评议", "Re-survey or appraisal"),
    StepKind.CONFIRMATION: ("县级审核确认", "County confirmation"),
    StepKind.TOWNSHIP_CONFIRMATION: ("乡镇（街道）审核确认", "Township confirmation"),
    StepKind.DECISION_NOTICE: ("送达决定", "Decision handed over"),
    StepKind.DECISION_REVISIT: (
        "决定依据已更正，县级复核",
        "What the decision rests on was corrected: looked at again",
    ),
    StepKind.FIRST_PAYMENT: ("首次发放", "First payment"),
    StepKind.PAYMENT: ("发放", "Payment"),
    StepKind.CHECK_OBJECTION: ("核对结果已告知，可以提出异议", "You may object to what was found"),
    StepKind.RECHECK: ("根据异议复查", "Checking again after your objection"),
    StepKind.REPORT_DISPUTE: ("核对结果异议，数据源核实更正", "A disputed finding, with its agency"),
    StepKind.CORRECTION_LETTER: (
        "县级民政部门向数据源寄送更正函",
        "The county sends the agency a letter that asks for a correction",
    ),
    StepKind.CORRECTION: ("更正申请核实", "Request for correction"),
    StepKind.AWARD_REVIEW: ("待遇复核", "Review of the award"),
    StepKind.AWARD_DECISION: ("待遇变更决定", "Decision about the award"),
    StepKind.PERIODIC_REVIEW: ("定期核查", "Periodic review"),
    StepKind.HAND_OVER: ("待遇移交，接收地办理", "Hand-over, with the county you moved to"),
    StepKind.PROMISE_CHECK: ("承诺事项核查", "Seeing whether the promise is true"),
    StepKind.REPAYMENT: ("退回多发款项", "Paying back what was paid too much"),
    StepKind.BROKEN_PROMISE: ("承诺不实处理", "Deciding on an untrue promise"),
}

# Who confirms is settled with the acceptance; until then the title names no office.
CONFIRMATION_TO_COME: Both = ("审核确认", "Confirmation")

STATUS_WORDS: dict[str, Both] = {
    Status.DRAFT: ("填写中", "Being filled in"),
    Status.SUBMITTED: ("已提交，待受理", "Handed in, to be accepted"),
    Status.SUPPLEMENT_REQUESTED: ("待补正材料", "Waiting for what is missing"),
    Status.ACCEPTED: ("已受理，办理中", "Accepted, being dealt with"),
    Status.APPROVED: ("予以确认", "Granted"),
    Status.REFUSED: ("不予确认", "Refused"),
    Status.WITHDRAWN: ("已撤回", "Withdrawn"),
    Status.TERMINATED: ("已终止，可以重新申请", "Ended; you may apply again"),
    Status.REDIRECTED: ("应向其他机关申请", "To be made to another office"),
    Status.DISCARDED: ("已删除", "Discarded"),
}

# Of every kind of step, by code; what one kind says otherwise stands below.
_OUTCOMES: dict[str, Both] = {
    "accepted": ("已受理", "Accepted"),
    "supplement_requested": ("需要补正", "Something is missing"),
    "supplemented": ("已补齐", "Supplied"),
    "started": ("已启动", "Begun"),
    "visited": ("已入户", "Visited"),
    "complete": ("已完成", "Complete"),
    "incomplete": ("部分未获答复", "Not all have answered"),
    "entered": ("已录入", "Entered"),
    "given_up": ("未能查得", "Nothing could be found out"),
    "favourable": ("拟予确认", "In favour"),
    "unfavourable": ("拟不予确认", "Against"),
    "no_objection": ("无异议", "No objection"),
    "objected": ("有异议", "Objection made"),
    "not_objected": ("未提异议", "No objection made"),
    "not_posted_orphan": ("依规不公示", "Not posted, by rule"),
    "not_posted_de_facto_orphan": ("依规不公示", "Not posted, by rule"),
    "stands": ("结果不变", "The result stands"),
    "not_answered": (
        "再次询问未获答复，此前的结果仍然有效",
        "Asked again without an answer: what was found before holds",
    ),
    "settled": ("疑点已消除", "Cleared up"),
    "asked": ("已重新核对", "Asked again"),
    "received": ("已回复", "Answered"),
    "no_answer": ("未回复", "No answer"),
    "not_waited_for": ("不再等待", "No longer waited for"),
    "ended": ("已结束", "Ended"),
    "sent_back": ("退回补充调查", "Back for more survey"),
    "approved": ("予以确认", "Granted"),
    "refused": ("不予确认", "Refused"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "terminated": ("已终止", "Ended"),
    "redirected": ("转其他机关", "For another office"),
    "delivered": ("已送达", "Handed over"),
    "paid": ("已发放", "Paid"),
    "stopped": ("已停止", "Stopped"),
    "handover": ("已移交", "Handed over"),
    "completed": ("已移交", "Handed over"),
    "declined": ("未接收", "Declined"),
    "adjusted": ("已调整", "Adjusted"),
    "reduced": ("已调减", "Reduced"),
    "kept": ("维持不变", "Kept as it is"),
    "superseded": ("已另行办理", "Dealt with otherwise"),
    "unchanged": ("无变化", "Nothing has changed"),
    "differs": ("有变化", "Something differs"),
    "skipped": ("未核查", "Nobody was asked"),
    "verified": ("已核查", "Looked into"),
    "repaid": ("已退清", "Paid back"),
    "written_off": ("不再追回", "Not asked for any more"),
    "dropped": ("不予追回", "Not asked back"),
    "corrected": ("已更正", "Corrected"),
    "upheld": ("维持原结果", "Upheld"),
    "taken_back": ("异议已撤回", "Taken back"),
    "lapsed": ("已终结", "Closed"),
    "sent": ("已发函", "Sent"),
    "other_grounds": ("决定另有依据，维持不变", "It rests on something else, and stands"),
    "apply_again": ("决定依据已更正，可以立即重新申请", "You may apply again at once"),
}
_OUTCOMES_OF: dict[tuple[str, str], Both] = {
    (StepKind.CORRECTION, "accepted"): ("已更正", "Corrected"),
    (StepKind.CORRECTION, "refused"): ("不予更正", "Not corrected"),
}

PAUSED: Both = (
    "请补齐所缺材料后提交，法律未规定期限；受理期限自收到之日起重新计算。",
    "Please hand in what is missing; no day is set by law. The time for acceptance begins anew when it is there.",
)

# By the reasons of `EXTENSION_REASONS`.
EXTENDED: dict[str, Both] = {
    "objection": ("因公示有异议，决定期限延长", "More time to decide: there was an objection to the notice"),
    "lives_elsewhere": ("因人户分离，决定期限延长", "More time to decide: you live away from where you are registered"),
    "remote_application": ("因异地申请，决定期限延长", "More time to decide: you applied from elsewhere"),
    "hard_survey": ("因入户调查难度大，决定期限延长", "More time to decide: the survey is hard"),
}
EXTENDED_AT_ALL: Both = ("决定期限已依法延长", "More time to decide, as the law allows")

COMPLAIN: Both = ("对办理有意见，可以投诉。", "If you are not content with how this is handled, you can complain.")
COMPLAIN_OF_DELAY: Both = (
    "办理已超过期限，您可以投诉，要求尽快办理并说明原因。",
    "The time limit has passed. You can complain, and ask for it to be dealt with and explained.",
)


def words_of_outcome(kind: str, outcome: str | None) -> Both | None:
    """Return what a step's outcome means; None while it is open.

    A code of an old row that nobody listed stands alone: better than a phone that is told nothing at all.
    """
    if outcome is None:
        return None
    return _OUTCOMES_OF.get((kind, outcome)) or _OUTCOMES.get(outcome)
