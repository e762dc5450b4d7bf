"""Exact values as JSON, and JSON as one canonical string of bytes, so that a decision can be replayed to the byte."""

from fractions import Fraction

from app.core.canonical import Json, canonical_bytes

__all__ = ["Json", "canonical_bytes", "fraction_json"]


def fraction_json(value: Fraction) -> dict[str, Json]:
    """Write an exact number as two strings: readers without big integers must not lose digits."""
    return {"numerator": str(value.numerator), "denominator": str(value.denominator)}
