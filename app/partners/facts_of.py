"""Small maker of answers, shared by the adapters: a source, a date, and what was found."""

from collections.abc import Mapping
from datetime import date

from app.facts import Answer, Fact, FactKey, Outcome, Value


def found(source: str, as_of: date, values: Mapping[FactKey, Value]) -> Answer:
    """Return a hit whose facts all come from one source and hold for one date."""
    return Answer(Outcome.HIT, {key: Fact(key, value, source, as_of) for key, value in values.items()})
