"""Limits kept in this process: token buckets, for reads that must not cost a write.

Per process: n processes let through up to n times the quota, and a restart forgets. A bucket holds `quota` tokens and
refills evenly over its window; bounded in number, the least recently used go first (a bucket that went is a full one).
"""

import math
from collections import OrderedDict

from app.limits.commands import Standing
from app.limits.policies import Policy

_MOST_BUCKETS = 50_000  # some 10 MB


class Buckets:
    """The buckets of one process, not shared between threads. Time is the machine's, in seconds, and only moves on."""

    def __init__(self, most: int = _MOST_BUCKETS) -> None:
        self._most = most
        self._levels: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def use(self, policy: Policy, partition: str, quota: int, now: float) -> Standing:
        """Take a token and say how the limit stands."""
        key = (policy.name, partition)
        level, since = self._levels.get(key, (float(quota), now))
        level = min(float(quota), level + (now - since) * quota / policy.window)
        refused = level < 1
        if not refused:
            level -= 1
        self._levels[key] = (level, now)
        self._levels.move_to_end(key)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
        missing = 1 - level if refused else quota - level
        seconds = max(1, math.ceil(missing * policy.window / quota))
        return Standing(policy, quota, 0 if refused else int(level), seconds, refused)

    def give_back(self, policy: Policy, partition: str) -> None:
        """Put a token back."""
        key = (policy.name, partition)
        if key in self._levels:
            level, since = self._levels[key]
            self._levels[key] = (level + 1, since)
