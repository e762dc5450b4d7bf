"""Rounding happens once, halves away from zero, and a quotient need not be reduced for it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import difference, round_half_up, round_quotient, times


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(49, 100), 0),
        (Fraction(-49, 100), 0),
        (Fraction(5, 2), 3),
        (Fraction(7), 7),
        (Fraction(-7), -7),
    ],
)
def test_halves_go_away_from_zero(exact, rounded):
    assert round_half_up(exact) == rounded


@given(st.one_of(st.integers(), st.fractions()), st.integers(1, 10**6))
def test_a_quotient_is_rounded_as_if_it_had_been_made_first(fen, divisor):
    assert round_quotient(fen, divisor) == round_half_up(Fraction(fen) / divisor)
    assert abs(Fraction(fen) / divisor - round_quotient(fen, divisor)) <= Fraction(1, 2)


@given(one=st.fractions(), other=st.fractions(), number=st.integers(-20, 20))
def test_the_short_ways_come_to_what_the_operators_do(one, other, number):
    assert difference(one, other) == one - other
    assert times(one, number) == one * number
