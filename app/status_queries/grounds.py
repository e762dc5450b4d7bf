"""What another authority may ask for, and by which law: a closed list.

A confirmed status is shared with the other authorities of social assistance (社会救助法 art. 42), each of which has an
article of its own. Who is none of them (an employer, a lender, a charity) has no ground here.

A child's data are sensitive (个人信息保护法 art. 28): below `from_age` nothing is told, because that aid is never the
child's own. A child whose case was not posted in the village is answered like any other: an answer that differed would
say why it was not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class QueryPurpose(StrEnum):
    """What the answer is for."""

    MEDICAL_ASSISTANCE = "medical_assistance"  # 医疗救助
    EDUCATION_ASSISTANCE = "education_assistance"  # 教育救助
    HOUSING_ASSISTANCE = "housing_assistance"  # 住房救助
    EMPLOYMENT_ASSISTANCE = "employment_assistance"  # 就业救助
    DISASTER_RELIEF = "disaster_relief"  # 受灾人员救助
    TEMPORARY_AID = "temporary_aid"  # 临时救助，在急难发生地
    PRICE_SUBSIDY = "price_subsidy"  # 价格临时补贴
    LIVING_ALLOWANCE = "living_allowance"  # 最低生活保障，向其他省份申请的异地协同核对


class Basis(StrEnum):
    """The article that the asking authority rests on."""

    SOCIAL_ASSISTANCE_LAW_18 = "social_assistance_law_18"
    SOCIAL_ASSISTANCE_LAW_24 = "social_assistance_law_24"
    SOCIAL_ASSISTANCE_LAW_25 = "social_assistance_law_25"
    SOCIAL_ASSISTANCE_LAW_26 = "social_assistance_law_26"
    SOCIAL_ASSISTANCE_LAW_27 = "social_assistance_law_27"
    SOCIAL_ASSISTANCE_LAW_28 = "social_assistance_law_28"
    SOCIAL_ASSISTANCE_LAW_29 = "social_assistance_law_29"
    SOCIAL_ASSISTANCE_LAW_32 = "social_assistance_law_32"
    SOCIAL_ASSISTANCE_LAW_42 = "social_assistance_law_42"


@dataclass(frozen=True)
class Ground:
    """The article that has this aid given; who rests on it may name art. 42 as well. `from_age`: in full years."""

    basis: Basis
    from_age: int = 0


_ADULT_ENOUGH_FOR_OWN_CONSENT = 14  # 个人信息保护法 第三十一条
_MAY_WORK = 16  # 劳动法 第十五条

GROUNDS: Mapping[QueryPurpose, Ground] = {
    QueryPurpose.MEDICAL_ASSISTANCE: Ground(Basis.SOCIAL_ASSISTANCE_LAW_24),
    QueryPurpose.EDUCATION_ASSISTANCE: Ground(Basis.SOCIAL_ASSISTANCE_LAW_25),
    QueryPurpose.HOUSING_ASSISTANCE: Ground(Basis.SOCIAL_ASSISTANCE_LAW_26, _ADULT_ENOUGH_FOR_OWN_CONSENT),
    QueryPurpose.EMPLOYMENT_ASSISTANCE: Ground(Basis.SOCIAL_ASSISTANCE_LAW_27, _MAY_WORK),
    QueryPurpose.DISASTER_RELIEF: Ground(Basis.SOCIAL_ASSISTANCE_LAW_28),
    QueryPurpose.TEMPORARY_AID: Ground(Basis.SOCIAL_ASSISTANCE_LAW_29),
    QueryPurpose.PRICE_SUBSIDY: Ground(Basis.SOCIAL_ASSISTANCE_LAW_32),
    # A household elsewhere is judged whole, and nobody receives the allowance twice: its children are asked about, too.
    QueryPurpose.LIVING_ALLOWANCE: Ground(Basis.SOCIAL_ASSISTANCE_LAW_18),
}


def rests_on(purpose: QueryPurpose, basis: Basis) -> bool:
    """Say whether what is asked for may rest on this article."""
    return basis in (GROUNDS[purpose].basis, Basis.SOCIAL_ASSISTANCE_LAW_42)
