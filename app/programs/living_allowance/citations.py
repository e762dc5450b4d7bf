"""Which articles each rule rests on; the citation on a finding names those in force on the day of judgement."""

from app.programs.laws import INTERIM_MEASURES, REVIEW_MEASURES, SOCIAL_ASSISTANCE_LAW, Article

Articles = tuple[Article, ...]


def _review(number: str) -> Article:
    return Article(REVIEW_MEASURES, number)


def _interim(number: str) -> Article:
    return Article(INTERIM_MEASURES, number)


def _law(number: str) -> Article:
    return Article(SOCIAL_ASSISTANCE_LAW, number)


MEMBERS_COUNTED: Articles = (_review("第七条第一款"),)
MEMBERS_NOT_COUNTED: Articles = (_review("第七条第二款"),)
MEMBERS: Articles = (_review("第七条"),)
TRUTHFUL_REPORT: Articles = (_review("第九条"), _law("第四十条"))
ONE_HOUSEHOLD: Articles = (_review("第四条"), _review("第七条"))
CHECKING: Articles = (_review("第十七条"), _interim("第五十八条"), _law("第四十一条"))
INCOME: Articles = (_review("第十二条"), _review("第十三条"), _law("第二十三条"))
WAGES: Articles = (_review("第十三条第一款第一项"), _review("第十七条"), _law("第四十一条"))
DEDUCTIONS: Articles = (_review("第十三条第三款"), _law("第二十三条"))
BELOW_STANDARD: Articles = (_interim("第九条"), _law("第十八条第一款"), _review("第十二条"), _review("第十三条"))
PROPERTY: Articles = (_interim("第九条"), _law("第十八条第一款"), _law("第二十三条"), _review("第十四条"))
EDGE_FAMILY: Articles = (_review("第八条第二款"), _law("第二十一条"))
SINGLE_PERSON: Articles = (_review("第八条第一款"), _law("第二十一条第二款"))
AMOUNT: Articles = (_interim("第十二条"), _law("第十八条第二款"), _review("第二十三条"))
