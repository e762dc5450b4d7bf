"""Fair turns, a bucket that fills by the hour, and when it will be over."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.campaigns.pacing import Ahead, Waiting, estimate_end, refill, share
from app.reference.procedure import Local, Procedure, fits

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def lane(number: int, county: str, questions: int, served: datetime | None = None) -> Waiting:
    return Waiting(UUID(int=number), county, questions, served)


def test_a_small_county_does_not_wait_behind_a_large_one():
    shares = share([lane(1, "532529", 100_000), lane(2, "530102", 3), lane(3, "530103", 50)], 30)

    assert shares == {UUID(int=1): 14, UUID(int=2): 3, UUID(int=3): 13}


def test_two_campaigns_of_one_county_share_its_turn():
    shares = share([lane(1, "532529", 90), lane(2, "532529", 90), lane(3, "530102", 90)], 40)

    assert shares == {UUID(int=1): 10, UUID(int=2): 10, UUID(int=3): 20}


def test_who_has_waited_longest_comes_first_when_there_is_room_for_few():
    waiting = [
        lane(1, "532529", 9, NOW),
        lane(2, "530102", 9, NOW - timedelta(minutes=5)),
        lane(3, "530103", 9, None),
    ]

    assert share(waiting, 2) == {UUID(int=3): 1, UUID(int=2): 1}


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40)), max_size=12), st.integers(0, 200))
def test_nothing_is_left_over_nobody_gets_more_than_waits_and_no_county_gets_ahead(lanes, budget):
    waiting = [lane(number, f"{county:06}", questions) for number, (county, questions) in enumerate(lanes)]
    wanted: dict[str, int] = {}
    for each in waiting:
        wanted[each.county] = wanted.get(each.county, 0) + each.questions

    shares = share(waiting, budget)

    assert sum(shares.values()) == min(budget, sum(each.questions for each in waiting))
    assert all(shares.get(each.lane, 0) <= each.questions for each in waiting)
    given_to: dict[str, int] = dict.fromkeys(wanted, 0)
    for each in waiting:
        given_to[each.county] += shares.get(each.lane, 0)
    unsated = [given_to[county] for county in wanted if given_to[county] < wanted[county]]
    if unsated:
        assert max(given_to.values()) <= min(unsated) + 1


def test_a_bucket_fills_by_the_hour_and_holds_no_more_than_a_minute():
    assert refill(0, NOW, NOW + timedelta(seconds=10), 3_600) == 10
    assert refill(0, NOW, NOW + timedelta(hours=5), 3_600) == 60
    assert refill(7, NOW, NOW - timedelta(seconds=5), 3_600) == 7, "a clock that went back takes nothing"
    assert refill(0, NOW, NOW + timedelta(hours=1), 6) == 1, "a slow agency is asked in the end"


def test_the_end_is_what_the_slowest_agency_needs_or_how_it_went_so_far():
    paces = [Ahead(own=100, total=1_000, hourly=500), Ahead(own=0, total=90_000, hourly=1)]

    by_pace = estimate_end(NOW, NOW - timedelta(minutes=1), timedelta(0), 100, 100, paces)
    so_far = estimate_end(NOW, NOW - timedelta(hours=9), timedelta(hours=4), 100, 100, paces)

    assert by_pace == NOW + timedelta(hours=2)
    assert so_far == NOW + timedelta(hours=5)
    assert estimate_end(NOW, NOW, timedelta(0), 100, 0, []) is None
    assert estimate_end(NOW, NOW, timedelta(0), 0, 5, []) is None


def test_the_province_says_how_much_an_agency_takes_and_until_then_it_is_five_a_second():
    said = Procedure({"campaign_hourly.tax": Local(60, "测试", local=True)})

    assert (said.campaign_hourly_of("tax").value, said.campaign_hourly_of("banking").value) == (60, 18_000)
    assert said.campaign_at_once_of("tax").value == 500
    assert [fits("campaign_hourly.tax", value) for value in (1, 1_000_000, 0, True, "60")] == [
        True,
        True,
        False,
        False,
        False,
    ]
