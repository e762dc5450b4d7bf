"""Which articles the rules of this program rest on; a finding cites those in force on the day of judgement."""

from app.programs.articles import Articles, HouseholdArticles, interim, law, review
from app.programs.laws import REVIEW_NOTICE, Article

HOUSEHOLD = HouseholdArticles()

_NOTICE = Article(REVIEW_NOTICE, "")

BELOW_STANDARD: Articles = (interim("第九条"), law("第十八条第一款"), review("第十二条"), review("第十三条"))
EDGE_FAMILY: Articles = (review("第八条第二款"), law("第二十一条"))
SINGLE_PERSON: Articles = (review("第八条第一款"), law("第二十一条第二款"))
ADULT_WITHOUT_WORK: Articles = (_NOTICE,)
CLERGY: Articles = (review("第八条第一款第三项"),)
AS_A_WHOLE: Articles = (review("第四条"), _NOTICE)
AMOUNT: Articles = (interim("第十二条"), law("第十八条第二款"), review("第二十三条"))
SUPPLEMENTS: Articles = (interim("第十二条"), law("第二十条"), review("第二十七条"))
