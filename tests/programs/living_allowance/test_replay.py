"""A stored decision is judged again, to the byte, also with everything that agencies said.

`decisions/rules_<n>.json` holds decisions as version n of the rules made them, each with the digest of its bytes
(`test_kept_decisions.py` judges them again). A rule that would change one of them needs a version of its own.
"""

import json
from datetime import date

import pytest

from app.facts import FactKey, Item
from app.programs.canonical import canonical_bytes
from tests.programs.living_allowance.builders import PROGRAM, assess, case, fact, members, parameters


def _full():
    facts = {
        ("m1", FactKey.BIRTH_DATE): fact(FactKey.BIRTH_DATE, date(1980, 5, 6), "public_security"),
        ("m1", FactKey.REGISTERED_NAME): fact(FactKey.REGISTERED_NAME, "测试甲", "public_security"),
        ("m2", FactKey.DECEASED_ON): fact(FactKey.DECEASED_ON, date(2026, 10, 1), "civil_affairs"),
        ("m1", FactKey.BENEFITS_IN_FORCE): fact(FactKey.BENEFITS_IN_FORCE, ("living_allowance",), "civil_affairs"),
        ("m1", FactKey.DEPOSIT_BALANCE): fact(FactKey.DEPOSIT_BALANCE, 12_345),
    }
    people = members({"disability": {"kind": "visual", "grade": 1}}, {"situation_since": date(2020, 2, 29)})
    return case(people, verified=facts, unavailable=[("m2", Item.VEHICLES), ("m1", Item.DEPOSITS)])


def test_a_case_is_read_back_as_it_was_written():
    written = canonical_bytes(_full().as_json())

    assert canonical_bytes(PROGRAM.case_from_json(json.loads(written)).as_json()) == written


def test_parameters_are_read_back_as_they_were_written():
    known = parameters(region={"property.cars": {"kinds": ["vehicle"], "count": 1}, "edge_ratio": "1.6"})

    written = canonical_bytes(known.as_json())

    assert canonical_bytes(PROGRAM.parameters_from_json(json.loads(written)).as_json()) == written


def test_a_decision_replays_to_the_same_bytes():
    judged, known = _full(), parameters(region={"property.cars": {"kinds": ["vehicle"], "count": 1}})
    decided = canonical_bytes(assess(judged, known).as_json())

    again = PROGRAM.replay(json.loads(canonical_bytes(judged.as_json())), json.loads(canonical_bytes(known.as_json())))

    assert canonical_bytes(again.as_json()) == decided


def test_a_date_as_text_and_as_a_date_are_the_same_fact():
    as_date = case(verified={("m1", FactKey.BIRTH_DATE): fact(FactKey.BIRTH_DATE, date(1980, 5, 7))})
    as_text = case(verified={("m1", FactKey.BIRTH_DATE): fact(FactKey.BIRTH_DATE, "1980-05-07")})

    assert canonical_bytes(assess(as_date).as_json()) == canonical_bytes(assess(as_text).as_json())


def test_parameters_of_another_day_judge_nothing():
    with pytest.raises(ValueError, match="cannot judge"):
        PROGRAM.assess(case(), parameters(date(2026, 1, 1)), date(2026, 1, 2))


def test_what_version_2_added_is_not_found_under_version_1():
    judged = case(
        members({}, {"disability": {"kind": "physical", "grade": 2}}),
        income=[{"member": "m1", "kind": "wage", "amount_fen": 300_000, "period": "month"}],
    )
    stored = judged.as_json(), parameters().as_json()

    before, now = PROGRAM.replay(*stored, 1), PROGRAM.replay(*stored)

    assert (before.rules_version, now.rules_version) == (1, 5)
    assert "adults_may_apply_alone" not in {each.rule for each in before.findings}
    assert "adults_may_apply_alone" in {each.rule for each in now.findings}


def test_what_version_3_looks_into_is_not_missed_under_version_2():
    facts = {
        ("m1", FactKey.BUSINESS_COUNT): fact(FactKey.BUSINESS_COUNT, 1, "market_regulation"),
        ("m1", FactKey.INSURED_WAGE_MONTHLY): fact(FactKey.INSURED_WAGE_MONTHLY, 452_000, "human_resources"),
    }
    stored = case(verified=facts).as_json(), parameters().as_json()

    before, now = PROGRAM.replay(*stored, 2), PROGRAM.replay(*stored)

    assert {each.rule: each.met for each in before.findings}["property_declared_in_full"] is True
    assert "wages_declared" not in {each.rule for each in before.findings}
    found = {each.rule: each for each in now.findings}
    assert found["property_declared_in_full"].met is False
    assert found["wages_declared"].inputs["found"][0]["source"] == "human_resources"
