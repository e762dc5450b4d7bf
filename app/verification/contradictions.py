"""How much what was found contradicts what was declared, in points, each with its reason. Pure.

The points put reports in the order in which a county looks at them, and the reasons are what a survey asks about. They
decide nothing: nobody is refused or granted anything by them (个人信息保护法 art. 24), and a source that was silent, or
an owner who could not say, gives none. What was declared and not found weighs little, for registers have gaps; what
speaks for the household (an impairment or an illness it did not mention, more that it had to pay) weighs nothing.

A change to the table is a new VERSION: reports keep the words and points they were issued with.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.facts import UNITS, FactKey, Item, Unit
from app.verification.comparison import Difference
from app.verification.values import PlainValue

VERSION = 4  # weighs pensions, unemployment benefit and the signs of an employer as well

# Of money, what exceeds the declaration by no more than this is a balance that has moved since, or forgotten change.
SMALL_FEN = 50_000
SMALL_PERCENT = 10
SMALL_POINTS = 2
# What is drawn each month is measured by the year: 500 yuan a month are no forgotten change.
_MONTHLY = frozenset({FactKey.PENSION_MONTHLY, FactKey.UNEMPLOYMENT_MONTHLY})
_PRESENCE = frozenset({FactKey.INSURED_WAGE_MONTHLY, FactKey.PROVIDENT_FUND_MONTHLY})  # no amount of them says anything
ENTERED_POINTS = 5  # somebody of the staff had entered something else than the agency says


@dataclass(frozen=True)
class Scale:
    """What differences of one field weigh, and what it is called."""

    zh: str
    en: str
    points: Mapping[Difference, int]


def _scale(zh: str, en: str, **points: int) -> Scale:
    return Scale(zh, en, MappingProxyType({Difference(name): each for name, each in points.items()}))


SCALES: Mapping[FactKey, Scale] = MappingProxyType(
    {
        FactKey.DECEASED_ON: _scale("死亡登记", "Register of deaths", not_declared=40),
        FactKey.REGISTERED_NAME: _scale("登记姓名", "Registered name", differs=15, missing=15),
        FactKey.BIRTH_DATE: _scale("出生日期", "Date of birth", differs=10, missing=10),
        FactKey.HUKOU_DIVISION: _scale("户籍所在地", "Place of registration", differs=10, missing=10),
        FactKey.MARITAL_STATUS: _scale("婚姻状况", "Marriage", differs=12, missing=6),
        FactKey.VEHICLE_COUNT: _scale("机动车", "Vehicles", not_declared=20, more=15, less=2, missing=2),
        FactKey.DWELLING_COUNT: _scale("房屋", "Dwellings", not_declared=20, more=15, less=1, missing=1),
        FactKey.BUSINESS_COUNT: _scale("市场主体", "Businesses", not_declared=20, more=15, less=2, missing=2),
        FactKey.MACHINERY_COUNT: _scale("农业机械", "Farm machinery", not_declared=8, more=6, less=1, missing=1),
        FactKey.DEPOSIT_BALANCE: _scale("银行存款", "Bank deposits", not_declared=15, more=10, less=2, missing=2),
        FactKey.SECURITIES_VALUE: _scale("证券资产", "Securities", not_declared=15, more=10, less=2, missing=2),
        FactKey.INSURANCE_CASH_VALUE: _scale(
            "商业保险现金价值", "Cash value of insurance", not_declared=10, more=6, less=2, missing=2
        ),
        FactKey.WALLET_BALANCE: _scale("支付账户余额", "Payment accounts", not_declared=10, more=6, less=2, missing=2),
        FactKey.MEDICAL_OUT_OF_POCKET_YEAR: _scale(
            # What was paid without the insurance is on receipts alone.
            "自付医疗费用",
            "Medical expenses",
            less=3,
            missing=3,
            more=0,
            not_declared=0,
        ),
        FactKey.SERIOUS_DISEASE: _scale("重特大疾病", "Serious illness", missing=8, not_declared=0),
        FactKey.ENROLLED: _scale("在读情况", "Going to school", missing=10, not_declared=0),
        FactKey.SCHOOL_STAGE: _scale("就读阶段", "Stage of schooling", differs=4, missing=0, not_declared=0),
        FactKey.ELSEWHERE_DWELLING_COUNT: _scale("外省房屋", "Dwellings in another province", not_declared=20, more=15),
        FactKey.ELSEWHERE_VEHICLE_COUNT: _scale("外省机动车", "Vehicles in another province", not_declared=20, more=15),
        FactKey.ELSEWHERE_BUSINESS_COUNT: _scale(
            "外省市场主体", "Businesses in another province", not_declared=20, more=15
        ),
        FactKey.TAXED_WAGES_YEAR: _scale("工资薪金", "Wages", not_declared=15, more=10),
        FactKey.INVOICED_YEAR: _scale("经营收入", "Sales", not_declared=15, more=10),
        FactKey.TAXED_PROPERTY_YEAR: _scale("财产性收入", "Income from property", not_declared=12, more=8),
        FactKey.PENSION_MONTHLY: _scale("养老金", "Pension", not_declared=15, more=10),
        FactKey.UNEMPLOYMENT_MONTHLY: _scale("失业保险金", "Unemployment benefit", not_declared=12, more=8),
        # Tax, insurance and fund may tell of one and the same wage, and who pays for himself is insured, too.
        FactKey.INSURED_WAGE_MONTHLY: _scale("单位参保", "Insured by an employer", not_declared=8),
        FactKey.PROVIDENT_FUND_MONTHLY: _scale("公积金缴存", "Provident fund", not_declared=5),
        FactKey.DISABILITY_KIND: _scale("残疾类别", "Kind of disability", differs=6, missing=10, not_declared=0),
        FactKey.DISABILITY_GRADE: _scale("残疾等级", "Grade of disability", differs=6, missing=10, not_declared=0),
    }
)

_WORDS: Mapping[Difference, tuple[str, str]] = MappingProxyType(
    {
        Difference.NOT_DECLARED: ("查到的情况没有申报", "found, and not declared"),
        Difference.MORE: ("查到的多于申报", "more was found than declared"),
        Difference.LESS: ("查到的少于申报", "less was found than declared"),
        Difference.DIFFERS: ("登记与申报不一致", "the register says otherwise than declared"),
        Difference.MISSING: ("已申报，登记中没有", "declared, and not on the register"),
    }
)
_BY_LITTLE = ("（差额较小）", " (by little)")
_ENTERED = ("人工录入的结果与部门答复不一致", "What was entered by hand is not what the agency says")


class Reason(BaseModel):
    """One contradiction. `key` and `difference` None: of the whole item, what was entered by hand was not so."""

    model_config = ConfigDict(frozen=True)

    member: UUID
    item: Item
    key: FactKey | None
    difference: Difference | None
    points: int
    zh: str
    en: str


class Score(BaseModel):
    """All contradictions of a report, those that weigh most first. `close_look`: the points reach what the place has
    set for looking closely (`close_look_from`)."""

    model_config = ConfigDict(frozen=True)

    version: int
    points: int
    close_look_from: int
    close_look: bool
    reasons: tuple[Reason, ...]

    def only(self, members: Collection[UUID]) -> "Score":
        """Return what concerns some members; whether to look closely is said of the household."""
        reasons = tuple(reason for reason in self.reasons if reason.member in members)
        return self.model_copy(update={"reasons": reasons, "points": sum(reason.points for reason in reasons)})


@dataclass(frozen=True)
class Compared:
    """One field of one member, set beside the declaration."""

    member: UUID
    item: Item
    key: FactKey
    difference: Difference | None
    declared: PlainValue | None
    found: PlainValue | None


def weigh(compared: Iterable[Compared], corrected: Iterable[tuple[UUID, Item]], close_look_from: int) -> Score:
    """Return what the contradictions of a report come to; in whatever order they are given, the same.

    `corrected`: whose items an agency answered otherwise than had been entered by hand.
    """
    reasons = [reason for each in compared if (reason := _reason(each)) is not None]
    reasons += [
        Reason(
            member=member, item=item, key=None, difference=None, points=ENTERED_POINTS, zh=_ENTERED[0], en=_ENTERED[1]
        )
        for member, item in corrected
    ]
    reasons.sort(key=lambda each: (-each.points, str(each.member), each.item, each.key or "", each.zh))
    points = sum(each.points for each in reasons)
    return Score(
        version=VERSION,
        points=points,
        close_look_from=close_look_from,
        close_look=points >= close_look_from,
        reasons=tuple(reasons),
    )


def _reason(each: Compared) -> Reason | None:
    scale = SCALES.get(each.key)
    if scale is None or each.difference is None:
        return None
    points = scale.points.get(each.difference, 0)
    if not points:
        return None
    little = _is_little(each)
    zh, en = (word + (_BY_LITTLE[i] if little else "") for i, word in enumerate(_WORDS[each.difference]))
    return Reason(
        member=each.member,
        item=each.item,
        key=each.key,
        difference=each.difference,
        points=min(points, SMALL_POINTS) if little else points,
        zh=f"{scale.zh}：{zh}",
        en=f"{scale.en}: {en}",
    )


def _is_little(each: Compared) -> bool:
    """Say whether a sum of money exceeds what was declared by so little that it says nothing of the declaration."""
    if (
        each.key in _PRESENCE
        or UNITS[each.key] is not Unit.FEN
        or each.difference not in (Difference.MORE, Difference.NOT_DECLARED)
    ):
        return False
    if not isinstance(each.found, int):
        return False
    declared = each.declared if isinstance(each.declared, int) else 0
    times = 12 if each.key in _MONTHLY else 1
    return (each.found - declared) * times <= max(SMALL_FEN, declared * times * SMALL_PERCENT // 100)
