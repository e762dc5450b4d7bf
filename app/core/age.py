"""Full years (周岁) and months between two legal dates: the one rule for ages and for "three years or more".

A birthday is reached on its day. Who was born on 29 February turns on 1 March in common years (domain 6.6).
"""

from datetime import date


def full_years(since: date, on: date) -> int:
    """Return how many full years have passed from `since` to `on`; negative when `since` lies after `on`."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def full_months(since: date, on: date) -> int:
    """Return how many full months have passed from `since` to `on`; negative when `since` lies after `on`.

    A month is full on the same day of a later month, or on the first of the one after where that day does not exist.
    """
    return (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)
