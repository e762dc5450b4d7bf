"""Made-up households, the same ones for the same seed: for trying a change where there is no caseload, and for speed.

They resemble none in particular: sizes, ages, incomes and belongings are drawn so that every outcome of the rules comes
up often. What they say about a county is nothing; what they say is whether a change does what it was meant to.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from app.programs.case import Case
from app.programs.declaration import Income, IncomeKind, MemberFacts, Property, PropertyKind, Relation
from app.programs.living_allowance.answers import LivingAllowanceAnswers
from app.reference.divisions import Level
from app.reference.published import read_divisions
from scripts.local.simulate.households import Household

CHUNK = 10_000  # households drawn from one seed: the same whoever draws them, in whatever order

_SIZES, _SIZE_WEIGHTS = (1, 2, 3, 4, 5, 6), (30, 27, 20, 13, 7, 3)
_KINDS: tuple[IncomeKind, ...] = ("wage", "business", "property", "transfer", "other")
_KIND_WEIGHTS = (45, 20, 5, 27, 3)
_OWNED: tuple[PropertyKind, ...] = ("deposit", "dwelling", "vehicle", "machinery")
_OWNED_WEIGHTS = (70, 15, 10, 5)
_UNIT = 1_000  # fen: people state round sums


@cache
def counties() -> tuple[str, ...]:
    """Name the counties of the shipped divisions, as 12-digit codes."""
    return tuple(row.code for row in read_divisions() if row.level == Level.COUNTY)


def draw_chunk(seed: int, chunk: int, size: int, on: date) -> Iterator[Household]:
    """Draw the households of one chunk, at most `CHUNK` of them."""
    chance = random.Random(f"{seed} {chunk}")  # noqa: S311 (to be repeatable) # nosec B311
    places = counties()
    for _ in range(size):
        county = chance.choice(places)
        yield Household(county[:6], _draw_case(chance, county, on.year))


def _draw_case(chance: random.Random, county: str, year: int) -> Case[LivingAllowanceAnswers]:
    size = chance.choices(_SIZES, _SIZE_WEIGHTS)[0]
    members = _draw_members(chance, size, year)
    answers = LivingAllowanceAnswers.model_construct(
        income=tuple(_draw_income(chance, member) for member in members if chance.random() < 0.45),
        property=tuple(_draw_property(chance, member) for member in members if chance.random() < 0.12),
    )
    return Case(
        area_class="urban" if chance.random() < 0.25 else "rural",
        division=county,
        members=members,
        answers=answers,
        verified={},
        unavailable=frozenset(),
        asked=frozenset(),
    )


def _draw_members(chance: random.Random, size: int, year: int) -> tuple[MemberFacts, ...]:
    born = year - 20 - int(60 * chance.random())
    members = [_member("m1", "self", born, chance.random() < 0.08)]
    if size > 1:
        members.append(_member("m2", "spouse", born + int(6 * chance.random()), chance.random() < 0.08))
    for place in range(3, size + 1):
        relation: Relation = "child" if chance.random() < 0.8 else "parent"
        birth = max(born, year - 40) + 20 if relation == "child" else born - 25
        members.append(_member(f"m{place}", relation, min(birth, year - 1), chance.random() < 0.05))
    return tuple(members)


@cache
def _member(ref: str, relation: Relation, born: int, ill: bool) -> MemberFacts:
    return MemberFacts(ref=ref, relation=relation, birth_date=date(born, 6, 1), serious_illness=ill)


def _draw_income(chance: random.Random, member: MemberFacts) -> Income:
    """Draw a yearly sum around seven thousand yuan; now and then of a kind that does not count."""
    kind = chance.choices(_KINDS, _KIND_WEIGHTS)[0]
    fen = int(chance.lognormvariate(13.4, 0.9)) // _UNIT * _UNIT
    costs = fen // 4 if kind == "business" else 0
    detail = "social_assistance" if kind == "transfer" and chance.random() < 0.2 else None
    return Income(member=member.ref, kind=kind, detail=detail, amount_fen=fen, period="year", costs_fen=costs)


def _draw_property(chance: random.Random, member: MemberFacts) -> Property:
    kind = chance.choices(_OWNED, _OWNED_WEIGHTS)[0]
    value = int(chance.expovariate(1 / 1_500_000)) // _UNIT * _UNIT if chance.random() < 0.95 else None
    return Property(kind=kind, owner=member.ref, value_fen=value)


def chunks_of(households: int) -> Sequence[tuple[int, int]]:
    """Cut a number of households into chunks: each with its place and its size."""
    whole, rest = divmod(households, CHUNK)
    return [(place, CHUNK) for place in range(whole)] + ([(whole, rest)] if rest else [])
