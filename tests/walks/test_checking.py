"""The checker is checked: a right sight passes, and whatever is wrong with one is told."""

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from tests.walks.alphabet import ALPHABET, allowed
from tests.walks.checking import Strayed, check_answer, check_sight, check_unchanged
from tests.walks.days import Days, Due
from tests.walks.matters import Walk
from tests.walks.model import Act, Setting

_MONDAY = date(2026, 12, 14)
_NAMES = {"1": "reviewer-1", "2": "confirmer-1", "3": "county-1"}
_WAY = (
    Act("submit", "citizen", ("promised",)),
    Act("accept", "handler-1", ("plain",)),
    Act("banks", "world"),
    Act("visit", "handler-1", ("handler-2", "home", "today", "head")),
    Act("opinion", "reviewer-1", ("favour",)),
)


def _walked(*more: Act) -> Walk:
    model = Walk(Setting(_MONDAY), _MONDAY, Days())
    for act in (*_WAY, *more):
        assert not model.judge(act), act
        model.do(act)
    return model


def _with_county() -> Walk:
    model = _walked()
    model.pass_to(model.until(date(2026, 12, 31)))
    return model


def _sight(model: Walk) -> dict[str, Any]:
    seen = model.expected()
    return seen | {"timeline": dict(seen), "told": set(), "amounts": {68_750}}


def _check(model: Walk, seen: dict[str, Any], *record: tuple[str, str, str]) -> None:
    acts = [{"action": action, "who": who, "object": of, "detail": {}} for action, who, of in record]
    check_sight([], model, seen, acts, {"handler-1", "handler-2"}, _NAMES)


def test_a_right_sight_passes():
    model = _with_county()
    assert model.today == date(2026, 12, 22)
    assert [(step.kind, step.due) for step in model.steps] == [("confirmation", Due(date(2027, 1, 6), sure=False))]
    _check(model, _sight(model), ("review.opinion", "1", "case"), ("review.decide", "2", "case"))


_WRONG: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a state that is not there yet": lambda seen: seen.update(status="approved"),
    "a review that runs ahead": lambda seen: seen.update(review="confirmed"),
    "a deadline lost": lambda seen: seen.update(steps=[]),
    "a deadline one day short": lambda seen: seen.update(
        steps=[("confirmation", "county", "2027-01-05", True)],
    ),
    "an estimate told as certain": lambda seen: seen.update(steps=[("confirmation", "county", "2027-01-06", False)]),
    "a decision that may take longer": lambda seen: seen.update(decide_by=("2027-01-27", True)),
    "a timeline that says something else": lambda seen: seen["timeline"].update(waiting_for="township"),
    "a delay that the timeline tells and nobody has": lambda seen: seen["timeline"].update(overdue=True),
    "a notice that hangs on": lambda seen: seen.update(board=1),
    "money before there is an award": lambda seen: seen.update(lines=[("2027-01-01", "regular", "paid")]),
    "an award before there is a decision": lambda seen: seen.update(award="active"),
}


@pytest.mark.parametrize("what", _WRONG)
def test_what_is_wrong_is_told(what: str):
    model = _with_county()
    seen = _sight(model)
    _WRONG[what](seen)
    with pytest.raises(Strayed):
        _check(model, seen)


_BROKEN = {
    "who gave the opinion decides": (("review.opinion", "1", "case"), ("review.decide", "1", "case")),
    "decided twice": (("review.decide", "2", "case"), ("review.decide", "3", "case")),
    "surveyed after the decision": (("review.decide", "2", "case"), ("review.visit", "3", "case")),
    "a payroll approved by who built it": (("payroll.build", "3", "roll"), ("payroll.approve", "3", "roll")),
    "a payroll released by who approved it": (("payroll.approve", "2", "roll"), ("payroll.release", "2", "roll")),
}


@pytest.mark.parametrize("what", _BROKEN)
def test_what_the_record_says_of_broken_laws_is_told(what: str):
    model = _with_county()
    with pytest.raises(Strayed):
        _check(model, _sight(model), *_BROKEN[what])


def test_a_month_paid_twice_is_told_even_where_the_model_would_have_it_so():
    model = _with_county()
    seen = _sight(model)
    twice = [("2027-01-01", "regular", "paid")] * 2
    model.expected = lambda: {**seen, "lines": twice}  # type: ignore[method-assign]
    with pytest.raises(Strayed, match="more than one line"):
        _check(model, {**seen, "lines": twice})


def test_a_delay_that_was_not_told_upwards_is_told_here():
    model = _with_county()
    model.pass_to(date(2027, 1, 7))
    assert ("county" in {level for _, level in model.delays()}) is True
    seen = _sight(model)
    _check(model, seen)  # the worker has not had its turn
    model.note_delays()
    with pytest.raises(Strayed, match="was not told"):
        _check(model, seen)


def test_answers_are_compared_by_reason_and_status():
    act = Act("confirm", "reviewer-1")

    def answer(status: int, code: str = "") -> httpx.Response:
        return httpx.Response(status, json={"code": code})

    assert check_answer([], act, {"role_not_allowed"}, answer(403, "role_not_allowed")) == "role_not_allowed"
    assert check_answer([], act, set(), answer(200)) == ""
    for reasons, wrong in (
        ({"role_not_allowed"}, answer(200)),
        ({"role_not_allowed"}, answer(409, "role_not_allowed")),
        ({"role_not_allowed"}, answer(409, "step_not_allowed")),
        (set(), answer(409, "step_not_allowed")),
        (set(), answer(500)),
    ):
        with pytest.raises(Strayed):
            check_answer([], act, reasons, wrong)


def test_a_refusal_that_changed_something_is_told():
    check_unchanged([], {"visits": "a"}, {"visits": "a"})
    with pytest.raises(Strayed, match="visits"):
        check_unchanged([], {"visits": "a"}, {"visits": "b"})


def test_days_are_counted_as_on_the_wall():
    days, told = Days(), Days({date(2027, 1, 1): False, date(2027, 1, 2): True})
    # Friday, 4 December 2026: the day itself does not count.
    assert days.working(date(2026, 12, 4), 1) == Due(date(2026, 12, 7), sure=True)
    # Wednesday, 30 December: New Year lies between, and which days of the week after it are worked nobody has said.
    assert days.working(date(2026, 12, 30), 2) == Due(date(2027, 1, 4), sure=False)
    assert told.working(date(2026, 12, 30), 2) == Due(date(2027, 1, 2), sure=True)
    # Seven days after Saturday, 12 December, is a Saturday: until Monday.
    assert days.calendar(date(2026, 12, 12), 7) == Due(date(2026, 12, 21), sure=True)


def test_every_state_leaves_something_to_do():
    model = Walk(Setting(_MONDAY, car=True), _MONDAY, Days())
    assert {"submit", "edit", "discard", "wait"} <= set(allowed(model))
    assert len({act.name for act in ALPHABET}) > 40
