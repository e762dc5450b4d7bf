"""What a decision cites: the articles of the procedure, and the remedies with their periods."""

from collections.abc import Iterable
from datetime import date

from app.programs.canonical import Json
from app.programs.laws import REVIEW_MEASURES, SOCIAL_ASSISTANCE_LAW, Article, cite

_GRANTED = (
    Article(REVIEW_MEASURES, "第二十条"),
    Article(REVIEW_MEASURES, "第二十一条"),
    Article(REVIEW_MEASURES, "第二十三条"),
    Article(SOCIAL_ASSISTANCE_LAW, "第十八条"),
    Article(SOCIAL_ASSISTANCE_LAW, "第四十四条"),
)
_REFUSED = (
    Article(REVIEW_MEASURES, "第二十条"),
    Article(REVIEW_MEASURES, "第二十一条"),
    Article(SOCIAL_ASSISTANCE_LAW, "第四十四条"),
    Article(SOCIAL_ASSISTANCE_LAW, "第四十五条"),
)
_DELEGATED = Article(REVIEW_MEASURES, "第二条")  # 审核确认权限下放
_MAY_BE_CHALLENGED = (Article(REVIEW_MEASURES, "第三十八条"), Article(SOCIAL_ASSISTANCE_LAW, "第七十六条"))

_REMEDIES = (
    # From the day the decision became known; for decisions of a county office the county's government reviews.
    ("administrative_reconsideration", "county_government", 60, "day", "行政复议法第二十条"),
    ("administrative_suit", "court", 6, "month", "行政诉讼法第四十六条"),
)


def basis_of(outcome: str, on: date, of_findings: Iterable[str], *, by_township: bool = False) -> list[str]:
    """List the articles a decision rests on: those of the procedure, then those of the findings, each once."""
    articles = _GRANTED if outcome == "approved" else _REFUSED
    procedure = cite((_DELEGATED, *articles) if by_township else articles, on)
    return list(dict.fromkeys([*procedure, *of_findings]))


def remedies_of(on: date) -> list[dict[str, Json]]:
    """List what the household may do against a decision, where, and within what time (domain 1.13)."""
    right = list(cite(_MAY_BE_CHALLENGED, on))
    return [
        {"kind": kind, "body": body, "within": within, "unit": unit, "basis": [*right, basis]}
        for kind, body, within, unit, basis in _REMEDIES
    ]
