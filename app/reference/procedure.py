"""What the law leaves to the place about the procedure: one name each, read from rows of `parameters`.

A row (program `procedure`) holds for its area and all below it, from its first day to its last, and names the order it
rests on. Where no row says otherwise, the national value holds. What is listed here is all that a place may set.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

PROGRAM = "procedure"  # what the rows of `parameters` are kept under

_MOST_DAYS = 60
_STANDARD = "本地办理时限"
_SHARED = "社会救助法 第四十一条"
_D57 = "最低生活保障审核确认办法"


class Setting(StrEnum):
    """What a place may set."""

    RESIDENCE_APPLICATIONS = "residence_applications"  # 持居住证在居住地申办
    DIFFERENT_COUNTIES = "different_counties"  # 户籍不在同一县
    REMOTE_SURVEY = "remote_survey"  # 重大突发事件期间以电话、视频方式调查
    ACCEPTANCE_DAYS = "acceptance_days"  # 各环节时限，工作日
    HOME_VISIT_DAYS = "home_visit_days"
    OPINION_DAYS = "opinion_days"
    RE_SURVEY_DAYS = "re_survey_days"
    RECHECK_DAYS = "recheck_days"
    CONFIRMED_BY = "confirmed_by"  # 审核确认权限
    CHECK_OBJECTION_DAYS = "check_objection_days"  # 对核对结果提出异议的期限，工作日
    RAISED_FROM = "raised_from"  # 增发自何时起
    PROMISED_PAPERS = "promised_papers"  # 可以告知承诺代替的证明材料
    PROMISE_CHECK_DAYS = "promise_check_days"  # 承诺事项核查期限，工作日
    REPORT_VALID_DAYS = "report_valid_days"  # 核对结果有效期，自然日
    CLOSE_LOOK_FROM = "close_look_from"  # 核对报告矛盾分值达到多少时重点核查
    AGENCY_SILENT_HOURS = "agency_silent_hours"  # 数据源持续无有效应答多久视为中断，小时
    AGENCY_SILENT_ATTEMPTS = "agency_silent_attempts"  # 且失败多少次
    AGENCY_SILENT_REROUTED = "agency_silent_rerouted"  # 数据源中断期间改为人工录入
    MANUAL_ENTRY_DAYS = "manual_entry_days"  # 人工录入核对结果的期限，工作日
    HANDOVER_DAYS = "handover_days"  # 接收地答复移交的期限，工作日
    EVIDENCE_ANSWER_DAYS = "evidence_answer_days"  # 信函索证的回复期限，工作日
    ALSO_ASKED = "also_asked"  # 规则以外还核对哪些项目
    SUPPORTERS_ITEMS = "supporters_items"  # 经本人同意，对家庭以外的义务人核对哪些项目


MODE_OF = "check_mode."  # begins the name of how a place asks about an item; the item follows


FRESH_OF = "fresh_days."  # begins the name of how long an answer about an item serves another case; the item follows
# Whoever died yesterday, or was granted something, must not be missed for long; of the rest a report's 90 days.
_FRESH_DAYS: Mapping[str, int] = MappingProxyType({"deaths": 7, "benefits": 7})
_FRESH_DAYS_ELSE = 90


# How many questions of campaigns an agency takes: put in an hour, and put but not taken by it at any moment. Agreed
# with the agency for the province, whose row counts; begins the name, the agency's code follows.
CAMPAIGN_HOURLY = "campaign_hourly."
CAMPAIGN_AT_ONCE = "campaign_at_once."
_CAMPAIGN_HOURLY, _CAMPAIGN_AT_ONCE = 18_000, 500  # five a second


class Mode(StrEnum):
    """How an agency is asked about an item."""

    INTERFACE = "interface"  # by its interface, at once or by call-back
    BATCH = "batch"  # by files
    MANUAL = "manual"  # on paper: somebody of the county asks, and enters what it says


# The papers that a promise may stand for. What another would have to sign (an entrustment) nobody can promise for him.
PROMISABLE = frozenset({"diagnosis", "receipt", "agreement"})


# Items that no rule looks into, and that a place may have asked all the same: the report shows them to who decides.
FURTHER_ITEMS = frozenset({"securities", "insurance", "wallets", "medical_insurance", "education", "other_province"})


# What bears on whether somebody can support: earnings, pensions, a business, and whether he lives at all. What he owns
# is not asked about.
SUPPORTERS_ITEMS = ("income", "social_insurance", "provident_fund", "businesses", "deaths")


class DifferentCounties(StrEnum):
    """Where a household applies whose members are registered in several counties of one province."""

    AS_BETWEEN_PROVINCES = "as_between_provinces"  # as review measures art. 5(1) says for several provinces
    WHERE_ANY_IS_REGISTERED = "where_any_is_registered"
    WHERE_IT_LIVES = "where_it_lives"


class Authority(StrEnum):
    """Who decides (Social Assistance Law art. 44)."""

    COUNTY = "county"
    TOWNSHIP = "township"  # 权限下放


class RaisedFrom(StrEnum):
    """From which month a higher amount holds that a review or a report led to."""

    DECISION = "decision"  # the one after the decision
    FINDING = "finding"  # the one after the review, or after the household's report; what was paid since is made up for


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_DAYS


def _is_number_up_to(most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _are_papers(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(set(map(str, value))) == len(value)
        and all(isinstance(each, str) and each in PROMISABLE for each in value)
    )


def _are_items(among: Collection[str]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, list)
        and len(set(map(str, value))) == len(value)
        and all(isinstance(each, str) and each in among for each in value)
    )


def _one_of(kind: type[StrEnum]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in set(kind)


@dataclass(frozen=True)
class National:
    """What holds where no place has said otherwise; `fits`: whether a value is one that a place may set."""

    value: Any
    basis: str
    fits: Callable[[Any], bool]


NATIONAL: Mapping[Setting, National] = MappingProxyType(
    {
        # 有条件的地区可以有序推进: where nothing is said, the conditions are not there.
        Setting.RESIDENCE_APPLICATIONS: National(False, f"{_D57} 第五条第三款", _is_bool),
        # The law leaves it to the province; until it has said something, the nearest rule there is.
        Setting.DIFFERENT_COUNTIES: National(
            DifferentCounties.AS_BETWEEN_PROVINCES.value, f"{_D57} 第五条第二款", _one_of(DifferentCounties)
        ),
        Setting.CONFIRMED_BY: National(Authority.COUNTY.value, "社会救助法 第四十四条", _one_of(Authority)),
        # An order of a region during a major emergency; its days are the row's first and last.
        Setting.REMOTE_SURVEY: National(False, f"{_D57} 第十六条", _is_bool),
        # 明确各环节办理时限 (the notice of 2022): the nation sets none, these hold until the place has.
        Setting.ACCEPTANCE_DAYS: National(5, _STANDARD, _is_days),
        Setting.HOME_VISIT_DAYS: National(10, _STANDARD, _is_days),
        Setting.OPINION_DAYS: National(10, _STANDARD, _is_days),
        Setting.RE_SURVEY_DAYS: National(10, _STANDARD, _is_days),
        Setting.RECHECK_DAYS: National(3, f"{_D57} 第十八条", _is_days),
        # 及时告知, and no time for the objection: the law leaves it to the place.
        Setting.CHECK_OBJECTION_DAYS: National(5, f"{_D57} 第十八条", _is_days),
        # The law names no month for 增发; a grant is paid from the one after its decision.
        Setting.RAISED_FROM: National(RaisedFrom.DECISION.value, f"{_D57} 第二十一条", _one_of(RaisedFrom)),
        # 可以采取证明事项告知承诺制 (the notice of 2022): for which papers, the place says; until then for none.
        Setting.PROMISED_PAPERS: National([], f"{_D57} 第十条", _are_papers),
        Setting.PROMISE_CHECK_DAYS: National(20, _STANDARD, _is_days),
        # No law says how long an answer may be relied upon, nor from how many contradictions on to look closely.
        Setting.REPORT_VALID_DAYS: National(90, _STANDARD, _is_number_up_to(366)),
        Setting.CLOSE_LOOK_FROM: National(20, _STANDARD, _is_number_up_to(1_000)),
        # A night, and the working day after it; checking has to begin within three (D57 art. 17).
        Setting.AGENCY_SILENT_HOURS: National(24, _STANDARD, _is_number_up_to(720)),
        Setting.AGENCY_SILENT_ATTEMPTS: National(5, _STANDARD, _is_number_up_to(1_000)),
        Setting.AGENCY_SILENT_REROUTED: National(False, _STANDARD, _is_bool),
        Setting.MANUAL_ENTRY_DAYS: National(5, _STANDARD, _is_days),
        # Both places see to it that nobody falls into a gap (the notice of 2022), which sets no time for it.
        Setting.HANDOVER_DAYS: National(10, _STANDARD, _is_days),
        # 信函索证 has no time in any law: two weeks leave as much again of the thirty working days.
        Setting.EVIDENCE_ANSWER_DAYS: National(10, _STANDARD, _is_days),
        # 金融机构、非银行支付机构等应当配合核对: of which of them a place can ask, it says; until then of none.
        Setting.ALSO_ASKED: National([], _SHARED, _are_items(FURTHER_ITEMS)),
        # 必要时，经本人同意: of which items of theirs, the place says; none, where it sees no need.
        Setting.SUPPORTERS_ITEMS: National(list(SUPPORTERS_ITEMS), _SHARED, _are_items(SUPPORTERS_ITEMS)),
    }
)


@dataclass(frozen=True)
class Local:
    """A value that holds in a place on a day, with what it rests on; `local`: a place has set it."""

    value: Any
    basis: str
    local: bool


class Procedure:
    """All settings of a place on a day."""

    def __init__(self, rows: Mapping[str, Local] = MappingProxyType({})) -> None:
        self._rows = rows

    def __getitem__(self, setting: Setting) -> Local:
        """Return what holds: the row of the place, else the national value."""
        found = self._rows.get(setting.value)
        national = NATIONAL[setting]
        return found or Local(national.value, national.basis, local=False)

    def mode_of(self, item: str) -> Local:
        """Return how an item is asked about: as the place says, else by the agency's interface."""
        return self._rows.get(f"{MODE_OF}{item}") or Local(Mode.INTERFACE.value, _SHARED, local=False)

    def fresh_days_of(self, item: str) -> Local:
        """Return for how many days an answer about an item serves another case of the same person; 0: never."""
        national = Local(_FRESH_DAYS.get(item, _FRESH_DAYS_ELSE), _STANDARD, local=False)
        return self._rows.get(f"{FRESH_OF}{item}") or national

    def campaign_hourly_of(self, partner: str) -> Local:
        """Return how many questions of campaigns are put to an agency in an hour."""
        return self._rows.get(f"{CAMPAIGN_HOURLY}{partner}") or Local(_CAMPAIGN_HOURLY, _STANDARD, local=False)

    def campaign_at_once_of(self, partner: str) -> Local:
        """Return how many questions of campaigns may be open with an agency that it has not taken."""
        return self._rows.get(f"{CAMPAIGN_AT_ONCE}{partner}") or Local(_CAMPAIGN_AT_ONCE, _STANDARD, local=False)


def fits(name: str, value: Any) -> bool | None:
    """Say whether a place may give a setting this value; None where there is no such setting."""
    if name.startswith(MODE_OF):
        return _one_of(Mode)(value)
    if name.startswith(FRESH_OF):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 366
    if name.startswith((CAMPAIGN_HOURLY, CAMPAIGN_AT_ONCE)):
        return _is_number_up_to(1_000_000)(value)
    return NATIONAL[Setting(name)].fits(value) if name in set(Setting) else None
