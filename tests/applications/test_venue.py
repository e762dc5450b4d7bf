"""Where a household applies: the cases of review measures art. 4 and 5, without a database."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from app.applications.venue import Basis, Obstacle, PermitGround, Residence, Situation, judge
from app.reference.procedure import Local, Procedure

ON = date(2026, 11, 23)
HEAD, SPOUSE, CHILD = UUID(int=1), UUID(int=2), UUID(int=3)
HERE = "532529103204"  # the village applied in, 红河县 宝华镇
SAME_TOWNSHIP, SAME_COUNTY = "532529103205", "532529100001"
NEXT_COUNTY, NEXT_COUNTY_VILLAGE = "532528000000", "532528100201"
OTHER_PROVINCE, THIRD_PROVINCE = "440305001001", "520302100201"


def _situation(
    head: str = HERE,
    spouse: str = HERE,
    child: str | None = None,
    *,
    at: str = HERE,
    lives: str | None = None,
    since: date = date(2025, 1, 1),
    permit: PermitGround | None = None,
    relocated: bool = False,
) -> Situation:
    hukou = {HEAD: head, SPOUSE: spouse, CHILD: child or head}
    residence = None if lives is None else Residence(lives, since, permit, relocated)
    return Situation(at, HEAD, hukou, frozenset({HEAD, SPOUSE}), residence)


def _set(**settings: object) -> Procedure:
    rows: Mapping[str, Local] = {name: Local(value, "测试规定", local=True) for name, value in settings.items()}
    return Procedure(rows)


@pytest.mark.parametrize(
    ("situation", "basis"),
    [
        (_situation(), Basis.REGISTERED_HERE),
        (_situation(head=SAME_TOWNSHIP, spouse=SAME_TOWNSHIP), Basis.REGISTERED_HERE),
        (_situation(spouse=SAME_COUNTY), Basis.REGISTERED_HERE),  # one county: any township where one is registered
        (_situation(head="532529000000", spouse=HERE), Basis.REGISTERED_HERE),  # known by the county alone
        (_situation(lives=OTHER_PROVINCE), Basis.REGISTERED_HERE),  # away, and registered together
        (_situation(spouse=OTHER_PROVINCE), Basis.LIVES_WHERE_REGISTERED),
        (_situation(spouse=OTHER_PROVINCE, lives=SAME_COUNTY), Basis.LIVES_WHERE_REGISTERED),
        (_situation(spouse=OTHER_PROVINCE, lives=THIRD_PROVINCE), Basis.NOBODY_LIVES_WHERE_REGISTERED),
        (_situation(spouse=NEXT_COUNTY_VILLAGE), Basis.LIVES_WHERE_REGISTERED),  # no rule of the province
        (_situation(head=OTHER_PROVINCE, spouse=OTHER_PROVINCE, child=HERE), Basis.LIVES_WHERE_REGISTERED),
        (_situation(head=NEXT_COUNTY, spouse=NEXT_COUNTY, lives=HERE, relocated=True), Basis.RELOCATED),
    ],
)
def test_this_place_takes_it_and_says_why(situation, basis):
    verdict = judge(situation, Procedure(), ON)

    assert (verdict.basis, verdict.obstacle) == (basis, None)
    assert verdict.law


def test_registered_elsewhere_altogether_is_told_where():
    verdict = judge(_situation(head=NEXT_COUNTY_VILLAGE, spouse=NEXT_COUNTY_VILLAGE), Procedure(), ON)

    assert (verdict.obstacle, verdict.places) == (Obstacle.NOT_REGISTERED_HERE, (NEXT_COUNTY_VILLAGE,))
    assert verdict.applicants == (HEAD, SPOUSE, CHILD)


def test_who_lives_where_registered_applies_and_nobody_else():
    # The family lives at the spouse's; the head applies at his own registration in another province.
    elsewhere = judge(_situation(spouse=OTHER_PROVINCE, lives=OTHER_PROVINCE), Procedure(), ON)
    # The head applies at the spouse's place, where the spouse has to.
    not_the_head = judge(_situation(spouse=OTHER_PROVINCE, at=OTHER_PROVINCE), Procedure(), ON)

    assert (elsewhere.obstacle, elsewhere.places) == (Obstacle.NOT_REGISTERED_HERE, (OTHER_PROVINCE,))
    assert elsewhere.applicants == (SPOUSE,)
    assert not_the_head.obstacle is Obstacle.ANOTHER_MEMBER_APPLIES
    assert not_the_head.applicants == (SPOUSE,)


def test_where_nobody_lives_where_registered_everybody_has_only_the_own_place():
    verdict = judge(
        _situation(head=OTHER_PROVINCE, spouse=HERE, lives=THIRD_PROVINCE, child=OTHER_PROVINCE), Procedure(), ON
    )

    assert (verdict.obstacle, verdict.places) == (Obstacle.NOT_REGISTERED_HERE, (OTHER_PROVINCE,))
    assert verdict.applicants == (HEAD,)


@pytest.mark.parametrize(
    ("rule", "situation", "fits"),
    [
        ("where_any_is_registered", _situation(head=NEXT_COUNTY, lives=NEXT_COUNTY), True),
        ("where_it_lives", _situation(head=NEXT_COUNTY), True),
        ("where_it_lives", _situation(spouse=NEXT_COUNTY, lives=NEXT_COUNTY), False),
        ("as_between_provinces", _situation(spouse=NEXT_COUNTY, lives=NEXT_COUNTY), False),
    ],
)
def test_between_counties_of_one_province_its_rule_decides(rule, situation, fits):
    verdict = judge(situation, _set(different_counties=rule), ON)

    assert verdict.fits is fits
    assert "测试规定" in verdict.law


def test_the_rule_of_a_province_says_nothing_about_several():
    verdict = judge(
        _situation(spouse=OTHER_PROVINCE, lives=OTHER_PROVINCE), _set(different_counties="where_any_is_registered"), ON
    )

    assert not verdict.fits


@pytest.mark.parametrize(
    ("since", "permit", "taken", "basis", "obstacle"),
    [
        (date(2026, 5, 23), PermitGround.STABLE_JOB, True, Basis.RESIDENCE_PERMIT, None),  # half a year today
        (date(2026, 5, 24), PermitGround.STABLE_JOB, True, None, Obstacle.RESIDENCE_TOO_SHORT),
        (date(2020, 1, 1), PermitGround.SCHOOLING, False, None, Obstacle.PERMIT_NOT_TAKEN_HERE),
        (date(2020, 1, 1), None, True, None, Obstacle.NOT_REGISTERED_HERE),
    ],
)
def test_a_residence_permit_counts_where_the_place_takes_it(since, permit, taken, basis, obstacle):
    situation = _situation(head=OTHER_PROVINCE, spouse=OTHER_PROVINCE, lives=HERE, since=since, permit=permit)

    verdict = judge(situation, _set(residence_applications=taken), ON)

    assert (verdict.basis, verdict.obstacle) == (basis, obstacle)
    assert verdict.places == (() if basis else (OTHER_PROVINCE,))
