"""As many more families as somebody wants, none of them kept: each is made from its number, whenever it is asked for.

An identity number leads back to the family's number without a table: a member's place in the family has a window of
birth dates and a residue of sequence numbers of its own, so that a million persons cost neither time at the start nor
memory. The same seed makes the same people, for every register.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from app.sandbox.families import VILLAGES, Family, Member

SEED = 539900
_DAYS = 7_300  # twenty years of birth dates in each window
_PLACES = 6  # residues of the sequence number: one for each place in a family
_ROUNDS = 83  # how often the days can be gone round before sequence numbers end
MOST_FAMILIES = _DAYS * _ROUNDS
PERSONS_IN_100_FAMILIES = 275  # by `places_of`
_STEP = 2_741  # prime to the days: neighbours are not born on neighbouring days
_BACK = pow(_STEP, -1, _DAYS)
_SURNAMES = "李王张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗普白刀岩玉段和木"
_GIVEN = "春夏秋冬山水云月松竹梅兰禾苗田园福贵安康文武明亮"


@dataclass(frozen=True)
class _Place:
    """A place in a family: relation, and when whoever holds it was born."""

    relation: str
    first_born: date


_WINDOWS = (
    _Place("self", date(1962, 1, 1)),
    _Place("spouse", date(1963, 1, 1)),
    _Place("child", date(1996, 1, 1)),
    _Place("child", date(1998, 1, 1)),
    _Place("parent", date(1935, 1, 1)),
    _Place("parent", date(1936, 1, 1)),
)


def family(number: int) -> Family:
    """Return family `number`, counted from 0.

    Raises:
        IndexError: beyond what identity numbers can tell apart.
    """
    if not 0 <= number < MOST_FAMILIES:
        raise IndexError(number)
    return _made(number)


def places_of(number: int) -> tuple[int, ...]:
    """Return which places of a family are taken, in the order of its members."""
    draw = random.Random(f"{SEED}:{number}:size").random()  # noqa: S311 - made-up people # nosec B311
    if draw < 0.2:
        return (0,)
    if draw < 0.35:
        return (0, 1)
    if draw < 0.7:
        return (0, 1, 2)
    return (0, 1, 2, 3) if draw < 0.85 else (0, 1, 2, 4)


def sequence_of(number: int, place: int, sex: str) -> int:
    """Return the sequence number in a member's identity number: odd for men."""
    return 2 * (number // _DAYS * _PLACES + place) + (sex == "male")


def trace(born: date, sequence: int) -> tuple[int, int] | None:
    """Return number of the family and place in it that a birth date and a sequence number lead back to."""
    rounds, place = divmod(sequence // 2, _PLACES)
    day = (born - _WINDOWS[place].first_born).days
    if rounds >= _ROUNDS or not 0 <= day < _DAYS:
        return None
    return rounds * _DAYS + day * _BACK % _DAYS, place


def _born(number: int, place: int) -> date:
    return _WINDOWS[place].first_born + timedelta(days=number * _STEP % _DAYS)


@lru_cache(maxsize=512)
def _made(number: int) -> Family:
    rng = random.Random(f"{SEED}:{number}")  # noqa: S311 - made-up people # nosec B311
    villages = tuple(VILLAGES)
    division, places = villages[number % len(villages)], places_of(number)
    members = [_member(rng, number, place, places) for place in places]
    if 1 in places:
        _part(rng, members)
    settled = [_with_belongings(rng, member) for member in members]
    return Family(division, tuple(_with_papers(number, order, each) for order, each in enumerate(settled)))


def _member(rng: random.Random, number: int, place: int, places: tuple[int, ...]) -> Member:
    sex = "male" if place in (0, 4) else "female" if place == 1 else rng.choice(("male", "female"))
    name = f"测试{rng.choice(_SURNAMES)}{rng.choice(_GIVEN)}{rng.choice(_GIVEN)}"
    relation = _WINDOWS[place].relation
    couple = place in (0, 1) and 1 in places
    return Member(
        name,
        sex,
        _born(number, place),
        relation,
        marital="married" if couple else "widowed" if place == 4 else "single",
        spouse=1 - place if couple else None,
    )


def _part(rng: random.Random, members: list[Member]) -> None:
    """Let some marriages have ended: by a death, which the police have been told of or not."""
    if rng.random() < 0.06:
        died = date(2024, 1, 1) + timedelta(days=rng.randrange(900))
        members[1] = replace(members[1], died=died, death_unreported=rng.random() < 0.3)
        members[0] = replace(members[0], marital="widowed")


def _with_belongings(rng: random.Random, member: Member) -> Member:
    """Give a member what all registers agree on: a wage is insured, taxed and paid into the fund; a trade invoices."""
    if member.died or member.born.year > 2008:
        return member
    age, poor = 2026 - member.born.year, rng.random() < 0.65
    deposits = (rng.randrange(1_000, 300_000),) if poor else (rng.randrange(300_000, 9_000_000), rng.randrange(90_000))
    given = replace(member, deposits=deposits)
    if age >= 60:
        given = replace(given, insurances=(_pension(rng, poor),))
    elif not poor and rng.random() < 0.6:
        given = _employed(given, rng.randrange(2_500, 9_000) * 100)
    elif not poor and rng.random() < 0.4:
        invoiced = rng.randrange(1_000_000, 40_000_000)
        given = replace(given, taxed=(0, invoiced, 0), businesses=(("trade", "active", True),))
    else:
        given = replace(given, insurances=(("residents", 20_000, None),))
    if rng.random() < 0.06:
        kind, grade = rng.choice(("physical", "intellectual", "mental", "visual", "hearing")), rng.randrange(1, 5)
        subsidy = (("disability_subsidies", date(2022, 7, 1), None),) if grade <= 2 else ()
        given = replace(given, certificate=(kind, grade, date(2031, 12, 31)), benefits=subsidy)
    return _with_house(rng, given, poor) if given.relation == "self" else given


def _with_papers(number: int, order: int, member: Member) -> Member:
    """Give a member what depositories, insurers and payment services keep: by dice of its own, so that all else stays
    as it is. Who has savings has more of it."""
    if member.died or member.born.year > 2008:
        return member
    rng = random.Random(f"{SEED}:{number}:{order}:papers")  # noqa: S311 - made-up people # nosec B311
    poor = sum(member.deposits) < 300_000
    securities = (rng.randrange(50_000, 6_000_000),) if rng.random() < (0.02 if poor else 0.25) else ()
    policies = (rng.randrange(20_000, 900_000),) if rng.random() < (0.05 if poor else 0.3) else ()
    wallets = (rng.randrange(0, 60_000 if poor else 800_000),) if rng.random() < 0.6 else ()
    return replace(member, securities=securities, policies=policies, wallets=wallets)


def _pension(rng: random.Random, poor: bool) -> tuple[str, int | None, int | None]:
    if poor:
        return "residents", None, rng.randrange(11_500, 16_000)
    return "employees", None, rng.randrange(150_000, 420_000)


def _employed(member: Member, wage: int) -> Member:
    return replace(
        member,
        insurances=(("employees", wage, None), ("unemployment", wage, None)),
        taxed=(wage * 12, 0, 0),
        fund=(wage * 24 // 100, wage * 5),
    )


def _with_house(rng: random.Random, member: Member, poor: bool) -> Member:
    model = "两轮摩托车" if poor else rng.choice(("小型轿车", "轻型货车"))
    models = (model,) if rng.random() < (0.2 if poor else 0.6) else ()
    return replace(
        member,
        dwellings=(rng.randrange(4_000, 14_000),) if rng.random() < 0.85 else (),
        vehicles=tuple((model, rng.random() < 0.15) for model in models),
        machines=(("手扶拖拉机", None),) if rng.random() < 0.15 else (),
        farm_subsidy=rng.randrange(8_000, 60_000) if rng.random() < 0.6 else 0,
    )
