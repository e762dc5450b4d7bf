"""What must hold of every program, whatever case of its table one starts from."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.facts import Item
from app.programs.assessment import Assessment, Outcome
from app.programs.base import Program
from app.programs.canonical import canonical_bytes
from app.programs.case import Case
from app.programs.registry import PROGRAMS
from app.programs.sources import OF_TEN_DEPARTMENTS
from app.verification.values import keys_of
from tests.programs.table import Row, put_together, read_rows

_TABLES = {program: read_rows(program.code) for program in PROGRAMS.values()}
_FEN = st.integers(0, 200_000)
_HELPS = {
    Outcome.LIKELY_NOT_ELIGIBLE: 0,
    Outcome.NEEDS_PERSON: 1,
    Outcome.ANOTHER_PROGRAM: 1,
    Outcome.LIKELY_ELIGIBLE: 2,
}

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())


def _applies_as_one(row: Row) -> bool:
    """Say whether one household decides: for who applies alone, a richer family no longer qualifies as a whole."""
    return "alone" not in row


def _rebuilt(program: Program[Any, Any], case: Case[Any], **changed: Any) -> Case[Any]:
    answers = program.answers_model.model_validate({**case.answers.model_dump(), **changed})
    return replace(case, answers=answers)


def _names_what_is_on_record(case: Case[Any], more: dict[str, Any]) -> bool:
    """Say whether a register shows more pieces of this owner and kind than were declared beside what may be exempt: one
    line more is then no more property, and what it is worth may settle what a person had to look at."""
    register = OF_TEN_DEPARTMENTS.property.get(more["kind"])
    if register is None or register.measure != "count":
        return False
    lines = [line for line in case.answers.property if (line.kind, line.owner) == (more["kind"], more["owner"])]
    return case.found_number(more["owner"], register.key) > sum(line.count for line in lines if line.use is None)


def _money(assessment: Assessment) -> int:
    return assessment.monthly_amount_fen + (assessment.one_off_amount_fen or 0)


@every_program
@given(data=st.data())
def test_the_order_of_members_and_lines_never_matters(program, data):
    row = data.draw(st.sampled_from(_TABLES[program]))
    chance: random.Random = data.draw(st.randoms(use_true_random=False))
    case, known = put_together(program, row)
    answers = case.answers.model_dump()
    mixed = {name: chance.sample(value, len(value)) for name, value in answers.items() if isinstance(value, tuple)}

    shuffled = program.build_case(
        area_class=case.area_class,
        division=case.division,
        members=chance.sample(case.members, len(case.members)),
        answers={**answers, **mixed},
        verified=dict(chance.sample(sorted(case.verified.items()), len(case.verified))),
        unavailable=case.unavailable,
        asked=case.asked,
    )

    assert _bytes(program, shuffled, known) == _bytes(program, case, known)


@every_program
@given(data=st.data())
def test_more_income_never_raises_the_amount(program, data):
    row = data.draw(st.sampled_from([row for row in _TABLES[program] if _applies_as_one(row)]))
    case, known = put_together(program, row)
    member = data.draw(st.sampled_from([each.ref for each in case.members]))
    more = {
        "member": member,
        "kind": data.draw(st.sampled_from(["wage", "business", "transfer"])),
        "amount_fen": data.draw(_FEN),
        "period": "month",
    }

    richer = _rebuilt(program, case, income=(*case.answers.model_dump()["income"], more))

    assert _money(program.assess(richer, known, known.on)) <= _money(program.assess(case, known, known.on))


@every_program
@given(data=st.data())
def test_more_property_never_helps(program, data):
    row = data.draw(st.sampled_from([row for row in _TABLES[program] if _applies_as_one(row)]))
    case, known = put_together(program, row)
    more = {
        "kind": data.draw(st.sampled_from(["deposit", "vehicle", "dwelling", "machinery"])),
        "owner": data.draw(st.sampled_from([each.ref for each in case.members])),
        "value_fen": data.draw(st.none() | _FEN),
    }
    assume(not _names_what_is_on_record(case, more))

    richer = _rebuilt(program, case, property=(*case.answers.model_dump()["property"], more))

    before, after = program.assess(case, known, known.on), program.assess(richer, known, known.on)
    assert _money(after) <= _money(before)
    assert _HELPS[after.outcome] <= _HELPS[before.outcome]


@every_program
@given(data=st.data())
def test_a_silent_source_never_counts_as_none(program, data):
    row = data.draw(st.sampled_from(_TABLES[program]))
    given_case, known = put_together(program, row)
    asked = frozenset((each.ref, item) for each in given_case.members for item in program.needs)
    if not asked:
        return
    case = replace(given_case, asked=asked)
    ref, item = data.draw(st.sampled_from(sorted(asked)))

    before, after = (program.assess(each, known, known.on) for each in (case, _silenced(case, ref, item)))

    known_before = _verdicts(before)
    gained = {rule for rule, met in _verdicts(after).items() if met and known_before.get(rule, True) is not True}
    assert gained == set()
    assert after.outcome in (Outcome.NEEDS_PERSON, before.outcome)
    assert after.outcome is not Outcome.LIKELY_ELIGIBLE or _needs_nobody_asked(after)


@every_program
@given(data=st.data())
def test_amounts_are_never_negative_and_nothing_open_is_likely_eligible(program, data):
    case, known = put_together(program, data.draw(st.sampled_from(_TABLES[program])))

    assessment = program.assess(case, known, known.on)

    decisive = [each for each in assessment.findings if each.weight != "note"]
    assert assessment.monthly_amount_fen >= 0
    assert (assessment.one_off_amount_fen or 0) >= 0
    if assessment.outcome is Outcome.LIKELY_ELIGIBLE:
        assert all(each.met for each in decisive)
    if assessment.outcome is Outcome.LIKELY_NOT_ELIGIBLE:
        assert any(each.met is False for each in decisive)


@every_program
@given(data=st.data())
def test_a_silenced_case_replays_to_the_same_bytes(program, data):
    case, known = put_together(program, data.draw(st.sampled_from(_TABLES[program])))
    unknown = data.draw(st.sets(st.sampled_from([(each.ref, item) for each in case.members for item in Item])))
    case = replace(case, unavailable=case.unavailable | unknown)

    again = program.replay(json.loads(canonical_bytes(case.as_json())), json.loads(canonical_bytes(known.as_json())))

    assert canonical_bytes(again.as_json()) == _bytes(program, case, known)


def _silenced(case: Case[Any], ref: str, item: Item) -> Case[Any]:
    left = {place: found for place, found in case.verified.items() if place[0] != ref or place[1] not in keys_of(item)}
    return replace(case, verified=left, unavailable=case.unavailable | {(ref, item)})


def _needs_nobody_asked(assessment: Assessment) -> bool:
    """Say whether the outcome rests on nothing that agencies are asked: help given before anything is checked."""
    return "sources_answered" not in {each.rule for each in assessment.findings}


def _verdicts(assessment: Assessment) -> dict[tuple[str, str], bool | None]:
    """Return what each rule found; there is one rule for each regional limit."""
    return {(each.rule, str(each.numbers.get("source"))): each.met for each in assessment.findings}


def _bytes(program: Program[Any, Any], case: Case[Any], known: Any) -> bytes:
    return canonical_bytes(program.assess(case, known, known.on).as_json())
