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
        {"member": ref, "kind": kind, "detail": detail, "amount_fen": _FEN, "period": _PERIOD, "costs_fen": _FEN}
    )
    owned = st.fixed_dictionaries({"kind": st.sampled_from(["deposit", "vehicle"]), "owner": ref, "value_fen": _FEN})
    return PROGRAM.build_case(
        area_class="urban",
        division=VILLAGE,
        members=household,
        answers={
            "income": draw(st.lists(income, max_size=6)),
            "property": draw(st.lists(owned, max_size=2)),
            "supporters": draw(
                st.lists(st.builds(dict, ref=st.just("s1"), relation=st.just("child"), support_fen=_FEN), max_size=1)
            ),
        },
    )


@st.composite
def known(draw: st.DrawFn) -> Parameters:
    published = standard(amount_fen=draw(st.integers(1, 900_000)), period=draw(_PERIOD))
    rows = regional(_LIMITS) if draw(st.booleans()) else {}
    return PROGRAM.resolve(TODAY, {"living_allowance": published}, rows)


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
        answers={name: mixed(lines) for name, lines in case.answers.model_dump().items()},
    )

    assert _bytes(shuffled, parameters) == _bytes(case, parameters)


@given(cases(), known())
def test_the_amount_lies_between_nothing_and_the_whole_standard(case, parameters):
    assessment = assess(case, parameters)

    whole = round_half_up(parameters.standard.monthly * assessment.counted_members)
    assert 0 <= assessment.monthly_amount_fen <= whole


@given(cases(), known())
def test_amount_and_income_add_up_to_the_standard(case, parameters):
    assessment = assess(case, parameters)

    if assessment.per_capita_income is not None and assessment.monthly_amount_fen:
        whole = (parameters.standard.monthly - assessment.per_capita_income) * assessment.counted_members
        assert abs(assessment.monthly_amount_fen - whole) <= Fraction(1, 2)


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
