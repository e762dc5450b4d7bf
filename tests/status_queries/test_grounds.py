"""What may be asked for, and by which article: every purpose against every article."""

import pytest

from app.status_queries.grounds import GROUNDS, Basis, QueryPurpose, rests_on


@pytest.mark.parametrize("purpose", QueryPurpose)
def test_a_purpose_rests_on_its_own_article_and_on_mutual_recognition_alone(purpose):
    own = {basis for basis in Basis if rests_on(purpose, basis)}

    assert own == {GROUNDS[purpose].basis, Basis.SOCIAL_ASSISTANCE_LAW_42}


def test_every_article_gives_an_aid_of_its_own():
    assert sorted(ground.basis for ground in GROUNDS.values()) == sorted(set(Basis) - {Basis.SOCIAL_ASSISTANCE_LAW_42})


def test_a_child_is_told_about_where_the_aid_is_the_childs_own():
    ages = {purpose.value: ground.from_age for purpose, ground in GROUNDS.items() if ground.from_age}

    assert ages == {"housing_assistance": 14, "employment_assistance": 16}
