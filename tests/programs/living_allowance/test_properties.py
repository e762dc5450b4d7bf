"""What must hold for every household."""

import json
import random
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.core.money import round_half_up
from app.facts import FactKey, Item
from app.programs.assessment import Assessment, Outcome
from app.programs.canonical import canonical_bytes
from app.programs.case import Case
from app.programs.living_allowance.parameters import Parameters
from app.verification.values import keys_of
from tests.programs.living_allowance.builders import PROGRAM, TODAY, VILLAGE, assess, fact, member, regional, standard

_FEN = st.integers(0, 200_000)
_PERIOD = st.sampled_from(["month", "year"])
_LIMITS = {
    "property.financial": {"kinds": ["deposit"], "fen": 50_000, "per_head": True},
    "property.vehicles": {"kinds": ["vehicle"], "count": 1},
    "property.accounts": {"kinds": ["deposit"], "count": 1},
    "property.dwellings": {"kinds": ["dwelling"], "count": 1, "per_head": True},
    "edge_ratio": "9/5",
}
_FORMULAS: dict[str, Any] = {
    "employment_cost": {"share_of_minimum_wage": "0.1", "minimum_wage_fen": 167_000},
    "new_job_disregard": {"months": 6, "multiple_of_standard": "1/3"},
    "labour_income": {"from_age": 16, "to_age": 59, "fen": 20_001},
    "support_formula": {"share": "1/3", "multiple_of_standard": "0.1"},
    "rigid_expense.medical": {"share": "1/7", "cap_fen": 10_000},
    "rigid_expense.education": {"per_member": True, "cap_fen": 30_000},
    "public_school_price.senior": 20_000,
    "membership.parent": "not_counted",
    "property_exempt.scooters": {"kinds": ["vehicle"], "uses": ["motorcycle"], "fen": 100_000},
}
_MONEY: list[dict[str, Any]] = [
    {},
    {
        "supplement.ill": {"for": "seriously_ill", "share_of_standard": "1/3"},
        "supplement.adult": {"for": "elderly", "from_age": 46, "fen": 10_001},
        "supplement_stacking": "sum",
    },
    {
        "supplement.ill": {"for": "seriously_ill", "share_of_standard": "1/3"},
        "supplement.adult": {"for": "elderly", "from_age": 46, "fen": 10_001},
        "supplement_stacking": "highest",
        "rounding": {"to_fen": 100, "mode": "up"},
    },
    {
        "amount_method": "tiers",
        "amount_tiers": {
            "tiers": [{"below": "1/3", "share_of_standard": "2/3"}, {"below": "1", "share_of_standard": "1/3"}]
        },
        "rounding": {"to_fen": 10, "mode": "down"},
    },
]


@st.composite
def people(draw: st.DrawFn) -> list[Any]:
    size = draw(st.integers(1, 5))
    others = st.fixed_dictionaries(
        {
            "relation": st.sampled_from(["child", "parent", "sibling", "other"]),
            "situation": st.sampled_from(["ordinary", "ordinary", "in_prison", "clergy_away"]),
            "student": st.booleans(),
            "serious_illness": st.booleans(),
        }
    )
    return [member(), *(member(ref=f"m{place}", **draw(others)) for place in range(2, size + 1))]


@st.composite
def cases(draw: st.DrawFn) -> Case[Any]:
    household = draw(people())
    ref = st.sampled_from([each.ref for each in household])
    kind = st.sampled_from(["wage", "business", "property", "transfer", "other"])
    detail = st.sampled_from([None, "scholarship", "central_basic_pension"])
    income = st.fixed_dictionaries(
        {
            "member": ref,
            "kind": kind,
            "detail": detail,
            "amount_fen": _FEN,
            "period": _PERIOD,
            "costs_fen": _FEN,
            "since": st.sampled_from([None, "2026-06-01", "2020-01-01"]),
        }
    )
    expense = st.fixed_dictionaries(
        {
            "member": ref,
            "kind": st.sampled_from(["medical", "education"]),
            "amount_fen": _FEN,
            "period": _PERIOD,
            "stage": st.sampled_from([None, "senior"]),
        }
    )
    owned = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["deposit", "vehicle", "machinery"]),
            "owner": ref,
            "value_fen": st.none() | _FEN,
            "use": st.sampled_from([None, "motorcycle"]),
        }
    )
    return PROGRAM.build_case(
        area_class="urban",
        division=VILLAGE,
        members=household,
        answers={
            "income": draw(st.lists(income, max_size=6)),
            "expenses": draw(st.lists(expense, max_size=2)),
            "property": draw(st.lists(owned, max_size=2)),
            "supporters": draw(
                st.lists(
                    st.builds(
                        dict,
                        ref=st.sampled_from(["s1", "s2"]),
                        relation=st.just("child"),
                        support_fen=_FEN,
                        household_income_fen=st.none() | _FEN,
                    ),
                    max_size=2,
                    unique_by=lambda each: each["ref"],
                )
            ),
            "no_work_found": draw(st.none() | st.just(["m1"])),
        },
    )


