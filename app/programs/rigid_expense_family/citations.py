"""Which articles the rules of this program rest on; a finding cites those in force on the day of judgement."""

from app.programs.articles import Articles, HouseholdArticles, law, review
from app.programs.laws import RIGID_EXPENSE_MEASURES, Article


def _measures(number: str) -> Article:
    return Article(RIGID_EXPENSE_MEASURES, number)


NOT_RECOGNISED: Articles = (_measures("第四条第一款第一项"),)
BELOW_AVERAGE: Articles = (_measures("第四条第一款第二项"), law("第二十二条"))
EXPENSES: Articles = (_measures("第四条第一款第四项"), _measures("第五条"), law("第二十二条"))
OTHER_LINES: Articles = (_measures("第四条第一款第一项"), review("第八条第二款"), law("第二十一条第一款"))
VALIDITY: Articles = (_measures("第十条"),)
DISCUSSION: Articles = (_measures("第九条"),)

HOUSEHOLD = HouseholdArticles(
    truthful_report=(_measures("第六条第二款"), law("第四十条")),
    checking=(_measures("第六条第二款"), law("第四十一条")),
    income=(_measures("第四条第一款第二项"), review("第十三条"), law("第二十三条")),
    wages=(_measures("第六条第二款"), law("第四十一条")),
    benefits=(_measures("第六条第二款"), law("第四十一条")),
    deductions=(_measures("第四条第一款第二项"), law("第二十三条")),
    support=(_measures("第四条第一款第二项"), law("第四十一条")),
    property=(_measures("第四条第一款第三项"), law("第二十二条"), law("第二十三条")),
)
