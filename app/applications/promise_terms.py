"""What a household is told before it promises: what must be proven, and what a false promise costs.

A version stays as it was told; who changes a word writes a new one.
"""

from typing import NamedTuple

VERSION = "2026-1"


class Words(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


# What each kind of paper must prove; of which kinds a promise may stand for it, the place says.
PROVES: dict[str, Words] = {
    "diagnosis": Words(
        "家庭成员患有所述疾病，由医疗机构诊断。",
        "that the member has the illness stated, as diagnosed by a medical institution",
    ),
    "receipt": Words(
        "家庭实际支付了所述费用，且未由他人承担或者报销。",
        "that the household paid the expense stated, and nobody else bore or refunded it",
    ),
    "agreement": Words(
        "所述的赡养、抚养、扶养、离婚、租赁、转让等约定存在，且内容属实。",
        "that the agreement stated (support, divorce, lease, transfer) exists and says what is stated",
    ),
}

COSTS = Words(
    "承诺与事实不符的，不以该承诺为依据给予保障；已经给予的，可以依法决定调减、停止，责令退回非法获取的款项，"
    "并可以处非法获取价值二倍以下的罚款；构成犯罪的，依法追究刑事责任。曾作出不实承诺的，不再适用告知承诺。",
    "Where a promise is untrue, nothing is granted on it; what was granted may be reduced or stopped, what was "
    "obtained unlawfully ordered back, and a fine of up to twice its value imposed; crimes are prosecuted. Who has "
    "made an untrue promise cannot promise again instead of handing in a paper.",
)
LAW = ("最低生活保障审核确认办法 第九条、第十条", "社会救助法 第七十三条、第七十四条、第七十七条")
