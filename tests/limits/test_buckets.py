"""Limits counted in the process."""

from app.limits.buckets import Buckets
from app.limits.policies import Keeper, Policy

SIXTY_A_MINUTE = Policy("sixty_a_minute", 60, 60, "test", Keeper.PROCESS)


def _use(buckets: Buckets, now: float, who: str = "a"):
    return buckets.use(SIXTY_A_MINUTE, who, SIXTY_A_MINUTE.quota, now)


def test_a_burst_of_the_quota_goes_through_and_then_one_a_second():
    buckets = Buckets()
    assert not any(_use(buckets, 0.0).refused for _ in range(60))

    refused = _use(buckets, 0.0)
    assert (refused.refused, refused.remaining, refused.seconds) == (True, 0, 1)
    assert not _use(buckets, 1.0).refused
    assert _use(buckets, 1.0).refused


def test_a_bucket_never_holds_more_than_its_quota():
    buckets = Buckets()
    _use(buckets, 0.0)
    buckets.give_back(SIXTY_A_MINUTE, "a")
    buckets.give_back(SIXTY_A_MINUTE, "a")

    assert _use(buckets, 1000.0).remaining == 59


def test_callers_do_not_share_a_bucket_and_the_number_of_buckets_is_bounded():
    buckets = Buckets(most=2)
    for who in "abc":
        assert _use(buckets, 0.0, who).remaining == 59

    assert _use(buckets, 0.0, "c").remaining == 58
    assert _use(buckets, 0.0, "a").remaining == 59  # went, and a bucket that went is full again
