"""Which articles the rules of this program rest on; a finding cites those in force on the day of judgement."""

from app.programs.articles import Articles, HouseholdArticles, law, review
from app.programs.laws import LAYERED_OPINION, Article

EDGE_FAMILY: Articles = (review("第八条第二款"), law("第二十一条第一款"))
ABOVE_ALLOWANCE: Articles = (review("第八条第二款"), law("第十八条第一款"))

HOUSEHOLD = HouseholdArticles(
    deductions=(Article(LAYERED_OPINION, ""), review("第十三条第三款"), law("第二十三条")),
    property=(review("第八条第二款"), law("第二十一条第一款"), law("第二十三条")),
)
