"""Where a household applies (review measures art. 4 and 5): pure, from what it declared and what its place has set.

"Lives where registered" is told by the county: within one the townships settle it among themselves, and it is counties
that art. 5 and 15 oblige to help each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.core.age import full_months
from app.reference.divisions import Level, county_of, covers, level_of
from app.reference.procedure import DifferentCounties, Procedure, Setting

_D57 = "最低生活保障审核确认办法"
_PERMITS = "居住证暂行条例 第二条"
_RELOCATION = "关于进一步做好最低生活保障等社会救助兜底工作的通知（2022年）"
_RESIDENCE_MONTHS = 6  # 居住半年以上


class Basis(StrEnum):
    """Why a place takes an application."""

    REGISTERED_HERE = "registered_here"
    LIVES_WHERE_REGISTERED = "lives_where_registered"
    NOBODY_LIVES_WHERE_REGISTERED = "nobody_lives_where_registered"
    PROVINCIAL_RULE = "provincial_rule"
    RESIDENCE_PERMIT = "residence_permit"
    RELOCATED = "relocated"


class Obstacle(StrEnum):
    """Why it does not."""

    NOT_REGISTERED_HERE = "not_registered_here"
    ANOTHER_MEMBER_APPLIES = "another_member_applies"
    PERMIT_NOT_TAKEN_HERE = "permit_not_taken_here"
    RESIDENCE_TOO_SHORT = "residence_too_short"


class PermitGround(StrEnum):
    """On what a residence permit was given, beside half a year of residence."""

    STABLE_JOB = "stable_job"
    STABLE_DWELLING = "stable_dwelling"
    SCHOOLING = "schooling"


@dataclass(frozen=True)
class Residence:
    """Where a household lives, since when, and by what right; `relocated`: moved there by a relocation programme."""

    division: str
    since: date
    permit: PermitGround | None = None
    relocated: bool = False


@dataclass(frozen=True)
class Situation:
    """What the rule looks at. `hukou`: where each member is registered; `adults`: who of them can apply."""

    division: str
    applicant: UUID
    hukou: Mapping[UUID, str]
    adults: frozenset[UUID]
    residence: Residence | None


@dataclass(frozen=True)
class Verdict:
    """Whether a place takes an application and why; if not, which places do, and which members may apply there."""

    law: tuple[str, ...]
    basis: Basis | None = None
    obstacle: Obstacle | None = None
    places: tuple[str, ...] = ()
    applicants: tuple[UUID, ...] = ()

    @property
    def fits(self) -> bool:
        """Say whether it does."""
        return self.basis is not None


def is_plain(situation: Situation) -> bool:
    """Say whether nothing is to be decided: everybody is registered where the household applies, and lives there."""
    here = all(_is_at(code, situation.division) for code in situation.hukou.values())
    return here and situation.residence is None


def judge(situation: Situation, procedure: Procedure, on: date) -> Verdict:
    """Say whether a household applies at the right place on a day."""
    registered = _by_registration(situation, procedure)
    residence = situation.residence
    if registered.fits or residence is None or not _is_at(residence.division, situation.division):
        return registered
    if residence.relocated:
        return Verdict((_RELOCATION,), Basis.RELOCATED)
    if residence.permit is None:
        return registered
    setting = procedure[Setting.RESIDENCE_APPLICATIONS]
    law = tuple(dict.fromkeys((f"{_D57} 第五条第三款", setting.basis, _PERMITS)))
    if not setting.value:
        return Verdict(law, None, Obstacle.PERMIT_NOT_TAKEN_HERE, registered.places, registered.applicants)
    if full_months(residence.since, on) < _RESIDENCE_MONTHS:
        return Verdict(law, None, Obstacle.RESIDENCE_TOO_SHORT, registered.places, registered.applicants)
    return Verdict(law, Basis.RESIDENCE_PERMIT)


def _by_registration(situation: Situation, procedure: Procedure) -> Verdict:
    hukou, at = situation.hukou, situation.division
    own = hukou.get(situation.applicant, at)
    everywhere = tuple(dict.fromkeys((own, *hukou.values())))
    everybody = tuple(hukou)
    if len({county_of(code) for code in everywhere}) == 1:
        return _where_any(everywhere, everybody, at, Basis.REGISTERED_HERE, (f"{_D57} 第四条",))
    law: tuple[str, ...] = (f"{_D57} 第五条第一款",)
    if len({code[:2] for code in everywhere}) == 1:
        setting = procedure[Setting.DIFFERENT_COUNTIES]
        law = tuple(dict.fromkeys((f"{_D57} 第五条第二款", setting.basis)))
        if setting.value == DifferentCounties.WHERE_ANY_IS_REGISTERED:
            return _where_any(everywhere, everybody, at, Basis.PROVINCIAL_RULE, law)
        if setting.value == DifferentCounties.WHERE_IT_LIVES:
            return _where_any((_lives_in(situation),), everybody, at, Basis.PROVINCIAL_RULE, law)
    return _by_who_lives_where_registered(situation, law)


def _by_who_lives_where_registered(situation: Situation, law: tuple[str, ...]) -> Verdict:
    hukou, at, applicant = situation.hukou, situation.division, situation.applicant
    county = county_of(_lives_in(situation))
    at_home = tuple(member for member, code in hukou.items() if county_of(code) == county)
    if not at_home:
        return _where_any((hukou[applicant],), (applicant,), at, Basis.NOBODY_LIVES_WHERE_REGISTERED, law)
    # A minor does not apply himself: where only minors live at home, whoever applies for the household does it there.
    applicants = tuple(member for member in at_home if member in situation.adults) or tuple(hukou)
    places = tuple(dict.fromkeys(hukou[member] for member in at_home))
    verdict = _where_any(places, applicants, at, Basis.LIVES_WHERE_REGISTERED, law)
    if verdict.fits and applicant not in applicants:
        return Verdict(law, None, Obstacle.ANOTHER_MEMBER_APPLIES, places, applicants)
    return verdict


def _where_any(
    places: tuple[str, ...], applicants: tuple[UUID, ...], at: str, basis: Basis, law: tuple[str, ...]
) -> Verdict:
    if any(_is_at(place, at) for place in places):
        return Verdict(law, basis)
    return Verdict(law, None, Obstacle.NOT_REGISTERED_HERE, places, applicants)


def _lives_in(situation: Situation) -> str:
    return situation.residence.division if situation.residence else situation.division


def _is_at(place: str, at: str) -> bool:
    """Say whether a place is in the township of `at`; one known by its county alone is in any of its townships."""
    if level_of(place) is Level.COUNTY:
        return covers(place, at)
    return place[:9] == at[:9]
