"""What an evidence letter may ask, and of whom, in words of both languages (最低生活保障审核确认办法 art. 16(3)).

The least that the matter needs: a school is not asked about wages, nor an employer about a judgment.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from app.programs.articles import Articles, law

# Who is asked shall cooperate and keep to himself what he learns. Cited is the law alone: what somebody outside reads
# tells of social assistance, and not of which.
ASKED_BY: Articles = (law("第四十三条"), law("第十一条"))


class AddresseeKind(StrEnum):
    """Who is asked."""

    EMPLOYER = "employer"
    SCHOOL = "school"
    VILLAGE_COMMITTEE = "village_committee"
    COURT = "court"
    LANDLORD = "landlord"
    OTHER = "other"


class Form(StrEnum):
    """Whether the addressee is an organisation, or a person outside the household."""

    ORGANISATION = "organisation"
    PERSON = "person"


class Question(StrEnum):
    """What is asked; `other` is put in words of its own."""

    EMPLOYMENT = "employment"
    WAGES = "wages"
    ENROLMENT = "enrolment"
    SCHOOL_SUPPORT = "school_support"
    RESIDENCE = "residence"
    LIVING_TOGETHER = "living_together"
    LAND_AND_LIVESTOCK = "land_and_livestock"
    TENANCY = "tenancy"
    RENT = "rent"
    MAINTENANCE = "maintenance"
    OTHER = "other"


class Finding(StrEnum):
    """What the addressee says to one question, held against what the household declared."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    NO_KNOWLEDGE = "no_knowledge"


class Words(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


KINDS: Mapping[AddresseeKind, Words] = MappingProxyType(
    {
        AddresseeKind.EMPLOYER: Words("用人单位", "employer"),
        AddresseeKind.SCHOOL: Words("学校", "school"),
        AddresseeKind.VILLAGE_COMMITTEE: Words("村（居）民委员会", "village or neighbourhood committee"),
        AddresseeKind.COURT: Words("人民法院", "court"),
        AddresseeKind.LANDLORD: Words("房屋出租人", "landlord"),
        AddresseeKind.OTHER: Words("其他单位、个人", "another organisation or person"),
    }
)

QUESTIONS: Mapping[Question, Words] = MappingProxyType(
    {
        Question.EMPLOYMENT: Words("是否在你单位工作以及起止时间", "whether and since when the person works there"),
        Question.WAGES: Words("近12个月的工资、奖金、津贴等劳动收入", "wages, bonuses and allowances of twelve months"),
        Question.ENROLMENT: Words("是否在校就读以及学段、起止时间", "whether and since when the person is enrolled"),
        Question.SCHOOL_SUPPORT: Words("收费、减免和资助情况", "fees, and what is waived or granted"),
        Question.RESIDENCE: Words("是否在当地居住以及起止时间", "whether and since when the person lives there"),
        Question.LIVING_TOGETHER: Words("共同生活的人员情况", "who lives together with the person"),
        Question.LAND_AND_LIVESTOCK: Words(
            "承包经营的土地、林地和养殖情况及其收益", "land, forest and livestock, and what they bring"
        ),
        Question.TENANCY: Words("房屋租赁关系以及起止时间", "whether and since when the dwelling is let to the person"),
        Question.RENT: Words("租金数额和支付情况", "the rent, and whether it is paid"),
        Question.MAINTENANCE: Words(
            "赡养、抚养、扶养义务的裁判或者调解结果及履行情况",
            "maintenance as adjudged or settled, and whether it is paid",
        ),
        Question.OTHER: Words("其他情况", "another matter"),
    }
)

_PLACE = frozenset({Question.RESIDENCE, Question.LIVING_TOGETHER})
_SPECIAL: Mapping[AddresseeKind, frozenset[Question]] = MappingProxyType(
    {
        AddresseeKind.EMPLOYER: frozenset({Question.EMPLOYMENT, Question.WAGES}),
        AddresseeKind.SCHOOL: frozenset({Question.ENROLMENT, Question.SCHOOL_SUPPORT}),
        AddresseeKind.VILLAGE_COMMITTEE: _PLACE
        | {Question.LAND_AND_LIVESTOCK, Question.EMPLOYMENT, Question.MAINTENANCE},
        AddresseeKind.COURT: frozenset({Question.MAINTENANCE}),
        AddresseeKind.LANDLORD: _PLACE | {Question.TENANCY, Question.RENT},
        AddresseeKind.OTHER: frozenset(Question),
    }
)


def may_be_asked(kind: AddresseeKind) -> frozenset[Question]:
    """Return what may be asked of a kind of addressee; of each, what is put in words of its own."""
    return _SPECIAL[kind] | {Question.OTHER}
