"""What schools and the medical insurance keep of somebody: by dice of its own, so that all else stays as it is.

The dice are those of the identity number: the same person is told of alike, whoever asks and however many there are,
and nothing is kept.
"""

import random

from app.sandbox.persons import Care, Person, Schooling

_YEAR = 2026  # the school year that all of it tells of
_STAGES = (
    (range(3, 6), ("kindergarten",)),
    (range(6, 12), ("primary",)),
    (range(12, 15), ("junior",)),
    (range(15, 18), ("senior", "senior", "vocational")),
    (range(18, 22), ("college", "bachelor")),
)
_SCHOOLS = {
    "kindergarten": "测试幼儿园",
    "primary": "测试小学",
    "junior": "测试中学",
    "senior": "测试第一中学",
    "vocational": "测试职业学校",
    "college": "测试职业学院",
    "bachelor": "测试大学",
}
_AWAY = frozenset({"senior", "vocational", "college", "bachelor"})  # where most board


def _dice(id_number: str, about: str) -> random.Random:
    return random.Random(f"{id_number}:{about}")  # noqa: S311 - made-up people # nosec B311


def care_of(person: Person) -> Care | None:
    """Return the medical insurance of somebody: of an employer, or as a resident; a few were never insured."""
    rng = _dice(person.id_number, "care")
    if person.deceased_on is not None or rng.random() < 0.05:
        return None
    old = _YEAR - person.birth_date.year >= 60
    chronic = rng.random() < (0.3 if old else 0.04)
    serious = rng.random() < 0.03
    visits = 0.7 if chronic or serious else 0.15
    most = 900_000 if serious else 60_000
    paid = tuple(rng.randrange(500, most) if rng.random() < visits else 0 for _ in range(12))
    return Care("employees" if _has_employer(person) else "residents", rng.random() < 0.06, paid, chronic, serious)


def _has_employer(person: Person) -> bool:
    """Say whether somebody is insured by an employer, or was until the pension."""
    return any(each.kind == "employees" for each in person.insurances)


def schooling_of(person: Person) -> Schooling | None:
    """Return where somebody goes to school: every child of the years of compulsory schooling, of the others some, and
    nobody who works."""
    age, rng = _YEAR - person.birth_date.year, _dice(person.id_number, "school")
    stages = next((names for ages, names in _STAGES if age in ages), ())
    if not stages or person.deceased_on is not None or person.taxed is not None:
        return None
    stage = rng.choice(stages)
    goes = 1.0 if stage in ("primary", "junior") else 0.75 if age < 18 else 0.5
    if rng.random() >= goes:
        return None
    aid = rng.choice((62_500, 100_000, 220_000)) if rng.random() < 0.4 else 0
    return Schooling(_SCHOOLS[stage], stage, rng.random() < 0.03, rng.random() < (0.8 if stage in _AWAY else 0.2), aid)
