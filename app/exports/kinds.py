"""What can be exported: the columns of each kind, which of them are masked, and whose work needs such a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.applications.lifecycle import Status as ApplicationStatus
from app.awards.lifecycle import Status as AwardStatus
from app.disbursement.lifecycle import READERS, LineStatus
from app.exports.lifecycle import REQUESTERS
from app.identity.actors import Role
from app.unmasking.fields import ROLES, MaskedField, MaskedObject


class ExportKind(StrEnum):
    """What a row is."""

    APPLICATIONS = "applications"
    AWARDS = "awards"
    PAYROLL_LINES = "payroll_lines"


@dataclass(frozen=True)
class Shape:
    """One kind of export. `columns`: name → heading, in order; `masked`: those that are, and which field each is."""

    columns: Mapping[str, str]
    masked: Mapping[str, MaskedField]
    statuses: frozenset[str]
    requesters: frozenset[Role]


SHAPES: Mapping[ExportKind, Shape] = {
    ExportKind.APPLICATIONS: Shape(
        columns={
            "number": "受理号",
            "division": "村（社区）代码",
            "program": "救助项目",
            "status": "状态",
            "name": "申请人",
            "id_number": "证件号码",
            "phone": "联系电话",
            "address": "家庭住址",
            "submitted_on": "提交日期",
            "decide_by": "办结期限",
        },
        masked={each: MaskedField(each) for each in ("name", "id_number", "phone", "address")},
        statuses=frozenset(ApplicationStatus),
        requesters=REQUESTERS - {Role.FINANCE},
    ),
    ExportKind.AWARDS: Shape(
        columns={
            "number": "受理号",
            "division": "村（社区）代码",
            "program": "救助项目",
            "status": "状态",
            "name": "保障对象",
            "phone": "联系电话",
            "account": "账号",
            "members": "保障人数",
            "monthly_yuan": "月保障金（元）",
            "from_month": "起始月份",
            "to_month": "截止月份",
        },
        masked={each: MaskedField(each) for each in ("name", "phone", "account")},
        statuses=frozenset(AwardStatus),
        requesters=REQUESTERS,
    ),
    ExportKind.PAYROLL_LINES: Shape(
        columns={
            "payroll": "台账号",
            "line": "明细号",
            "division": "村（社区）代码",
            "month": "月份",
            "kind": "类型",
            "status": "状态",
            "name": "收款人",
            "bank_code": "银行",
            "account": "账号",
            "amount_yuan": "金额（元）",
            "paid_on": "入账日期",
        },
        masked={each: MaskedField(each) for each in ("name", "account")},
        statuses=frozenset(LineStatus),
        requesters=READERS,
    ),
}

# Who may have a field in clear in a file: who may open it one by one. The number is the applicant's, as a member.
OPENED_BY: Mapping[tuple[ExportKind, MaskedField], frozenset[Role]] = {
    (ExportKind.APPLICATIONS, MaskedField.NAME): ROLES[MaskedObject.APPLICATION, MaskedField.NAME],
    (ExportKind.APPLICATIONS, MaskedField.ID_NUMBER): ROLES[MaskedObject.MEMBER, MaskedField.ID_NUMBER],
    (ExportKind.APPLICATIONS, MaskedField.PHONE): ROLES[MaskedObject.APPLICATION, MaskedField.PHONE],
    (ExportKind.APPLICATIONS, MaskedField.ADDRESS): ROLES[MaskedObject.APPLICATION, MaskedField.ADDRESS],
    (ExportKind.AWARDS, MaskedField.NAME): ROLES[MaskedObject.AWARD, MaskedField.NAME],
    (ExportKind.AWARDS, MaskedField.PHONE): ROLES[MaskedObject.AWARD, MaskedField.PHONE],
    (ExportKind.AWARDS, MaskedField.ACCOUNT): ROLES[MaskedObject.AWARD, MaskedField.ACCOUNT],
    (ExportKind.PAYROLL_LINES, MaskedField.NAME): ROLES[MaskedObject.PAY_LINE, MaskedField.NAME],
    (ExportKind.PAYROLL_LINES, MaskedField.ACCOUNT): ROLES[MaskedObject.PAY_LINE, MaskedField.ACCOUNT],
}
