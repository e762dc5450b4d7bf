"""Laws with the dates on which they speak, so that a finding cites what was in force on the day of judgement."""

from dataclasses import dataclass
from datetime import date
from functools import cache


@dataclass(frozen=True)
class Law:
    """A law or rule: how it is cited, and its first and last day."""

    title: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Article:
    """One article of a law."""

    law: Law
    number: str

    def __str__(self) -> str:
        return self.law.title + self.number


INTERIM_MEASURES = Law("社会救助暂行办法（国务院令第649号）", date(2014, 5, 1), date(2026, 6, 30))
"""Not repealed by name, but from 2026-07-01 the law takes its place in what it rules (domain 0)."""

REVIEW_MEASURES = Law("最低生活保障审核确认办法（民发〔2021〕57号）", date(2021, 7, 1))
SOCIAL_ASSISTANCE_LAW = Law("社会救助法", date(2026, 7, 1))


@cache
def cite(articles: tuple[Article, ...], on: date) -> tuple[str, ...]:
    """List those of `articles` that are in force on `on`, as a letter would cite them."""
    return tuple(
        str(article)
        for article in articles
        if article.law.since <= on and (article.law.until is None or on <= article.law.until)
    )
