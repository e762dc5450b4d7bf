"""The register of processing: title, purpose, law, source and keeping of each table with citizens' data.

What PIPL art. 17 wants told, told by table, so that a table without an entry is found by a test. Tables of which a copy
holds nothing stand at the end, with the reason.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from app.reference.retention import Kept

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text in one of them."""
        return self.zh if language == "zh" else self.en


class Processing(NamedTuple):
    """What is done with the rows of one table. `kept`: what its rows are kept as, where they follow no case's file."""

    title: Words
    purpose: Words
    basis: tuple[str, ...]
    source: Words
    kept: Kept


_DUTY = "个人信息保护法 第十三条第一款第三项、第三十四条"
_D57 = "最低生活保障审核确认办法"

_YOU = Words("本人填报", "entered by yourself")
_STAFF = Words("经办机构形成", "made by the authorities in your case")
_AGENCIES = Words("经授权向有关部门、金融机构核对", "asked of agencies and banks under your authorisation")
_SYSTEM = Words("系统自动记录", "recorded by the system")
_OFFICE = Words("工作人员、村（居）委会成员申报", "declared by staff or committee members")

_SIGN_IN = Words("身份核验与安全登录", "telling who you are, and signing in safely")
_CASE = Words("受理、调查、审核确认低保申请", "deciding your application")
_CHECKING = Words("核对家庭经济状况", "verifying the household's economic situation")
_PUBLICITY = Words("公示与公布", "public notice of the result")
_PAYING = Words("发放最低生活保障金", "paying the allowance")
_MANAGING = Words("动态管理", "managing the award")
_ANSWERING = Words("处理投诉举报", "answering complaints")
_TELLING = Words("告知办理进度", "telling you how far your case is")
_CONFLICT = Words("近亲属单独登记备案", "separate registration of staff's close relatives")
_OVERSIGHT = Words("监督个人信息的查阅使用", "overseeing who looks at personal data")

