"""Money is integer fen (1/100 yuan). Exact arithmetic uses Fraction; rounding happens once, at the end."""

from fractions import Fraction

CURRENCY = "CNY"
NOTHING = Fraction(0)


def round_half_up(exact: Fraction) -> int:
    """Round exact fen to whole fen, halves away from zero (the rule of the national default)."""
    numerator, denominator = exact.numerator, exact.denominator
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


def round_quotient(exact: Fraction | int, divisor: int) -> int:
    """Round exact fen divided by a positive whole number, the same way, without making the quotient first."""
    numerator, denominator = exact.numerator, exact.denominator * divisor
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


def difference(one: Fraction, other: Fraction) -> Fraction:
    """Return what one is above the other, as `-` does, without its way through the types; for the hottest places."""
    numerator = one.numerator * other.denominator - other.numerator * one.denominator
    return Fraction(numerator, one.denominator * other.denominator)


def times(exact: Fraction, number: int) -> Fraction:
    """Return the product with a whole number, in the same way."""
    return Fraction(exact.numerator * number, exact.denominator)


def yuan_to_fen(text: str) -> int:
    """Read an amount in yuan with at most two decimals, e.g. '379.17', into fen.

    Raises:
        ValueError: not a decimal number, or more than two decimals.
    """
    exact = Fraction(text) * 100
    if exact.denominator != 1:
        raise ValueError(f"more than two decimals: {text}")
    return int(exact)


def fen_to_yuan(fen: int) -> str:
    """Write fen as yuan with two decimals, e.g. 37917 → '379.17'."""
    if fen < 0:
        return "-" + fen_to_yuan(-fen)
    return f"{fen // 100}.{fen % 100:02d}"
