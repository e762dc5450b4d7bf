"""Which month is the first that the other county pays, and from when on that may be settled. Pure."""

from datetime import date

from app.core.months import first_of_month, next_month, previous_month


def first_month_there(
    *, decided_on: date, moved_on: date, award_from: date, prepared: date | None, adjusted: date | None
) -> date:
    """Return the first month of the county that goes on; the one before is the last of the county that paid.

    A grant is paid from the month after its decision (review measures art. 21), and so is this one; not before the
    household has moved; not before the award begins; and not a month that the first county has laid a line for
    (`prepared`), or in which an amount begins that it decided on after a hearing (`adjusted`): that it pays itself.
    """
    after = [first_of_month(decided_on), first_of_month(moved_on)]
    after += [first_of_month(month) for month in (prepared, adjusted) if month is not None]
    return max(award_from, *(next_month(month) for month in after))


def confirmable_from(first_month: date) -> date:
    """Return from which day on the other county may confirm that it begins with a month.

    Between confirmation and that month the one county pays an award that has ended for it, and the other one has an
    award that has not begun: nobody could hold back, lower or stop what is paid (D57 art. 32). So that time is no
    longer than the rest of a month and the next one, which may be prepared already.
    """
    return previous_month(previous_month(first_month))
