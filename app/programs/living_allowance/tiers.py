"""What a region may set about the amount: fixed tiers, supplements on top, and how the sum is rounded."""

from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, Literal

from pydantic import Field, model_validator

from app.core.age import full_years
from app.core.money import round_half_up
from app.programs.declaration import Fen, Listed, MemberFacts
from app.programs.employment import is_severely_disabled
from app.programs.membership import ADULT_AT
from app.programs.rows import Multiple, Row, Share

Group = Literal["elderly", "minor", "severely_disabled", "seriously_ill"]
_OLD_AT = 60  # 老年人: 老年人权益保障法第二条
_WORKS_FROM = 16  # 劳动法 第十五条
AGES = frozenset({_WORKS_FROM, ADULT_AT, _OLD_AT})


class Tier(Row):
    """One tier: up to which income per head it reaches, and what each member gets.

    `below` is a share of the standard; exactly one of `fen` and `share_of_standard` is the amount a head and month.
    `nobody_can_work`: only for a household in which nobody can, see `can_work`.
    """

    below: Share
    fen: Fen | None = None
    share_of_standard: Share | None = None
    nobody_can_work: bool = False

    @model_validator(mode="after")
    def _one_amount(self) -> "Tier":
        if (self.fen is None) == (self.share_of_standard is None):
            raise ValueError("exactly one of fen, share_of_standard")
        return self

    def per_head(self, standard: Fraction) -> Fraction:
        """Return the amount for one member."""
        if self.share_of_standard is not None:
            return self.share_of_standard * standard
        return Fraction(self.fen or 0)


def can_work(member: MemberFacts, on: date) -> bool:
    """Say whether somebody can work, whatever the form says: as the rules for the destitute tell who has no capacity to
    (60 or more, under 16, severely disabled: 特困人员认定办法 第五条); nor can who learns or is seriously ill."""
    if not member.can_work or member.student or member.serious_illness or is_severely_disabled(member):
        return False
    return _WORKS_FROM <= full_years(member.birth_date, on) < _OLD_AT


class TierTable(Row):
    """The value of `amount_tiers`, `{"tiers": [{"below": "0.5", "fen": 50000}, {"below": "1", "fen": 30000}]}`.

    The first tier that fits holds. Who has more never gets more: amounts are all in fen or all shares, and fall. The
    last tier is open to everybody and reaches up to the standard.
    """

    tiers: Annotated[Listed[Tier], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _in_order(self) -> "TierTable":
        if len({tier.fen is None for tier in self.tiers}) != 1:
            raise ValueError("amounts are all in fen or all shares")
        for only_some in (False, True):
            row = [tier for tier in self.tiers if only_some or not tier.nobody_can_work]
            amounts = [tier.per_head(Fraction(1)) for tier in row]
            if not row or row[-1].below != 1 or row != sorted(row, key=lambda tier: tier.below):
                raise ValueError("tiers rise, and the last one reaches up to the standard")
            if amounts != sorted(amounts, reverse=True):
                raise ValueError("who has more income gets no more")
        return self

    def find(self, per_capita: Fraction, standard: Fraction, *, nobody_can_work: bool) -> Tier | None:
        """Return the tier of a household; None for who is not below the standard."""
        fitting = (tier for tier in self.tiers if nobody_can_work or not tier.nobody_can_work)
        return next((tier for tier in fitting if per_capita < tier.below * standard), None)


class SupplementRow(Row):
    """The value of a row `supplement.<code>`: for whom in the household, and how much a month.

    E.g. `{"for": "elderly", "from_age": 70, "share_of_standard": "0.2"}`. Ages are those of the group unless stated.
    """

    group: Annotated[Group, Field(alias="for")]
    from_age: Annotated[int | None, Field(ge=0, le=120)] = None
    below_age: Annotated[int | None, Field(ge=0, le=120)] = None
    fen: Fen | None = None
    share_of_standard: Multiple | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> "SupplementRow":
        if (self.fen is None) == (self.share_of_standard is None):
            raise ValueError("exactly one of fen, share_of_standard")
        return self

    def of(self, standard: Fraction) -> Fraction:
        """Return the amount a month."""
        if self.share_of_standard is not None:
            return self.share_of_standard * standard
        return Fraction(self.fen or 0)

    def reaches(self, member: MemberFacts, on: date) -> bool:
        """Say whether a member belongs to those it is for."""
        age = full_years(member.birth_date, on)
        if self.from_age is not None and age < self.from_age:
            return False
        if self.below_age is not None and age >= self.below_age:
            return False
        match self.group:
            case "elderly":
                return self.from_age is not None or age >= _OLD_AT
            case "minor":
                return age < ADULT_AT
            case "severely_disabled":
                return is_severely_disabled(member)
            case "seriously_ill":
                return member.serious_illness


class RoundingRow(Row):
    """The value of `rounding`, of the household's amount a month: e.g. `{"to_fen": 100, "mode": "up"}`."""

    to_fen: Literal[1, 10, 100, 500, 1000]
    mode: Literal["half_up", "up", "down"]

    def round(self, exact: Fraction) -> int:
        """Round exact fen."""
        units = exact / self.to_fen
        match self.mode:
            case "half_up":
                return round_half_up(units) * self.to_fen
            case "up":
                return ceil(units) * self.to_fen
            case "down":
                return floor(units) * self.to_fen