@st.composite
def known(draw: st.DrawFn) -> Parameters:
    published = standard(amount_fen=draw(st.integers(1, 900_000)), period=draw(_PERIOD))
    rows = {**(_LIMITS if draw(st.booleans()) else {}), **draw(st.sampled_from(_MONEY))}
    formulas = draw(st.sets(st.sampled_from(sorted(_FORMULAS))))
    return PROGRAM.resolve(
        TODAY, {"living_allowance": published}, regional({**rows, **{name: _FORMULAS[name] for name in formulas}})
    )


@st.composite
def checked_cases(draw: st.DrawFn) -> Case[Any]:
    """Draw a case about which agencies were asked, with some answers."""
    declared = draw(cases())
    kinds = {
        FactKey.BIRTH_DATE: st.sampled_from([date(1980, 5, 6), date(1981, 1, 1)]),
        FactKey.VEHICLE_COUNT: st.integers(0, 3),
        FactKey.DWELLING_COUNT: st.integers(0, 2),
        FactKey.DEPOSIT_BALANCE: st.integers(0, 200_000),
        FactKey.DECEASED_ON: st.just(date(2026, 1, 1)),
        FactKey.MARITAL_STATUS: st.sampled_from(["married", "single"]),
        FactKey.BENEFITS_IN_FORCE: st.sampled_from([("living_allowance",), ("disability_subsidies",)]),
        FactKey.PROVIDENT_FUND_MONTHLY: st.integers(0, 1),
    }
    refs = [each.ref for each in declared.members]
    places = draw(st.sets(st.tuples(st.sampled_from(refs), st.sampled_from(sorted(kinds))), max_size=8))
    everything = [(ref, item) for ref in refs for item in sorted(PROGRAM.needs)]
    return replace(
        declared,
        verified={(ref, key): fact(key, draw(kinds[key])) for ref, key in sorted(places)},
        unavailable=frozenset(draw(st.lists(st.sampled_from(everything), max_size=2))),
        asked=frozenset(everything),
    )


def _silenced(case: Case[Any], ref: str, item: Item) -> Case[Any]:
    left = {place: found for place, found in case.verified.items() if place[0] != ref or place[1] not in keys_of(item)}
    return replace(case, verified=left, unavailable=case.unavailable | {(ref, item)})


_RANK = {
    Outcome.LIKELY_NOT_ELIGIBLE: 0,
    Outcome.NEEDS_PERSON: 1,
    Outcome.ANOTHER_PROGRAM: 1,
    Outcome.LIKELY_ELIGIBLE: 2,
}


def _exact(stored: Any) -> Fraction:
    return Fraction(int(stored["numerator"]), int(stored["denominator"]))


def _added(assessment: Assessment) -> list[Fraction]:
    return [_exact(each.inputs["added_exact"]) for each in assessment.findings if each.rule == "supplements_added"]


def _verdicts(assessment: Assessment) -> dict[tuple[str, str], bool | None]:
    """Return what each rule found; there is one rule for each regional limit."""
    return {(each.rule, str(each.numbers.get("source"))): each.met for each in assessment.findings}


def _bytes(case: Case[Any], parameters: Parameters) -> bytes:
    return canonical_bytes(assess(case, parameters).as_json())


@given(cases(), known(), st.data())
def test_more_income_never_raises_the_amount(case, parameters, data):
    ref = data.draw(st.sampled_from([each.ref for each in case.members]))
    more = {"member": ref, "kind": "wage", "amount_fen": data.draw(_FEN), "period": "month"}
    answers = case.answers.model_dump()
    richer = PROGRAM.build_case(
        area_class="urban",
        division=VILLAGE,
        members=case.members,
        answers={**answers, "income": [*answers["income"], more]},
    )

    assert assess(richer, parameters).monthly_amount_fen <= assess(case, parameters).monthly_amount_fen


@given(cases(), known(), st.randoms(use_true_random=False))
def test_the_order_of_members_and_lines_never_matters(case, parameters, chance: random.Random):
    def mixed(values):
        return chance.sample(values, len(values))

    shuffled = PROGRAM.build_case(
        area_class="urban",
        division=VILLAGE,
        members=mixed(case.members),
        answers={name: mixed(lines) if lines else lines for name, lines in case.answers.model_dump().items()},
    )

    assert _bytes(shuffled, parameters) == _bytes(case, parameters)


