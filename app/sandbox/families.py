"""Who lives in the synthetic villages: a dozen kinds of family, dealt over real village codes from several counties.

`population.py` turns these descriptions into persons with numbers, telephones and accounts. The first family is the one
the demonstration follows; the second, in the same village, is as poor, but the head's account is closed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

# Code → name, as in the divisions table (statistical edition of mid-2023).
VILLAGES = {
    "532529103204": "嘎他村委会",  # 红河州 红河县 宝华镇
    "532529103201": "宝华村委会",
    "532529203204": "娘宗村委会",
    "532530101216": "牛栏冲村民委员会",  # 红河州 金平县
    "532528101206": "呼山村委会",  # 红河州 元阳县
    "532503003203": "姜家寨村委会",  # 红河州 蒙自市
    "530622001203": "咪吐村民委员会",  # 昭通市 巧家县
    "530622102003": "安居社区居民委员会",
    "530627102210": "长松林村民委员会",  # 昭通市 镇雄县
    "530627003004": "明镜社区居民委员会",
    "530102001001": "翠湖西路社区居民委员会",  # 昆明市 五华区
    "530102003004": "新闻里社区居民委员会",
    "533301105201": "老窝村委会",  # 怒江州 泸水市
    "532628103207": "甲村村委会",  # 文山州 富宁县
}


@dataclass(frozen=True)
class Member:
    """One member. Money in fen, areas in hundredths of m²; `spouse` is the place of the spouse in the family."""

    name: str
    sex: str
    born: date
    relation: str = "self"
    marital: str = "single"
    spouse: int | None = None
    died: date | None = None
    death_unreported: bool = False  # the funeral register knows, the police do not
    deposits: tuple[int, ...] = ()
    account_state: str = "open"  # of the first account
    vehicles: tuple[tuple[str, bool], ...] = ()  # model, scrapped
    dwellings: tuple[int, ...] = ()
    fund: tuple[int, int] | None = None  # monthly, balance
    benefits: tuple[tuple[str, date, date | None], ...] = ()
    insurances: tuple[tuple[str, int | None, int | None], ...] = ()  # kind, paid on, drawn
    taxed: tuple[int, int, int] | None = None  # wages, invoices, property income of a year
    businesses: tuple[tuple[str, str, bool], ...] = ()  # kind, state, whether the owner
    certificate: tuple[str, int, date] | None = None
    machines: tuple[tuple[str, date | None], ...] = ()
    farm_subsidy: int = 0
    relocation: tuple[date, str] | None = None  # since when, where
    securities: tuple[int, ...] = ()
    policies: tuple[int, ...] = ()  # cash values
    wallets: tuple[int, ...] = ()
    registered: str | None = None  # where, if not with the family
    elsewhere: tuple[tuple[str, ...], int, int, int] | None = None  # benefits, dwellings, vehicles, businesses there


@dataclass(frozen=True)
class Family:
    """A household: where it is registered and its members, the head first. `typical`: poor, nothing odd about it."""

    division: str
    members: tuple[Member, ...]
    typical: bool = False
    story: str | None = None


_SURNAMES = "李王张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
_GIVEN = "春夏秋冬山水云月松竹梅兰禾苗田园"


def _name(family: int, place: int) -> str:
    """Return a name nobody else has; some carry the middle dot of minority names, one a character beyond the BMP."""
    given = _GIVEN[family % len(_GIVEN)] + _GIVEN[(family // len(_GIVEN) + place * 3) % len(_GIVEN)]
    if family % 11 == 7:
        return f"测试{_SURNAMES[family % len(_SURNAMES)]}·{given}"
    if family == 9 and place == 0:
        return "测试𬱖" + given
    return f"测试{_SURNAMES[(family + place * 7) % len(_SURNAMES)]}{given}"


def _couple(n: int, born: int) -> tuple[Member, Member]:
    """Return a married couple without belongings, the husband first."""
    husband = Member(_name(n, 0), "male", date(born, 1 + n % 12, 1 + n % 28), marital="married", spouse=1)
    born_wife = date(born + 2, 1 + n * 5 % 12, 1 + n * 3 % 28)
    return husband, Member(_name(n, 1), "female", born_wife, "spouse", "married", spouse=0)


def _child(n: int, place: int, born: int) -> Member:
    return Member(_name(n, place), "female" if n % 2 else "male", date(born, 1 + n * 7 % 12, 1 + n % 28), "child")


def _poor_couple(n: int) -> tuple[Member, ...]:
    husband, wife = _couple(n, 1980 + n % 8)
    head = replace(
        husband,
        deposits=(60_000 + n * 3_100,),
        dwellings=(6_850 + n * 10,),
        insurances=(("residents", 20_000, None),),
        farm_subsidy=35_640 + n * 100,
        wallets=(1_280 + n,),
    )
    return head, wife, _child(n, 2, 2015)


def _old_couple(n: int) -> tuple[Member, ...]:
    husband, wife = _couple(n, 1950 + n % 7)
    pension = (("residents", None, 11_500),)
    head = replace(husband, deposits=(230_000 + n * 1_000,), dwellings=(8_000,), insurances=pension)
    return head, replace(wife, insurances=pension)


def _widow(n: int) -> tuple[Member, ...]:
    husband = Member(_name(n, 1), "male", date(1978, 4, 9), "spouse", "married", spouse=0, died=date(2023, 5, 6))
    widow = Member(_name(n, 0), "female", date(1981, 9, 1 + n % 28), marital="widowed", spouse=1, deposits=(45_210,))
    return widow, husband, _child(n, 2, 2014), _child(n, 3, 2017)


def _single_parent(n: int) -> tuple[Member, ...]:
    mother = Member(_name(n, 0), "female", date(1988, 2, 1 + n % 28), marital="divorced", deposits=(98_000, 1_200))
    moved = (date(2019, 9, 28), "530627003004")
    return replace(mother, relocation=moved), replace(_child(n, 1, 2016), relocation=moved)


def _three_generations(n: int) -> tuple[Member, ...]:
    subsidy = (("disability_subsidies", date(2022, 7, 1), None),)
    grandmother = Member(
        _name(n, 3), "female", date(1951, 3, 2 + n % 20), "parent", "widowed", deposits=(88_000,), benefits=subsidy
    )
    husband, wife = _couple(n, 1979)
    return replace(husband, deposits=(120_050,), dwellings=(9_825,)), wife, _child(n, 2, 2012), grandmother


def _well_off(n: int) -> tuple[Member, ...]:
    husband, wife = _couple(n, 1985)
    head = replace(
        husband,
        deposits=(5_600_000, 1_200_000),
        vehicles=(("小型轿车", False),),
        dwellings=(11_240, 8_866),
        fund=(86_400, 4_120_056),
        insurances=(("employees", 720_000, None), ("unemployment", 720_000, None), ("residents", None, None)),
        taxed=(8_640_000, 0, 1_200_000),
        businesses=(("firm", "active", True), ("trade", "cancelled", True), ("firm", "active", False)),
        securities=(3_120_450, 880_000),
        policies=(1_250_000, 48_050),
        wallets=(36_512, 0),
    )
    return head, wife, _child(n, 2, 2013)


def _lonely_elder(n: int) -> tuple[Member, ...]:
    support = (("destitute_support", date(2021, 1, 1), None),)
    return (Member(_name(n, 0), "male", date(1947, 6, 1 + n % 28), deposits=(31_900,), benefits=support),)


def _on_allowance(n: int) -> tuple[Member, ...]:
    granted = (
        ("temporary_aid", date(2023, 2, 1), date(2023, 4, 30)),
        ("living_allowance", date(2024, 3, 1), None),
    )
    husband, wife = _couple(n, 1976)
    return replace(husband, deposits=(52_700,), dwellings=(5_500,), benefits=granted), wife, _child(n, 2, 2011)


def _savers(n: int) -> tuple[Member, ...]:
    husband, wife = _couple(n, 1972)
    head = replace(
        husband,
        deposits=(18_000_000,),
        dwellings=(12_000,),
        fund=(43_000, 1_050_000),
        insurances=(("employees", None, 312_050), ("unemployment", None, None)),
    )
    trader = replace(wife, taxed=(0, 12_345_678, 0), businesses=(("trade", "active", True), ("trade", "revoked", True)))
    return head, trader


def _disabled_son(n: int) -> tuple[Member, ...]:
    mother = Member(_name(n, 0), "female", date(1958, 8, 1 + n % 28), marital="divorced", deposits=(76_300,))
    subsidy = (("disability_subsidies", date(2020, 5, 1), None),)
    son = Member(
        _name(n, 1),
        "male",
        date(1990, 10, 1 + n % 28),
        "child",
        deposits=(5_000,),
        benefits=subsidy,
        certificate=("intellectual", 2, date(2034, 5, 31)),
        insurances=(("unemployment", None, 124_200),),
    )
    return replace(mother, certificate=("physical", 3, date(2024, 2, 29))), son


def _unreported_death(n: int) -> tuple[Member, ...]:
    father = Member(
        _name(n, 2), "male", date(1944, 1, 20), "parent", "widowed", died=date(2026, 9, 3), death_unreported=True
    )
    husband, wife = _couple(n, 1970)
    return replace(husband, deposits=(143_000,), dwellings=(7_700,)), wife, father


def _old_motorcycle(n: int) -> tuple[Member, ...]:
    husband, wife = _couple(n, 1982)
    head = replace(
        husband,
        deposits=(67_800,),
        vehicles=(("两轮摩托车", True),),
        dwellings=(6_400,),
        machines=(("手扶拖拉机", None), ("脱粒机", date(2021, 4, 1)), ("微耕机", None)),
        farm_subsidy=41_250,
    )
    return head, wife, _child(n, 2, 2018)


_KINDS: tuple[Callable[[int], tuple[Member, ...]], ...] = (
    _poor_couple,
    _old_couple,
    _widow,
    _single_parent,
    _three_generations,
    _well_off,
    _lonely_elder,
    _on_allowance,
    _savers,
    _disabled_son,
    _unreported_death,
    _old_motorcycle,
)

_HERO = Family(
    "532529103204",
    (
        Member(
            "测试李阿普",
            "male",
            date(1983, 3, 14),
            marital="married",
            spouse=1,
            deposits=(186_035,),
            dwellings=(7_250,),
        ),
        Member("测试陈小妹", "female", date(1985, 11, 2), "spouse", "married", spouse=0, deposits=(42_000,)),
        Member("测试李明明", "male", date(2016, 6, 1), "child"),
    ),
    typical=True,
)


def _closed_account() -> Family:
    husband, wife = _couple(2, 1981)
    head = replace(husband, deposits=(9_100,), account_state="closed", dwellings=(6_800,))
    return Family("532529103204", (head, wife, _child(2, 2, 2014)))


def _dealt() -> tuple[Family, ...]:
    """Deal three families to each village, so that every county has several kinds."""
    villages = tuple(VILLAGES) * 3
    return tuple(
        Family(village, _KINDS[number % len(_KINDS)](number)) for number, village in enumerate(villages, start=3)
    )


def _neighbours() -> tuple[Family, ...]:
    """Fill the first family's village, so that the demonstration finds a fresh household at every run."""
    first = 3 * len(VILLAGES) + 3
    return tuple(Family(_HERO.division, _poor_couple(number), typical=True) for number in range(first, first + 150))


