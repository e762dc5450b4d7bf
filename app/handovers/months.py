"""Which month is the first that the other county pays. Pure."""

from datetime import date

from app.core.months import first_of_month, next_month


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