CATALOGUE: Mapping[str, Processing] = {
    "citizens": Processing(
        Words("账号与实名信息", "account and proved identity"), _SIGN_IN, (_DUTY,), _YOU, Kept.ACCOUNT
    ),
    "sessions": Processing(Words("登录记录", "sign-ins"), _SIGN_IN, ("网络安全法",), _SYSTEM, Kept.SESSION),
    "one_time_codes": Processing(
        Words("短信验证码", "codes sent to your phone"), _SIGN_IN, (_DUTY,), _SYSTEM, Kept.ONE_TIME_CODE
    ),
    "identity_questions": Processing(
        Words("实名核验记录", "questions to public security about your name"),
        _SIGN_IN,
        (_DUTY, "社会救助法 第七十条"),
        _SYSTEM,
        Kept.SHARING_RECORD,
    ),
    "applications": Processing(
        Words("申请与填报内容", "applications and answers"),
        _CASE,
        (f"{_D57} 第九条、第十条",),
        _YOU,
        Kept.APPROVAL_FILE,
    ),
    "members": Processing(
        Words("共同生活的家庭成员、登记的家庭以外义务人", "household members, and supporters outside who were named"),
        _CASE,
        (f"{_D57} 第七条", "社会救助法 第四十一条"),
        _YOU,
        Kept.APPROVAL_FILE,
    ),
    "authorisations": Processing(
        Words("核对授权", "authorisations to check"),
        _CHECKING,
        (f"{_D57} 第九条", "社会救助法 第四十一条"),
        _YOU,
        Kept.APPROVAL_FILE,
    ),
    "documents": Processing(Words("证明材料", "papers"), _CASE, (f"{_D57} 第十条",), _YOU, Kept.APPROVAL_FILE),
    "promises": Processing(
        Words("证明事项告知承诺", "promises in the place of papers"),
        _CASE,
        (f"{_D57} 第九条、第十条", "社会救助法 第七十三条"),
        _YOU,
        Kept.APPROVAL_FILE,
    ),
    "application_steps": Processing(
        Words("办理进度", "timeline"), _TELLING, (f"{_D57} 第二十二条",), _SYSTEM, Kept.APPROVAL_FILE
    ),
    "escalations": Processing(
        Words("超期督办记录", "delays told to supervisors"),
        _TELLING,
        (f"{_D57} 第二十二条",),
        _SYSTEM,
        Kept.APPROVAL_FILE,
    ),
    "entrustments": Processing(Words("委托申请", "entrustments"), _CASE, (f"{_D57} 第六条",), _YOU, Kept.APPROVAL_FILE),
    "conflict_registrations": Processing(
        Words("近亲属备案", "register of conflicts"), _CONFLICT, (f"{_D57} 第十一条",), _OFFICE, Kept.APPROVAL_FILE
    ),
    "payout_accounts": Processing(
        Words("收款账户", "bank account"), _PAYING, (f"{_D57} 第二十五条",), _YOU, Kept.ACCOUNT
    ),
    "checks": Processing(
        Words("部门核对结果", "checks with agencies"),
        _CHECKING,
        (f"{_D57} 第十七条", "社会救助法"),
        _AGENCIES,
        Kept.APPROVAL_FILE,
    ),
    "check_uses": Processing(
        Words("共用的核对结果", "answers of another case of yours that were used"),
        _CHECKING,
        ("社会救助法 第六十二条", "政务数据共享条例"),
        _SYSTEM,
        Kept.APPROVAL_FILE,
    ),
    "household_reports": Processing(
        Words("家庭经济状况核对报告", "household reports"),
        _CHECKING,
        (f"{_D57} 第十八条",),
        _AGENCIES,
        Kept.APPROVAL_FILE,
    ),
    "report_conclusions": Processing(
        Words("核对结论", "what was concluded from reports"),
        _CHECKING,
        (f"{_D57} 第十七条、第十八条",),
        _STAFF,
        Kept.APPROVAL_FILE,
    ),
    "report_disputes": Processing(
        Words("对核对结果的异议", "what you dispute in reports"),
        _CHECKING,
        (f"{_D57} 第十八条", "政务数据共享条例 第二十六条"),
        _YOU,
        Kept.APPROVAL_FILE,
    ),
    "reviews": Processing(Words("审核", "review"), _CASE, (f"{_D57} 第十九条",), _STAFF, Kept.APPROVAL_FILE),
    "visits": Processing(Words("入户调查", "visits"), _CASE, (f"{_D57} 第十五条",), _STAFF, Kept.APPROVAL_FILE),
    "visit_signatures": Processing(
        Words("调查签字", "signatures on visits"), _CASE, (f"{_D57} 第十五条",), _STAFF, Kept.APPROVAL_FILE
    ),
    "evidence_letters": Processing(
        Words("信函索证", "letters to others for evidence"),
        _CASE,
        (f"{_D57} 第十六条", "社会救助法 第四十三条"),
        _STAFF,
        Kept.APPROVAL_FILE,
    ),
    "appraisals": Processing(Words("民主评议", "appraisals"), _CASE, (f"{_D57} 第十九条",), _STAFF, Kept.APPROVAL_FILE),
    "assessments": Processing(
        Words("规则测算", "assessments by the rules"),
        _CASE,
        (f"{_D57} 第十二条至第十四条", "个人信息保护法 第二十四条"),
        _STAFF,
        Kept.APPROVAL_FILE,
    ),
    "opinions": Processing(Words("初审意见", "opinions"), _CASE, (f"{_D57} 第十九条",), _STAFF, Kept.APPROVAL_FILE),
    "human_reviews": Processing(
        Words("人工复核", "requests for a person's assessment"),
        _CASE,
        ("个人信息保护法 第二十四条",),
        _YOU,
        Kept.APPROVAL_FILE,
    ),
    "check_results": Processing(
        Words("核对结果告知与异议", "results you were told, and your objection"),
        _CHECKING,
        (f"{_D57} 第十八条",),
        _STAFF,
        Kept.APPROVAL_FILE,
    ),
    "send_backs": Processing(
        Words("退回", "papers given back"), _CASE, (f"{_D57} 第二十条",), _STAFF, Kept.APPROVAL_FILE
    ),
    "decisions": Processing(
        Words("审核确认决定", "decisions"), _CASE, (f"{_D57} 第二十条、第二十一条",), _STAFF, Kept.APPROVAL_FILE
    ),
    "decision_deliveries": Processing(
        Words("决定送达", "delivery of decisions"), _CASE, (f"{_D57} 第二十一条",), _STAFF, Kept.APPROVAL_FILE
    ),
    "letters": Processing(
        Words("通知书", "letters to you"),
        _TELLING,
        (f"{_D57} 第十条、第二十一条、第三十二条",),
        _STAFF,
        Kept.APPROVAL_FILE,
    ),
    "notices": Processing(
        Words("公示公布", "notices"), _PUBLICITY, (f"{_D57} 第十九条、第二十四条",), _STAFF, Kept.APPROVAL_FILE
    ),
    "objections": Processing(
        Words("公示期异议", "objections to notices"),
        _PUBLICITY,
        (f"{_D57} 第十九条",),
        Words("提出异议的人", "whoever objected"),
        Kept.APPROVAL_FILE,
    ),
    "awards": Processing(
        Words("保障待遇", "awards"), _MANAGING, (f"{_D57} 第二十三条、第二十九条",), _STAFF, Kept.DAILY_MANAGEMENT
    ),
    "award_hearings": Processing(
        Words("陈述与申辩", "hearings"), _MANAGING, ("社会救助法",), _YOU, Kept.DAILY_MANAGEMENT
    ),
    "award_amounts": Processing(
        Words("保障金额", "what an award amounts to"),
        _MANAGING,
        (f"{_D57} 第二十三条、第三十二条",),
        _STAFF,
        Kept.DAILY_MANAGEMENT,
    ),
    "award_adjustments": Processing(
        Words("调减决定", "decisions on a lower amount"),
        _MANAGING,
        (f"{_D57} 第三十二条", "社会救助法 第四十八条"),
        _STAFF,
        Kept.DAILY_MANAGEMENT,
    ),
    "handovers": Processing(
        Words("跨县移交", "hand-overs to another county"),
        _MANAGING,
        (f"{_D57} 第五条、第三十二条",),
        _STAFF,
        Kept.APPROVAL_FILE,
    ),
    "recoveries": Processing(
        Words("追回多发款项", "claims for what was paid too much"),
        _MANAGING,
        ("社会救助法 第七十三条、第七十四条",),
        _STAFF,
        Kept.DAILY_MANAGEMENT,
    ),
    "recovery_months": Processing(
        Words("追回的月份和金额", "what of which month is claimed"),
        _MANAGING,
        ("社会救助法 第七十三条、第七十四条",),
        _STAFF,
        Kept.DAILY_MANAGEMENT,
    ),
    "repayments": Processing(
        Words("退回款项登记", "what you paid back"),
        _MANAGING,
        ("社会救助法 第七十四条",),
        _STAFF,
        Kept.DAILY_MANAGEMENT,
    ),
    "recomputed_awards": Processing(
        Words("标准调整测算", "what a changed standard means for an award"),
        _MANAGING,
        (f"{_D57} 第三十一条、第三十二条", "个人信息保护法 第二十四条"),
        _SYSTEM,
        Kept.DAILY_MANAGEMENT,
    ),
    "award_findings": Processing(
        Words("定期核查、比对中的新情况", "what a review or a match found anew"),
        _MANAGING,
        (f"{_D57} 第三十一条", "社会救助法 第四十七条、第四十八条"),
        _AGENCIES,
        Kept.DAILY_MANAGEMENT,
    ),
    "pay_lines": Processing(
        Words("发放记录", "payments"), _PAYING, (f"{_D57} 第二十五条", "会计法"), _STAFF, Kept.PAYMENT_LIST
    ),
    "line_settlements": Processing(
        Words("发放核实", "payments looked into"), _PAYING, ("会计法",), _STAFF, Kept.PAYMENT_LIST
    ),
    "pay_exclusions": Processing(
        Words("未列入发放", "months left out of a payroll"), _PAYING, ("会计法",), _STAFF, Kept.PAYMENT_LIST
    ),
    "complaints": Processing(
        Words("实名投诉举报", "complaints you made"), _ANSWERING, (f"{_D57} 第三十七条",), _YOU, Kept.COMPLAINT
    ),
    "complaint_reporters": Processing(
        Words("投诉联系方式", "how to reach you about a complaint"),
        _ANSWERING,
        (f"{_D57} 第三十七条",),
        _YOU,
        Kept.COMPLAINT,
    ),
    "correction_requests": Processing(
        Words("更正申请", "requests for correction"), _CASE, ("个人信息保护法 第四十六条",), _YOU, Kept.APPROVAL_FILE
    ),
    "messages": Processing(Words("发送的短信", "messages sent"), _TELLING, (_DUTY,), _SYSTEM, Kept.MESSAGE),
    "uploads": Processing(Words("上传的文件", "uploads"), _CASE, (_DUTY,), _YOU, Kept.UPLOAD),
    "declared_relatives": Processing(
        Words("近亲属申报", "declarations as a close relative"),
        _CONFLICT,
        (f"{_D57} 第十一条",),
        _OFFICE,
        Kept.DAILY_MANAGEMENT,
    ),
    "legal_holds": Processing(
        Words("封存", "holds against erasure"), _OVERSIGHT, ("个人信息保护法 第四十七条",), _STAFF, Kept.APPROVAL_FILE
    ),
    "status_query_lines": Processing(
        Words("其他救助部门查询记录", "questions of other authorities whether you receive assistance"),
        Words("确认结果共享互认", "sharing what was confirmed"),
        ("社会救助法 第四十二条", "网络数据安全管理条例 第十二条"),
        _SYSTEM,
        Kept.SHARING_RECORD,
    ),
    "audit_records": Processing(
        Words("查阅记录汇总", "looks at your data, summed up"),
        _OVERSIGHT,
        ("个人信息保护法 第五十一条", "社会救助法 第十一条"),
        _SYSTEM,
        Kept.SHARING_RECORD,
    ),
}

