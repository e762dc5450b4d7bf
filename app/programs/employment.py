"""Work: what a region lets a wage be lowered by, and what it takes somebody who could work to earn.

Nothing of this exists nationally. A regional assumption about earnings is never made blindly (notice of 20 October
2022): who says that he cannot work, or has long found none, goes to a person.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import Field, model_validator

from app.core.age import full_months, full_years
from app.programs.declaration import Disability, Fen, Income, MemberFacts
from app.programs.rows import Multiple, Row, Share

SEVERE_GRADE = 2  # 重度残疾: grades 1 and 2


class _Wage(Row):
    """Something measured by an amount a month, or by a share of the local minimum wage; exactly one of both."""

    fen: Fen | None = None
    minimum_wage_fen: Fen | None = None
    share_of_minimum_wage: Share | None = None

    def month_fen(self) -> Fraction:
        """Return the amount a month."""
        if self.share_of_minimum_wage is None:
            return Fraction(self.fen or 0)
        return self.share_of_minimum_wage * (self.minimum_wage_fen or 0)


class EmploymentCostRow(_Wage):
    """The value of `employment_cost`, for each earner; exactly one of `share_of_wage`, `fen` and the minimum wage.

    E.g. `{"share_of_wage": "0.1"}` or `{"share_of_minimum_wage": "0.1", "minimum_wage_fen": 167000}`.
    """

    share_of_wage: Share | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "EmploymentCostRow":
        if sum(way is not None for way in (self.share_of_wage, self.fen, self.share_of_minimum_wage)) != 1:
            raise ValueError("exactly one of share_of_wage, fen, share_of_minimum_wage")
        if (self.share_of_minimum_wage is None) != (self.minimum_wage_fen is None):
            raise ValueError("a share of the minimum wage needs the minimum wage")
        return self

    def of(self, wage_year: Fraction | int, months: int) -> Fraction:
        """Return the cost of twelve months; never more than the wage."""
        if self.share_of_wage is not None:
            return self.share_of_wage * wage_year
        return min(self.month_fen() * months, Fraction(wage_year))


class NewJobRow(Row):
    """The value of `new_job_disregard`: income of a job begun less than `months` ago does not count up to a limit.

    E.g. `{"months": 12, "multiple_of_standard": "3"}`: up to three times the monthly standard a month.
    """

    months: Annotated[int, Field(ge=1, le=60)]
    multiple_of_standard: Multiple


class LabourRow(_Wage):
    """The value of `labour_income`: what somebody of working age who can work is taken to earn at least.

    E.g. `{"from_age": 16, "to_age": 59, "fen": 80000}`.
    """

    from_age: Annotated[int, Field(ge=0, le=120)]
    to_age: Annotated[int, Field(ge=0, le=120)]

    @model_validator(mode="after")
    def _one_way(self) -> "LabourRow":
        if (self.fen is None) == (self.share_of_minimum_wage is None):
            raise ValueError("exactly one of fen, share_of_minimum_wage")
        if (self.share_of_minimum_wage is None) != (self.minimum_wage_fen is None):
            raise ValueError("a share of the minimum wage needs the minimum wage")
        return self


@dataclass(frozen=True, slots=True)
class Labour:
    """What is taken to be earned beside what was declared, by member, and whom a person must look at first."""

    assumed: tuple[tuple[str, Fraction], ...] = ()
    open: tuple[str, ...] = ()


NO_LABOUR = Labour()


def disregarded(line: Income, row: NewJobRow | None, standard: Fraction, on: date) -> Fraction | int:
    """Return what of a wage does not count because the job is new; on the day that ends the time it counts again."""
    if row is None or line.since is None or not 0 <= full_months(line.since, on) < row.months:
        return 0
    limit = row.multiple_of_standard * standard * line.months_earned
    return min(Fraction(max(line.year_fen - line.costs_year_fen, 0)), limit)


def employment_costs(
    lines: Iterable[tuple[Income, Fraction | int]], row: EmploymentCostRow | None
) -> tuple[tuple[str, Fraction], ...]:
    """Return by earner what the region's formula deducts beyond the costs that were stated.

    `lines`: each counted wage with what is disregarded of it. The higher of stated costs and formula holds, not both.
    """
    if row is None:
        return ()
    wages: defaultdict[str, Fraction | int] = defaultdict(int)
    stated: defaultdict[str, int] = defaultdict(int)
    months: defaultdict[str, int] = defaultdict(int)
    for line, left_out in lines:
        wages[line.member] += line.year_fen - left_out
        stated[line.member] += line.costs_year_fen
        months[line.member] = max(months[line.member], line.months_earned)
    extra = ((ref, row.of(wages[ref], months[ref]) - stated[ref]) for ref in sorted(wages))
    return tuple((ref, fen) for ref, fen in extra if fen > 0)


def assume_labour(
    members: Iterable[MemberFacts],
    earned_year: Mapping[str, Fraction | int],
    no_work_found: Iterable[str],
    row: LabourRow | None,
    on: date,
) -> Labour:
    """Work out what the region takes each member to earn beyond `earned_year`, what work really brought."""
    if row is None:
        return NO_LABOUR
    year = row.month_fen() * 12
    looked, assumed, unclear = set(no_work_found), [], []
    for member in members:
        missing = year - earned_year.get(member.ref, 0)
        if missing <= 0 or not _is_of_working_age(member, row, on):
            continue
        if member.can_work and member.ref not in looked:
            assumed.append((member.ref, missing))
        else:
            unclear.append(member.ref)
    return Labour(tuple(assumed), tuple(unclear))


def is_severely_disabled(member: MemberFacts) -> bool:
    """Say whether the certificate shows grade 1 or 2 of any kind, or grade 3 intellectual or mental (art. 8)."""
    return is_severely_disabled_by(member.disability)


def is_severely_disabled_by(certificate: Disability | None) -> bool:
    """Say the same of a certificate."""
    if certificate is None:
        return False
    return certificate.grade <= SEVERE_GRADE or (
        certificate.grade == 3 and certificate.kind in ("intellectual", "mental")
    )


def _is_of_working_age(member: MemberFacts, row: LabourRow, on: date) -> bool:
    if member.student or member.serious_illness or is_severely_disabled(member):
        return False
    return row.from_age <= full_years(member.birth_date, on) <= row.to_age
