"""Whether somebody who owes support is unable to give it (art. 8)."""

from dataclasses import dataclass
from datetime import date

from app.core.age import full_years
from app.programs.declaration import yearly
from app.programs.destitute_support.answers import LegalSupporter
from app.programs.destitute_support.work import Work
from app.programs.employment import is_severely_disabled_by

_RECIPIENT_FROM = 60  # art. 8(2)
_OLD_FROM = 70  # art. 8(3)
_NOT_HERE = frozenset({"no_capacity", "declared_missing", "in_prison"})  # art. 8(5)


@dataclass(frozen=True, slots=True)
class SupporterVerdict:
    """Whether one supporter is unable, and why; None: a person must look."""

    unable: bool | None
    reason: str


def judge_supporter(supporter: LegalSupporter, work: Work) -> SupporterVerdict:
    """Go through the cases of art. 8: one that holds decides, one that is open leaves it open, none means able."""
    cases = (
        ("destitute", supporter.status == "destitute"),
        ("old_recipient", _is_old_recipient(supporter, work.on)),
        ("old_and_poor", _all_of(_is_aged(supporter, _OLD_FROM, work.on), _is_poor(supporter, work))),
        ("disabled_and_poor", _all_of(_is_severe(supporter), _is_poor(supporter, work))),
        ("not_here_and_poor", _all_of(supporter.status in _NOT_HERE, supporter.property_within_rules)),
    )
    holding = next((code for code, holds in cases if holds), None)
    if holding is not None:
        return SupporterVerdict(True, holding)
    unclear = next((code for code, holds in cases if holds is None), None)
    return SupporterVerdict(False, "able") if unclear is None else SupporterVerdict(None, unclear)


def _is_old_recipient(supporter: LegalSupporter, on: date) -> bool | None:
    return _all_of(supporter.status == "living_allowance", _is_aged(supporter, _RECIPIENT_FROM, on))


def _is_aged(supporter: LegalSupporter, years: int, on: date) -> bool | None:
    return None if supporter.birth_date is None else full_years(supporter.birth_date, on) >= years


def _is_severe(supporter: LegalSupporter) -> bool:
    return is_severely_disabled_by(supporter.disability)


def _is_poor(supporter: LegalSupporter, work: Work) -> bool | None:
    """Say whether own income lies below last year's disposable income and property stays within the rules."""
    return _all_of(_earns_little(supporter, work), supporter.property_within_rules)


def _earns_little(supporter: LegalSupporter, work: Work) -> bool | None:
    row = work.parameters.disposable
    average = row.monthly(work.case.area_class, work.on) if row is not None else None
    if average is None or supporter.income_fen is None:
        return None
    return yearly(supporter.income_fen, supporter.period) < average * 12


def _all_of(*parts: bool | None) -> bool | None:
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True
