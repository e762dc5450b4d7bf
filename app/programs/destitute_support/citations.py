"""Which articles the rules of this program rest on; a finding cites those in force on the day of judgement."""

from app.programs.articles import Articles, HouseholdArticles, interim, law
from app.programs.laws import DESTITUTE_MEASURES, REFORM_OPINION, Article


def _measures(number: str) -> Article:
    return Article(DESTITUTE_MEASURES, number)


NO_ABILITY: Articles = (_measures("第五条"), interim("第十四条"), law("第十六条第一款"))
CONTINUES: Articles = (Article(REFORM_OPINION, ""), law("第十六条第三款"))
NO_SOURCE: Articles = (_measures("第六条"), interim("第十四条"), law("第十六条第一款"))
NO_SUPPORTER: Articles = (_measures("第八条"), interim("第十四条"), law("第十六条第一款"))
CHOICE: Articles = (_measures("第九条"),)
SELF_CARE: Articles = (_measures("第二十一条"), _measures("第二十二条"))
AMOUNT: Articles = (_measures("第二十条"), law("第十七条"))
NOT_BOTH: Articles = (_measures("第四条"), _measures("第二十七条"))

_PERSON: Articles = (_measures("第四条"), law("第十六条第一款"))

HOUSEHOLD = HouseholdArticles(
    members=_PERSON,
    members_counted=_PERSON,
    members_not_counted=(_measures("第二十四条"),),
    truthful_report=(_measures("第十条"), law("第四十条")),
    checking=(_measures("第十三条"), interim("第五十八条"), law("第四十一条")),
    income=(_measures("第六条第二款"), law("第二十三条")),
    wages=(_measures("第六条第二款"), law("第四十一条")),
    benefits=(_measures("第六条第二款"), law("第四十一条")),
    deductions=(law("第二十三条"), _measures("第六条")),
    support=(_measures("第六条第二款"), law("第四十一条")),
    property=(_measures("第六条第一款"), _measures("第七条"), law("第二十三条")),
)