@given(cases(), known(), st.data())
def test_more_property_never_helps(case, parameters, data):
    ref = data.draw(st.sampled_from([each.ref for each in case.members]))
    more = {
        "kind": data.draw(st.sampled_from(["deposit", "vehicle", "dwelling"])),
        "owner": ref,
        "value_fen": data.draw(st.none() | _FEN),
    }
    answers = case.answers.model_dump()
    richer = PROGRAM.build_case(
        area_class="urban",
        division=VILLAGE,
        members=case.members,
        answers={**answers, "property": [*answers["property"], more]},
    )

    before, after = assess(case, parameters), assess(richer, parameters)

    assert after.monthly_amount_fen <= before.monthly_amount_fen
    assert _RANK[after.outcome] <= _RANK[before.outcome]


@given(cases(), known())
def test_the_amount_lies_between_nothing_and_the_whole_standard(case, parameters):
    assessment = assess(case, parameters)

    whole = round_half_up(parameters.standard.monthly * assessment.counted_members)
    assert assessment.monthly_amount_fen >= 0
    if not parameters.supplements and not parameters.rounding:
        assert assessment.monthly_amount_fen <= whole


@given(cases(), known())
def test_amount_and_income_add_up_to_the_standard(case, parameters):
    assessment = assess(case, parameters)

    if assessment.per_capita_income is not None and assessment.monthly_amount_fen and not parameters.rounding:
        whole = (parameters.standard.monthly - assessment.per_capita_income) * assessment.counted_members
        added = sum(_added(assessment), Fraction(0))
        assert abs(assessment.monthly_amount_fen - whole - added) <= Fraction(1, 2)


@given(cases(), known())
def test_base_and_supplements_add_up_before_they_are_rounded_together(case, parameters):
    for finding in assess(case, parameters).findings:
        if finding.rule == "supplements_added":
            base, added, total = (_exact(finding.inputs[name]) for name in ("base_exact", "added_exact", "total_exact"))
            assert base + added == total
            assert sum(_exact(each["exact"]) for each in finding.inputs["added"]) == added
            assert parameters.rounding or finding.inputs["total_fen"] == round_half_up(total)


@given(cases(), known())
def test_the_classes_of_income_add_up_to_the_total(case, parameters):
    assessment = assess(case, parameters)

    for finding in assessment.findings:
        if finding.rule == "income_below_standard" and not parameters.values.keys() & _FORMULAS.keys():
            nets = [each["net_fen"] for each in finding.inputs["classes"]]
            assert sum(nets) == finding.inputs["year_fen"]
            assert assessment.per_capita_income == Fraction(sum(nets), 12 * assessment.counted_members)


@given(cases(), known())
def test_what_is_open_is_never_likely_eligible(case, parameters):
    assessment = assess(case, parameters)

    unclear = {finding.rule for finding in assessment.findings if finding.met is None}
    assert not unclear or assessment.outcome is not Outcome.LIKELY_ELIGIBLE
    assert not unclear or assessment.outcome is not Outcome.ANOTHER_PROGRAM


@given(cases(), known())
def test_only_who_is_below_the_standard_is_likely_eligible(case, parameters):
    assessment = assess(case, parameters)

    if assessment.outcome is Outcome.LIKELY_ELIGIBLE:
        assert assessment.per_capita_income < parameters.standard.monthly
        assert all(finding.met is not None for finding in assessment.findings)
    if assessment.outcome in (Outcome.LIKELY_NOT_ELIGIBLE, Outcome.ANOTHER_PROGRAM):
        assert assessment.monthly_amount_fen == 0


@given(checked_cases(), known(), st.data())
def test_silence_never_turns_a_finding_to_met(case, parameters, data):
    ref, item = data.draw(st.sampled_from(sorted(case.asked)))

    before, after = assess(case, parameters), assess(_silenced(case, ref, item), parameters)

    met = _verdicts(after)
    gained = {rule for rule, was in _verdicts(before).items() if was is not True and met.get(rule) is True}
    assert gained == set()
    assert met["sources_answered", "None"] is None
    assert after.outcome is Outcome.NEEDS_PERSON


@given(checked_cases(), known())
def test_a_case_that_was_checked_replays_to_the_same_bytes(case, parameters):
    again = PROGRAM.replay(
        json.loads(canonical_bytes(case.as_json())), json.loads(canonical_bytes(parameters.as_json()))
    )

    assert canonical_bytes(again.as_json()) == _bytes(case, parameters)


@given(cases(), known())
def test_a_stored_decision_replays_to_the_same_bytes(case, parameters):
    stored_case = json.loads(canonical_bytes(case.as_json()))
    stored_parameters = json.loads(canonical_bytes(parameters.as_json()))

    again = PROGRAM.replay(stored_case, stored_parameters)

    assert canonical_bytes(again.as_json()) == _bytes(case, parameters)
