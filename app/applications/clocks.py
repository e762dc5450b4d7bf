"""The legal clocks of one application (domain 1.14): who is to act, within what time, by which law.

National values. Where the law leaves the number to the locality, the basis says so.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.reference.procedure import Setting

_D57 = "最低生活保障审核确认办法"


class StepKind(StrEnum):
    """The steps a timeline can show."""

    ACCEPTANCE = "acceptance"
    SUPPLEMENT = "supplement"
    SURVEY = "survey"
    VERIFICATION = "verification"
    MANUAL_ENTRY = "manual_entry"
    OPINION = "opinion"
    NOTICE = "notice"
    RE_SURVEY = "re_survey"
    CONFIRMATION = "confirmation"
    DECISION_NOTICE = "decision_notice"
    DECISION_REVISIT = "decision_revisit"  # what a refusal rested on was corrected after it
    FIRST_PAYMENT = "first_payment"
    PAYMENT = "payment"
    CORRECTION = "correction"
    AWARD_REVIEW = "award_review"
    CHECK_OBJECTION = "check_objection"
    RECHECK = "recheck"
    HOME_VISIT = "home_visit"
    TOWNSHIP_CONFIRMATION = "township_confirmation"
    PROMISE_CHECK = "promise_check"
    BROKEN_PROMISE = "broken_promise"
    REPAYMENT = "repayment"
    REPORT_DISPUTE = "report_dispute"
    CORRECTION_LETTER = "correction_letter"
    PERIODIC_REVIEW = "periodic_review"
    HAND_OVER = "hand_over"
    EVIDENCE_LETTER = "evidence_letter"
    EVIDENCE_UNANSWERED = "evidence_unanswered"
    AWARD_DECISION = "award_decision"  # that the award was lowered or stopped: done as it is put down, nobody's task


class Responsible(StrEnum):
    """Who has to act."""

    APPLICANT = "applicant"
    TOWNSHIP = "township"
    COUNTY = "county"
    AGENCIES = "agencies"
    VILLAGE = "village"
    BANK = "bank"


@dataclass(frozen=True)
class Limit:
    """`days` working days, or calendar days where `calendar` is set; None where no time is set."""

    responsible: Responsible
    days: int | None
    basis: str
    calendar: bool = False


LIMITS: dict[StepKind, Limit] = {
    StepKind.ACCEPTANCE: Limit(Responsible.TOWNSHIP, 5, "本地办理时限"),
    StepKind.SUPPLEMENT: Limit(Responsible.APPLICANT, None, f"{_D57} 第十条"),
    StepKind.SURVEY: Limit(Responsible.TOWNSHIP, 3, f"{_D57} 第十五条"),
    StepKind.HOME_VISIT: Limit(Responsible.TOWNSHIP, 10, "本地办理时限"),
    StepKind.VERIFICATION: Limit(Responsible.AGENCIES, 3, f"{_D57} 第十七条"),
    StepKind.MANUAL_ENTRY: Limit(Responsible.COUNTY, 5, "本地办理时限"),
    # The agency's ten working days run from the dispute (政务数据共享条例 art. 26): what lies here is taken from them.
    StepKind.CORRECTION_LETTER: Limit(Responsible.COUNTY, 2, "本地办理时限"),
    StepKind.CHECK_OBJECTION: Limit(Responsible.APPLICANT, None, f"{_D57} 第十八条"),
    StepKind.RECHECK: Limit(Responsible.TOWNSHIP, 3, f"{_D57} 第十八条"),
    # No law says by when silence is dealt with: the opinion's own clock runs.
    StepKind.EVIDENCE_UNANSWERED: Limit(Responsible.TOWNSHIP, None, f"{_D57} 第十六条"),
    StepKind.OPINION: Limit(Responsible.TOWNSHIP, 10, "本地办理时限"),
    StepKind.NOTICE: Limit(Responsible.VILLAGE, 7, f"{_D57} 第十九条", calendar=True),
    StepKind.RE_SURVEY: Limit(Responsible.TOWNSHIP, 10, "本地办理时限"),
    StepKind.CONFIRMATION: Limit(Responsible.COUNTY, 10, f"{_D57} 第二十条"),
    StepKind.TOWNSHIP_CONFIRMATION: Limit(Responsible.TOWNSHIP, 10, f"{_D57} 第二条"),
    StepKind.DECISION_NOTICE: Limit(Responsible.TOWNSHIP, 3, f"{_D57} 第二十一条"),
    # No law sets days; those that handling a complaint of one's own name has in places that set some.
    StepKind.DECISION_REVISIT: Limit(Responsible.COUNTY, 15, "本地办理时限", calendar=True),
    StepKind.AWARD_REVIEW: Limit(Responsible.COUNTY, 20, "本地办理时限"),
    StepKind.AWARD_DECISION: Limit(Responsible.COUNTY, None, f"{_D57} 第三十二条"),
    StepKind.PROMISE_CHECK: Limit(Responsible.TOWNSHIP, 20, "本地办理时限"),
    StepKind.BROKEN_PROMISE: Limit(Responsible.COUNTY, 20, "本地办理时限"),
}

# Of these the place says the days; what stands above holds until it has. When a survey begins, the law says itself.
LOCAL: dict[StepKind, Setting] = {
    StepKind.ACCEPTANCE: Setting.ACCEPTANCE_DAYS,
    StepKind.HOME_VISIT: Setting.HOME_VISIT_DAYS,
    StepKind.OPINION: Setting.OPINION_DAYS,
    StepKind.RE_SURVEY: Setting.RE_SURVEY_DAYS,
    StepKind.RECHECK: Setting.RECHECK_DAYS,
    StepKind.PROMISE_CHECK: Setting.PROMISE_CHECK_DAYS,
    StepKind.MANUAL_ENTRY: Setting.MANUAL_ENTRY_DAYS,
}

DECISION_DAYS = 30  # working days from acceptance, county decides: D57 art. 22
DECISION_DAYS_TOWNSHIP = 20  # where the township decides: the notice of 2022
DECISION_DAYS_EXTENDED = 45  # D57 art. 22, special circumstances
# 《城市居民最低生活保障条例》 (1999), on the books beside D57: in towns, 30 calendar days from the application.
URBAN_DECISION_DAYS = 30
URBAN_PROGRAM = "living_allowance"


class ExtensionReason(StrEnum):
    """What counts as special: 《关于进一步做好最低生活保障等社会救助兜底工作的通知》 (2022)."""

    OBJECTION = "objection"
    LIVES_ELSEWHERE = "lives_elsewhere"
    REMOTE_APPLICATION = "remote_application"
    HARD_SURVEY = "hard_survey"


EXTENSION_REASONS = frozenset(ExtensionReason)