_CODES_ONLY = Words(
    "只含编号与状态，不含个人信息；对应的内容已在副本中。",
    "Ids and states without personal data; what they belong to is in the copy.",
)
_KEYED = Words(
    "只含无法还原的摘要，用于限制次数、防止重复，到期自动删除。",
    "Keyed digests that lead back to nobody, for limits and uniqueness; deleted when their time is over.",
)
_SECRETS = Words("登录凭据，出于安全不提供副本。", "Secrets of sign-ins: a copy would open the account.")
_EVIDENCE = Words(
    "审计证据的散列值；本人案件的全部记录见 /v1/applications/{id}/evidence。",
    "Hashes of the evidence; all records of your case are at /v1/applications/{id}/evidence.",
)
_SUMS = Words(
    "会计分录只有金额与待遇编号；金额已列在发放记录中。",
    "Postings hold amounts and the award's id; the amounts stand in the payments.",
)
_OTHERS = Words("不是申请人的信息，或为公开信息。", "Not about citizens who apply, or public.")

# What a copy holds nothing of, and goes all the same: kept as what. Their nights are in `jobs.py`.
NOT_COPIED_KEPT: Mapping[str, Kept] = {
    "webhook_deliveries": Kept.MESSAGE,
    "webhook_attempts": Kept.MESSAGE,
    "exports": Kept.SHARING_RECORD,  # 网络数据安全管理条例 第十二条: who was given a list, by whose leave
    "committee_members": Kept.DAILY_MANAGEMENT,
    "check_attempts": Kept.SHARING_RECORD,
    "status_queries": Kept.SHARING_RECORD,
    "registry_messages": Kept.SHARING_RECORD,
}