def _to_try() -> tuple[Family, ...]:
    """Describe households with something to find, in the first family's village but for the one who lives elsewhere."""
    here = _HERO.division

    def couple(name: str) -> tuple[Member, Member]:
        husband, wife = _couple(1, 1981)
        return (
            replace(husband, name=f"测试{name}甲", deposits=(73_000,), dwellings=(6_900,)),
            replace(wife, name=f"测试{name}乙"),
        )

    fits = couple("符合")
    driver, his_wife = couple("有车")
    pensioner, her_husband = couple("退休")
    carer, wife_of_carer = couple("丧父")
    father = Member("测试丧父丁", "male", date(1944, 1, 21), "parent", "widowed", died=date(2026, 9, 4))
    elder = Member("测试老人甲", "female", date(1949, 5, 6), deposits=(12_000,), dwellings=(4_200,))
    son = Member(
        "测试在外甲",
        "male",
        date(1979, 2, 3),
        deposits=(4_300_000,),
        vehicles=(("小型轿车", False),),
        fund=(150_000, 1_900_000),
        insurances=(("employees", 625_000, None),),
        taxed=(7_500_000, 0, 0),
    )
    alone = Member(
        "测试独身甲", "male", date(1970, 7, 8), deposits=(8_800,), certificate=("physical", 2, date(2033, 1, 1))
    )
    # Born when nobody of the crowd was: whoever is added here takes nobody's number.
    local = Member("测试外省甲", "male", date(1986, 5, 4), marital="married", spouse=1, deposits=(61_000,))
    comer = Member(
        "测试外省乙",
        "female",
        date(1987, 8, 15),
        "spouse",
        "married",
        spouse=0,
        deposits=(9_400,),
        registered="520102001001",
        elsewhere=(("living_allowance",), 1, 0, 0),
    )
    return (
        Family(here, (*fits, replace(_child(1, 2, 2016), name="测试符合丙")), typical=True, story="fits"),
        Family(here, (replace(driver, vehicles=(("小型轿车", False),)), his_wife), story="a car nobody declares"),
        Family(
            here,
            (replace(pensioner, insurances=(("employees", None, 286_000),)), her_husband),
            story="a pension nobody declares",
        ),
        Family(here, (carer, wife_of_carer, replace(father, death_unreported=True)), story="a member who has died"),
        Family(here, (elder,), story="a supporter outside the household"),
        Family(here, (alone,), story="a single person"),
        Family("530102001001", (son,)),  # who owes the elder support
        Family(here, (local, comer), story="a spouse registered in another province"),
    )


FAMILIES: tuple[Family, ...] = (_HERO, _closed_account(), *_dealt(), *_neighbours(), *_to_try())
