"""What a region may set as a limit on property, and what it exempts. Both exist only regionally: rows, not code.

No limit may turn on a person's occupation or identity alone (notice of 20 October 2022): a limit knows only kinds,
counts and values.
"""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator

from app.programs.declaration import Count, Fen, Listed, Property, PropertyKind, PropertyUse
from app.programs.rows import Row

Measure = Literal["count", "fen"]


class LimitRow(Row):
    """The value of a row `property.<name>`; exactly one of `count`, `fen` and `months_of_standard`.

    E.g. `{"kinds": ["deposit", "security"], "months_of_standard": 24, "per_head": true}`.
    """

    kinds: Annotated[Listed[PropertyKind], Field(min_length=1)]
    count: Count | None = None
    fen: Fen | None = None
    months_of_standard: Annotated[int, Field(ge=0, le=1200)] | None = None
    per_head: bool = False

    @model_validator(mode="after")
    def _one_limit(self) -> "LimitRow":
        if sum(limit is not None for limit in (self.count, self.fen, self.months_of_standard)) != 1:
            raise ValueError("exactly one of count, fen, months_of_standard")
        return self

    @property
    def measure(self) -> Measure:
        """Say what is measured: how many, or how much."""
        return "fen" if self.count is None else "count"

    def household_limit(self, standard_month: Fraction, heads: int) -> Fraction:
        """Return the limit for the whole household."""
        if self.months_of_standard is not None:
            one = self.months_of_standard * standard_month
        else:
            one = Fraction(self.fen or self.count or 0)
        return one * heads if self.per_head else one


class ExemptionRow(Row):
    """The value of a row `property_exempt.<name>`: what does not count at all, as necessary for living and working.

    E.g. `{"kinds": ["vehicle"], "uses": ["disabled_scooter", "motorcycle"]}`; with `fen`, only what is worth no more.
    """

    kinds: Annotated[Listed[PropertyKind], Field(min_length=1)]
    uses: Annotated[Listed[PropertyUse], Field(min_length=1)]
    fen: Fen | None = None

    def covers(self, line: Property) -> bool:
        """Say whether it exempts something declared; without a value nothing lies within a limit on value."""
        if line.kind not in self.kinds or line.use not in self.uses:
            return False
        return self.fen is None or (line.value_fen is not None and line.value_fen <= self.fen)
