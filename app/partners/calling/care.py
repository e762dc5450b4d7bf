"""With how much care an agency is called: the numbers of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Care:
    """The limits of one process towards one agency. Times are seconds.

    `deadline`: of one question with all its pages and tries; with `queue` it is shorter than verification takes an
    attempt to be under way (`patience.UNDER_WAY`). `tries`: at most, of a question that may be repeated, after a
    failure that came at once; before each further one a random time up to `pause` passes. `failures` in a row open the
    breaker, which stays open for `rest` and up to half as long again, so that many processes do not come back at the
    same instant. `at_once`: questions under way; one more waits for `queue` and is then held back.
    """

    deadline: float = 12.0
    tries: int = 2
    pause: float = 0.3
    failures: int = 5
    rest: float = 30.0
    at_once: int = 8
    queue: float = 10.0


FOR_FILES = Care(deadline=45.0, tries=1, failures=3)
"""A file is larger and rarer than a question; who sends it comes back by himself."""
