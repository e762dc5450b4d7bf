"""Refusals of this stage."""

from app.core.errors import DomainError, Kind


class ReviewNotFound(DomainError):
    """No survey was begun for this application, or not one this person may see."""

    code = "review_not_found"
    kind = Kind.NOT_FOUND
    title = "There is no review of this application yet"
    title_zh = "该申请尚未进入调查审核"


class AssessmentNotFound(DomainError):
    """Nothing was assessed yet."""

    code = "assessment_not_found"
    kind = Kind.NOT_FOUND
    title = "This application has not been assessed yet"
    title_zh = "该申请尚未作出评估"


class DecisionNotFound(DomainError):
    """Nothing was decided yet."""

    code = "decision_not_found"
    kind = Kind.NOT_FOUND
    title = "This application has not been decided yet"
    title_zh = "该申请尚未作出决定"


class DecisionUnknown(DomainError):
    """No decision has this id, or not one this person may see."""

    code = "decision_unknown"
    kind = Kind.NOT_FOUND
    title = "Decision not found"
    title_zh = "没有该决定"


class TwoInvestigatorsRequired(DomainError):
    """A team has at least two members (D57 art. 16)."""

    code = "two_investigators_required"
    kind = Kind.UNPROCESSABLE
    title = "A visit is made by at least two investigators"
    title_zh = "调查人员不得少于2人"


class InvestigatorNotAllowed(DomainError):
    """Somebody named as investigator is not staff of this place, or not of a role that visits households."""

    code = "investigator_not_allowed"
    kind = Kind.UNPROCESSABLE
    title = "This person cannot investigate here"
    title_zh = "该人员不能作为本次调查人员"


class HouseholdSignatureMissing(DomainError):
    """A visit to the home is signed by the members who were there (D57 art. 16): by an adult of full capacity among
    them, where the household has one, or by who acts for it by an entrustment in force, or as guardian."""

    code = "household_signature_missing"
    kind = Kind.UNPROCESSABLE
    title = "An adult member of the household who was present must sign, or who acts for it"
    title_zh = "入户调查须由在场的、具有完全民事行为能力的成年家庭成员或者代为申请的代理人签字"


class SurveyDateInvalid(DomainError):
    """A visit or appraisal lies in the future or before the application was accepted."""

    code = "survey_date_invalid"
    kind = Kind.UNPROCESSABLE
    title = "The date lies in the future or before acceptance"
    title_zh = "日期不能晚于今天或早于受理之日"


class RemoteSurveyNotAllowed(DomainError):
    """Telephone or video stand for a visit only while an order of the region for a major emergency says so (D57 art.
    16)."""

    code = "remote_survey_not_allowed"
    kind = Kind.UNPROCESSABLE
    title = "No emergency order allows a survey by telephone or video on that day"
    title_zh = "该日没有允许以电话、视频方式调查的应急规定"


class AppraisalQuorumMissing(DomainError):
    """Villager representatives are at least two thirds, and township staff take part."""

    code = "appraisal_quorum_missing"
    kind = Kind.UNPROCESSABLE
    title = "Too few villager representatives, or no township staff, took part"
    title_zh = "村（居）民代表不足参评总人数的三分之二，或者没有乡镇工作人员参加"


class HomeVisitMissing(DomainError):
    """An opinion rests on a visit to the home."""

    code = "home_visit_missing"
    kind = Kind.CONFLICT
    title = "The household has not been visited at home yet"
    title_zh = "尚未入户调查"


class ReSurveyMissing(DomainError):
    """After an objection the household is surveyed again or appraised before a new opinion (D57 art. 19)."""

    code = "re_survey_missing"
    kind = Kind.CONFLICT
    title = "Survey the household again, or hold an appraisal, first"
    title_zh = "公示有异议的，须先重新调查或者开展民主评议"


class VerificationIncomplete(DomainError):
    """Some agencies are still being asked, or there is no current report."""

    code = "verification_incomplete"
    kind = Kind.CONFLICT
    title = "The verification by agencies is not complete"
    title_zh = "信息核对尚未完成"


class CheckResultNotFound(DomainError):
    """No such result was told in this application."""

    code = "check_result_not_found"
    kind = Kind.NOT_FOUND
    title = "Result of the verification not found"
    title_zh = "未找到该核对结果告知"


class CheckResultOpen(DomainError):
    """The household was told what speaks against it, and may still object or is to be checked again (D57 art. 18)."""

    code = "check_result_open"
    kind = Kind.CONFLICT
    title = "The household may still object to what was found, or has to be checked again first"
    title_zh = "核对结果的异议期未满或者复查尚未完成"


class DisputePending(DomainError):
    """A field of the report is disputed, and its agency has time to answer: nobody is refused on it meanwhile."""

    code = "dispute_pending"
    kind = Kind.CONFLICT
    title = "A finding is disputed and its agency has time to answer: nobody is refused meanwhile"
    title_zh = "核对结果异议尚在部门答复期限内，暂不能作出不予确认的决定"


class ReportExpired(DomainError):
    """An answer that the report rests on is older than may be relied upon: agencies are asked again by themselves."""

    code = "report_expired"
    kind = Kind.CONFLICT
    title = "The report has expired: agencies are asked again before anything is granted on it"
    title_zh = "核对报告已过有效期，须重新核对后再予确认"


class AssessmentOutdated(DomainError):
    """An agency has answered since: the opinion rests on a report that is no longer the current one. Send it back."""

    code = "assessment_outdated"
    kind = Kind.CONFLICT
    title = "New facts have come in since the opinion was given"
    title_zh = "初审意见作出后核对结果有更新，须退回重新提出意见"


