"""Laws with the dates on which they speak, so that a finding cites what was in force on the day of judgement."""

from dataclasses import dataclass
from datetime import date
from functools import cache


@dataclass(frozen=True, eq=False)  # each is one object: looking a citation up must not compare texts
class Law:
    """A law or rule: how it is cited, and its first and last day."""

    title: str
    since: date
    until: date | None = None


@dataclass(frozen=True, eq=False)
class Article:
    """One article of a law."""

    law: Law
    number: str

    def __str__(self) -> str:
        return self.law.title + self.number


INTERIM_MEASURES = Law("社会救助暂行办法（国务院令第649号）", date(2014, 5, 1), date(2026, 6, 30))
"""Not repealed by name, but from 2026-07-01 the law takes its place in what it rules (domain 0)."""

REVIEW_MEASURES = Law("最低生活保障审核确认办法（民发〔2021〕57号）", date(2021, 7, 1))
REVIEW_NOTICE = Law("关于进一步做好最低生活保障等社会救助兜底工作的通知（2022年）", date(2022, 10, 20))
DESTITUTE_MEASURES = Law("特困人员认定办法（民发〔2021〕43号）", date(2021, 7, 1))
RIGID_EXPENSE_MEASURES = Law("刚性支出困难家庭认定办法", date(2025, 1, 1))
REFORM_OPINION = Law("关于改革完善社会救助制度的意见（2020年）", date(2020, 8, 25))
LAYERED_OPINION = Law(
    "关于加强低收入人口动态监测做好分层分类社会救助工作的意见（国办发〔2023〕39号）", date(2023, 10, 19)
)
TEMPORARY_AID_OPINION = Law("关于进一步加强和改进临时救助工作的意见（2018年）", date(2018, 1, 23))
TEMPORARY_AID_RENEWED = Law("关于进一步健全完善临时救助制度的意见（2026年）", date(2026, 1, 31))
SOCIAL_ASSISTANCE_LAW = Law("社会救助法", date(2026, 7, 1))


@cache
def cite(articles: tuple[Article, ...], on: date) -> tuple[str, ...]:
    """List those of `articles` that are in force on `on`, as a letter would cite them."""
    return tuple(
        str(article)
        for article in articles
        if article.law.since <= on and (article.law.until is None or on <= article.law.until)
    )