NOT_COPIED: Mapping[str, Words] = {
    **dict.fromkeys(
        (
            "events", "webhook_deliveries", "webhook_attempts", "upload_parts", "payrolls", "erasures",
            "check_attempts", "check_batch_lines", "report_tallies", "status_queries", "campaign_households",
            "campaign_questions",
        ),
        _CODES_ONLY,
    ),
    "registry_messages": Words(
        "其他救助部门按 DCI 标准发来的报文；告知的内容已在 status_query_lines 中。",
        "Messages of other authorities by the DCI standard; what they were told stands in status_query_lines.",
    ),
    **dict.fromkeys(("claims", "asked_needs", "limit_counts", "kept_answers"), _KEYED),
    **dict.fromkeys(("refresh_tokens", "session_epochs"), _SECRETS),
    **dict.fromkeys(("audit_leaves", "audit_tiles", "audit_checkpoints", "audit_keys"), _EVIDENCE),
    "postings": _SUMS,
    **dict.fromkeys(
        (
            "staff", "second_factors", "recovery_codes", "committee_members", "exports", "webhook_endpoints",
            "divisions", "standards", "parameters", "calendar_days", "calendar_years", "number_changes", "data_keys",
            "resealings", "retention_runs", "replay_runs", "number_sets", "recomputations", "agency_outages",
            "check_batches", "check_batch_files",
            "query_partners", "campaigns", "campaign_lanes", "campaign_paces",
        ),
        _OTHERS,
    ),
}  # fmt: skip
