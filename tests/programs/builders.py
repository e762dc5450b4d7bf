"""Small households for the tests of any program: everything has a default, a test names what it is about."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.facts import Fact, FactKey, Item
from app.programs.assessment import Assessment, Finding
from app.programs.base import ParameterValue, Program, Standard
from app.programs.case import Case
from app.programs.declaration import MemberFacts

TODAY = date(2026, 11, 23)
YUNNAN = "530000000000"
VILLAGE = "530102001001"


def member(**given: Any) -> MemberFacts:
    return MemberFacts.model_validate({"ref": "m1", "relation": "self", "birth_date": "1980-05-06", **given})


def members(*given: Mapping[str, Any]) -> list[MemberFacts]:
    """Build members called m1, m2, …; the first is the applicant."""
    made = []
    for place, each in enumerate(given):
        relation = "self" if place == 0 else "spouse"
        made.append(member(**{"ref": f"m{place + 1}", "relation": relation, **each}))
    return made


def build_case(
    program: Program[Any, Any],
    people: Sequence[MemberFacts] | None = None,
    *,
    area_class: Any = "urban",
    verified: Mapping[tuple[str, FactKey], Fact] | None = None,
    unavailable: Sequence[tuple[str, Item]] = (),
    asked: bool | None = None,
    **answers: Any,
) -> Case[Any]:
    """Build a case; with anything found or silent, everything was asked about everybody."""
    people = people or [member()]
    if asked is None:
        asked = bool(verified or unavailable)
    return program.build_case(
        area_class=area_class,
        division=VILLAGE,
        members=people,
        answers=answers,
        verified=verified,
        unavailable=unavailable,
        asked=[(each.ref, item) for each in people for item in program.needs] if asked else (),
    )


def fact(key: FactKey, value: Any, source: str = "banking", as_of: date = TODAY) -> Fact:
    return Fact(key, value, source, as_of)


def standard(**given: Any) -> Standard:
    values = {
        "amount_fen": 64_100,
        "period": "month",
        "area": YUNNAN,
        "area_class": "urban",
        "valid_from": date(2020, 1, 1),
        "source": "测试公告1号",
    }
    return Standard(**{**values, **given})


def regional(values: Mapping[str, Any], law: str = "测试省规定第一条") -> dict[str, ParameterValue]:
    return {name: ParameterValue(value, law, date(2021, 7, 1), YUNNAN) for name, value in values.items()}


def resolve(
    program: Program[Any, Any],
    on: date = TODAY,
    region: Mapping[str, Any] | None = None,
    *,
    further: Mapping[str, Standard] | None = None,
    **of_standard: Any,
) -> Any:
    published = {**dict.fromkeys(program.standards, standard(**of_standard)), **(further or {})}
    return program.resolve(on, published, regional(region or {}))


def found(assessment: Assessment, rule: str) -> Finding:
    """Return the one finding of a rule."""
    (finding,) = [each for each in assessment.findings if each.rule == rule]
    return finding