class NumbersOutdated(DomainError):
    """A standard or another number that the opinion rests on has been replaced since, or begins or ended to hold: who
    would be refused by it may be entitled by what holds today. Send it back."""

    code = "numbers_outdated"
    kind = Kind.CONFLICT
    title = "The standard or another number has changed since the opinion was given: send it back to be judged anew"
    title_zh = "初审意见所依据的保障标准或者参数已经调整，须退回按现行标准重新提出意见"


class ReasonsMissing(DomainError):
    """The rules leave points open; a person says how each was settled. `errors` names them."""

    code = "reasons_missing"
    kind = Kind.UNPROCESSABLE
    title = "Give a reason for each point that the rules leave open"
    title_zh = "对规则不能确定的事项须逐项说明理由"


class OpinionAgainstRules(DomainError):
    """The facts as they stand do not allow a favourable opinion, and nobody types an amount."""

    code = "opinion_against_rules"
    kind = Kind.UNPROCESSABLE
    title = "The assessment does not allow a favourable opinion"
    title_zh = "评估结果不符合条件，不能提出同意的意见"


class RefusalUngrounded(DomainError):
    """No rule speaks against the household: who does names the ground it rests on, and says why in words that say
    something. `errors` names what is missing."""

    code = "refusal_ungrounded"
    kind = Kind.UNPROCESSABLE
    title = "The rules speak for the household: name the ground against it, and say why"
    title_zh = "评估结果符合条件，提出不同意见或者不予确认须写明法定事由和具体理由"


class NoticeNotSkippable(DomainError):
    """Every favourable opinion is posted (D57 art. 19), but of children alone, on a ground from the list."""

    code = "notice_not_skippable"
    kind = Kind.UNPROCESSABLE
    title = "This opinion has to be posted: only children's cases are not, on a listed ground"
    title_zh = "不属于可以不公示的情形：仅限孤儿、事实无人抚养儿童，且保障对象均为未成年人"


class OpinionUnfavourable(DomainError):
    """Nothing unfavourable was posted in the village, so it cannot be confirmed as it is: send it back."""

    code = "opinion_unfavourable"
    kind = Kind.CONFLICT
    title = "The township's opinion is unfavourable: refuse, or send back"
    title_zh = "初审意见为不同意，只能不予确认或者退回重审"


class CountyVisitMissing(DomainError):
    """Registered relatives and complaints oblige the county to visit the household (D57 art. 20)."""

    code = "county_visit_missing"
    kind = Kind.CONFLICT
    title = "The county must visit the household first"
    title_zh = "县级民政部门须先入户调查"


class NoticeRunning(DomainError):
    """The seven days of the notice are not over: an objection does not shorten them (D57 art. 19)."""

    code = "notice_running"
    kind = Kind.CONFLICT
    title = "The village may still object: the days of the notice are not over"
    title_zh = "公示期尚未届满，不能作出确认决定"


class DecisionAlreadyDelivered(DomainError):
    """The delivery of this decision is on record."""

    code = "decision_already_delivered"
    kind = Kind.CONFLICT
    title = "The delivery of this decision was already recorded"
    title_zh = "该决定的送达已登记"


class HumanReviewNotFound(DomainError):
    """No such request for a person's assessment in this application."""

    code = "human_review_not_found"
    kind = Kind.NOT_FOUND
    title = "Request for a person's assessment not found"
    title_zh = "未找到该人工复核申请"


class HumanReviewOpen(DomainError):
    """The citizen refused what was computed, and no person has answered yet (PIPL art. 24)."""

    code = "human_review_open"
    kind = Kind.CONFLICT
    title = "A person has to answer the applicant's request for an assessment first"
    title_zh = "申请人要求人工复核，须先由工作人员答复"


class HumanReviewAnswered(DomainError):
    """A person has answered it before."""

    code = "human_review_answered"
    kind = Kind.CONFLICT
    title = "This request was answered already"
    title_zh = "该人工复核申请已答复"


class EvidenceLetterNotFound(DomainError):
    """No such evidence letter in this case, or not one this person may see."""

    code = "evidence_letter_not_found"
    kind = Kind.NOT_FOUND
    title = "Evidence letter not found"
    title_zh = "未找到该索证函"


class EvidenceScanNotFound(DomainError):
    """No scan was entered with the answer to this letter."""

    code = "evidence_scan_not_found"
    kind = Kind.NOT_FOUND
    title = "There is no scan of this answer"
    title_zh = "该回函没有扫描件"


class EvidenceLetterNotFitting(DomainError):
    """It asks somebody of the household, or what its addressee is not asked, or says more than the least. `errors`
    names all of it."""

    code = "evidence_letter_not_fitting"
    kind = Kind.UNPROCESSABLE
    title = "The letter asks or says what it may not"
    title_zh = "索证函的收件人、询问事项或者内容不符合要求"


class EvidenceAnswerNotFitting(DomainError):
    """An answer says one thing to each question that was asked, and nothing to others. `errors` names all of it."""

    code = "evidence_answer_not_fitting"
    kind = Kind.UNPROCESSABLE
    title = "The answer does not fit what was asked"
    title_zh = "回函内容与询问事项不符"


class EvidenceReasonMissing(DomainError):
    """Whoever does not wait for an answer says why, in words that say something."""

    code = "evidence_reason_missing"
    kind = Kind.UNPROCESSABLE
    title = "Say why the answer is not waited for"
    title_zh = "请说明不再等待回函的理由"


class EvidenceAwaited(DomainError):
    """The days of an evidence letter are not over: wait for the answer, or say why not to."""

    code = "evidence_awaited"
    kind = Kind.CONFLICT
    title = "An evidence letter may still be answered: wait, or set it aside with a reason"
    title_zh = "索证函回复期限未满，请等待回函，或者说明理由后继续办理"
