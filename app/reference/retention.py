"""How long what is kept: one dated rule per class, with its law, and what its period starts with.

The law gives least periods for files and vouchers, and for everything else only "as short as the purpose needs"
(个人信息保护法 art. 19): what the place has to fix is marked `local`, and a row of `parameters` (program `retention`,
name the class, value `{"years": …}`, `{"months": …}` or `{"days": …}`) puts another period in its stead.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

PROGRAM = "retention"  # what the rows of `parameters` are kept under


class Kept(StrEnum):
    """The classes there are."""

    APPROVAL_FILE = "approval_file"  # 审批档案，一户一档
    DAILY_MANAGEMENT = "daily_management"  # 日常管理：增减、停发、登记
    PAYMENT_LIST = "payment_list"  # 发放名册、凭证
    SHARING_RECORD = "sharing_record"  # 共享数据使用记录
    UNSUCCESSFUL = "unsuccessful"  # 未通过、撤回、终止的申请
    DRAFT = "draft"  # 未提交的草稿
    COMPLAINT = "complaint"  # 投诉举报
    NOTICE_TEXT = "notice_text"  # 公示内容
    MESSAGE = "message"  # 短信、事件推送的发送日志
    SESSION = "session"  # 登录日志
    ONE_TIME_CODE = "one_time_code"  # 验证码
    KEPT_ANSWER = "kept_answer"  # 重复提交保护
    UPLOAD = "upload"  # 未使用的上传文件
    ACCOUNT = "account"  # 账号


@dataclass(frozen=True)
class Period:
    """A length of time as the law counts it."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, start: date) -> date:
        """Return the last day of the period: what has no such day is the month's last (民法典 art. 202)."""
        months = start.month - 1 + self.months + 12 * self.years
        year, month = start.year + months // 12, months % 12 + 1
        day = min(start.day, calendar.monthrange(year, month)[1])
        return date(year, month, day) + timedelta(days=self.days)

    def __str__(self) -> str:
        """Write it as ISO 8601 has it: P3Y."""
        parts = ((self.years, "Y"), (self.months, "M"), (self.days, "D"))
        return "P" + "".join(f"{length}{unit}" for length, unit in parts if length)

    def latest_start(self, today: date) -> date:
        """Return the latest start whose period is over today: what began then or before may go."""
        start = Period(-self.years, -self.months, -self.days).after(today) - timedelta(days=4)
        while self.after(start + timedelta(days=1)) < today:
            start += timedelta(days=1)
        return start


@dataclass(frozen=True)
class Rule:
    """How long a class is kept. `starts`: what the period begins with; `local`: the place may fix another one."""

    period: Period
    starts: str
    basis: tuple[str, ...]
    local: bool = False


_SHORTEST = "个人信息保护法 第十九条"
_ARCHIVES = "关于加强最低生活保障档案管理的通知（民政部、国家档案局）"
_LOGS = "网络安全法（网络日志留存不少于六个月）"

_SINCE: Mapping[date, Mapping[Kept, Rule]] = {
    date(2021, 11, 1): {  # 个人信息保护法施行
        Kept.APPROVAL_FILE: Rule(Period(years=3), "household_stopped", (_ARCHIVES, _SHORTEST)),
        Kept.DAILY_MANAGEMENT: Rule(Period(years=5), "household_stopped", (_ARCHIVES, _SHORTEST)),
        Kept.PAYMENT_LIST: Rule(Period(years=30), "accounting_year_ended", ("会计档案管理办法 附表一",)),
        Kept.SHARING_RECORD: Rule(Period(years=3), "recorded", ("政务数据共享条例", "网络数据安全管理条例 第十二条")),
        Kept.UNSUCCESSFUL: Rule(Period(years=1), "application_ended", (_SHORTEST,), local=True),
        Kept.DRAFT: Rule(Period(days=90), "last_used", (_SHORTEST,), local=True),
        Kept.COMPLAINT: Rule(Period(years=3), "complaint_answered", (_SHORTEST,), local=True),
        Kept.NOTICE_TEXT: Rule(Period(months=6), "taken_down", (_SHORTEST, "行政诉讼法 第四十六条"), local=True),
        Kept.MESSAGE: Rule(Period(months=6), "recorded", (_LOGS,)),
        Kept.SESSION: Rule(Period(months=6), "last_used", (_LOGS,)),
        Kept.ONE_TIME_CODE: Rule(Period(days=1), "expired", (_SHORTEST,)),
        Kept.KEPT_ANSWER: Rule(Period(days=30), "recorded", (_SHORTEST,)),
        Kept.UPLOAD: Rule(Period(days=30), "recorded", (_SHORTEST,)),
        Kept.ACCOUNT: Rule(Period(years=3), "last_used", (_SHORTEST,), local=True),
    },
}


def rule_on(kept: Kept, on: date) -> Rule:
    """Return the rule of a class in force on a date.

    Raises:
        KeyError: there was none yet.
    """
    in_force = [since for since, rules in _SINCE.items() if since <= on and kept in rules]
    if not in_force:
        raise KeyError(kept)
    return _SINCE[max(in_force)][kept]


def read_period(value: Any) -> Period:
    """Read a period as a row of `parameters` has it.

    Raises:
        ValueError: not exactly one of years, months, days, as a positive whole number.
    """
    if not isinstance(value, dict) or len(value) != 1 or not value.keys() <= {"years", "months", "days"}:
        raise ValueError("a period is one of years, months, days")
    (length,) = value.values()
    if not isinstance(length, int) or isinstance(length, bool) or length <= 0:
        raise ValueError("a period is a positive whole number")
    return Period(**value)
