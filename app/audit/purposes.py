"""Why somebody acts on, or looks at, a person's data: a closed list (个人信息保护法 art. 6: a definite purpose)."""

from enum import StrEnum

from app.identity.actors import STAFF_ROLES, Role


class Purpose(StrEnum):
    """The purposes there are. A new one is a line here and in `_BY_ROOM`, never a free text."""

    OWN_APPLICATION = "own_application"  # 本人办理
    REAL_NAME = "real_name"  # 实名核验
    CASEWORK = "casework"  # 受理、调查、审核确认
    VERIFICATION = "verification"  # 核对
    PUBLICITY = "publicity"  # 公示
    AWARD_MANAGEMENT = "award_management"  # 动态管理
    DISBURSEMENT = "disbursement"  # 发放
    COMPLAINT_HANDLING = "complaint_handling"  # 投诉举报处理
    CONFLICT_OF_INTEREST = "conflict_of_interest"  # 近亲属备案
    SUPERVISION = "supervision"  # 监督检查
    ADMINISTRATION = "administration"  # 系统管理
    RESULT_SHARING = "result_sharing"  # 确认结果共享互认


ASKED = "check.ask"  # the action of a question to an agency; a citizen sees it beside the looks of staff
TOLD = "status_query."  # begins the action of a look by which another authority was told whether somebody receives aid
UNMASK = "unmask."  # begins the action of a look at one field in clear; the field follows

# Looks at a case that show every member of its household; others show one person, or papers of the applicant's.
SHOWS_THE_HOUSEHOLD = frozenset({"application.read", "check.list", "report.read"})

# What stands before the first dot of an action.
_BY_ROOM = {
    "identity": Purpose.REAL_NAME,
    "application": Purpose.CASEWORK,
    "check_batch": Purpose.VERIFICATION,
    "authorisation": Purpose.CASEWORK,
    "entrustment": Purpose.CASEWORK,
    "document": Purpose.CASEWORK,
    "promise": Purpose.CASEWORK,
    "payout_account": Purpose.OWN_APPLICATION,
    "task": Purpose.CASEWORK,
    "review": Purpose.CASEWORK,
    "assessment": Purpose.CASEWORK,
    "decision": Purpose.CASEWORK,
    "human_review": Purpose.CASEWORK,
    "evidence_letter": Purpose.CASEWORK,
    "letter": Purpose.CASEWORK,
    "check": Purpose.VERIFICATION,
    "checks": Purpose.VERIFICATION,
    "report": Purpose.VERIFICATION,
    "agency": Purpose.VERIFICATION,
    "campaign": Purpose.VERIFICATION,
    "notice": Purpose.PUBLICITY,
    "objection": Purpose.PUBLICITY,
    "award": Purpose.AWARD_MANAGEMENT,
    "handover": Purpose.AWARD_MANAGEMENT,
    "recovery": Purpose.AWARD_MANAGEMENT,
    "payroll": Purpose.DISBURSEMENT,
    "receipt": Purpose.DISBURSEMENT,
    "complaint": Purpose.COMPLAINT_HANDLING,
    "relative": Purpose.CONFLICT_OF_INTEREST,
    "committee_member": Purpose.CONFLICT_OF_INTEREST,
    "conflict": Purpose.CONFLICT_OF_INTEREST,
    "staff": Purpose.ADMINISTRATION,
    "second_factor": Purpose.ADMINISTRATION,
    "session": Purpose.ADMINISTRATION,
    "webhook": Purpose.ADMINISTRATION,
    "query_partner": Purpose.ADMINISTRATION,
    "status_query": Purpose.RESULT_SHARING,
    "audit": Purpose.SUPERVISION,
    "correction": Purpose.CASEWORK,
    "retention": Purpose.ADMINISTRATION,
    "hold": Purpose.SUPERVISION,
    "standard": Purpose.ADMINISTRATION,
    "parameter": Purpose.ADMINISTRATION,
}

# Whose post has one purpose only, whatever is looked at.
_BY_ROLE = {
    Role.SUPERVISOR: Purpose.SUPERVISION,
    Role.ADMINISTRATOR: Purpose.ADMINISTRATION,
    Role.FINANCE: Purpose.DISBURSEMENT,
}


_TOWNSHIP = frozenset(
    {
        Purpose.CASEWORK,
        Purpose.VERIFICATION,
        Purpose.PUBLICITY,
        Purpose.AWARD_MANAGEMENT,
        Purpose.COMPLAINT_HANDLING,
    }
)
_COUNTY = _TOWNSHIP | {Purpose.DISBURSEMENT, Purpose.CONFLICT_OF_INTEREST}

# What a post may name where a purpose has to be named. Who is not here has no work that needs one.
_BY_POST = {
    Role.TOWNSHIP_HANDLER: _TOWNSHIP,
    Role.TOWNSHIP_REVIEWER: _TOWNSHIP,
    Role.TOWNSHIP_CONFIRMER: _TOWNSHIP,
    Role.COUNTY_HANDLER: _COUNTY,
    Role.COUNTY_CONFIRMER: _COUNTY,
    Role.FINANCE: frozenset({Purpose.DISBURSEMENT}),
    Role.SUPERVISOR: frozenset({Purpose.SUPERVISION}),
}


def purposes_of(role: Role) -> frozenset[Purpose]:
    """Return what somebody of this post may give as purpose."""
    return _BY_POST.get(role, frozenset())


def purpose_of_act(action: str, role: Role) -> Purpose | None:
    """Return what an act serves; None where its kind is not listed."""
    if role is Role.APPLICANT and not action.startswith("identity."):
        return Purpose.OWN_APPLICATION
    return _BY_ROOM.get(action.partition(".")[0])


def purpose_of_look(action: str, role: Role) -> Purpose:
    """Return what a look serves: what the post is there for, else what the place that shows the data is there for.

    Raises:
        KeyError: nobody has said what this kind of look is for; it must not be shown then.
    """
    assert role in STAFF_ROLES, "a citizen's looks at the own data are nobody's business"
    return _BY_ROLE.get(role) or _BY_ROOM[action.partition(".")[0]]
