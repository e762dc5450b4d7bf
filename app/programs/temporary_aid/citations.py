"""Which articles the rules of this program rest on; a finding cites those in force on the day of judgement."""

from app.programs.articles import Articles, HouseholdArticles, interim, law
from app.programs.laws import (
    REFORM_OPINION,
    REVIEW_NOTICE,
    TEMPORARY_AID_OPINION,
    TEMPORARY_AID_RENEWED,
    Article,
)

_OPINION = Article(TEMPORARY_AID_OPINION, "")
_RENEWED = Article(TEMPORARY_AID_RENEWED, "")

CAUSE: Articles = (_OPINION, interim("第四十七条"), law("第二十九条"))
PLACE: Articles = (_OPINION, Article(REFORM_OPINION, ""), law("第三十七条第二款"))
FAST_TRACK: Articles = (_RENEWED, law("第五十条"))
RECOGNISED: Articles = (_OPINION, _RENEWED, law("第四十二条第二款"))
EXPENSES: Articles = (_OPINION, interim("第四十七条"), law("第四十条"))
HARDSHIP: Articles = (_OPINION, interim("第四十七条"), law("第二十九条"))
LOST_WORK: Articles = (Article(REVIEW_NOTICE, ""), law("第二十九条"))
CEILING: Articles = (_OPINION, _RENEWED)
WHO_DECIDES: Articles = (interim("第四十八条"), law("第四十四条"), Article(REFORM_OPINION, ""))
NOTICE: Articles = (interim("第四十八条"), _RENEWED)

HOUSEHOLD = HouseholdArticles(
    members=(_OPINION, law("第三十七条第二款")),
    members_counted=(_OPINION, law("第三十七条第二款")),
    members_not_counted=(_OPINION, law("第三十七条第二款")),
    truthful_report=(_OPINION, law("第四十条")),
    checking=(_OPINION, interim("第五十八条"), law("第四十一条")),
    income=(_OPINION, law("第二十三条")),
    wages=(_OPINION, law("第四十一条")),
    benefits=(_OPINION, law("第四十一条")),
    deductions=(_OPINION, law("第二十三条")),
    support=(_OPINION, law("第四十一条")),
    property=(_OPINION, law("第二十三条")),
)
