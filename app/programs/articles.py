"""Which articles the rules about a household rest on, program by program; a finding cites those in force on its day."""

from dataclasses import dataclass

from app.programs.laws import INTERIM_MEASURES, REVIEW_MEASURES, REVIEW_NOTICE, SOCIAL_ASSISTANCE_LAW, Article

Articles = tuple[Article, ...]


def review(number: str) -> Article:
    """Name an article of the measures for review and confirmation (D57)."""
    return Article(REVIEW_MEASURES, number)


def interim(number: str) -> Article:
    """Name an article of the interim measures, which spoke until the law did."""
    return Article(INTERIM_MEASURES, number)


def law(number: str) -> Article:
    """Name an article of the Social Assistance Law."""
    return Article(SOCIAL_ASSISTANCE_LAW, number)


@dataclass(frozen=True, slots=True)
class HouseholdArticles:
    """The articles behind the rules that several programs share; a program with others replaces them."""

    members: Articles = (review("第七条"),)
    members_counted: Articles = (review("第七条第一款"),)
    members_not_counted: Articles = (review("第七条第二款"),)
    truthful_report: Articles = (review("第九条"), law("第四十条"))
    one_household: Articles = (review("第四条"), review("第七条"))
    checking: Articles = (review("第十七条"), interim("第五十八条"), law("第四十一条"))
    income: Articles = (review("第十二条"), review("第十三条"), law("第二十三条"))
    wages: Articles = (review("第十三条第一款第一项"), review("第十七条"), law("第四十一条"))
    benefits: Articles = (review("第十三条第一款第四项"), review("第十七条"), law("第四十一条"))
    deductions: Articles = (review("第十三条第三款"), law("第二十三条"))
    support: Articles = (review("第十三条第一款第四项"), law("第四十一条"))
    labour: Articles = (Article(REVIEW_NOTICE, ""), law("第二十三条"))
    property: Articles = (interim("第九条"), law("第十八条第一款"), law("第二十三条"), review("第十四条"))
