"""Until when a complaint is answered. D57 art. 37 obliges to verify and answer every real-name report and sets no
days; the numbers are those of regions that do, parameters to be replaced by the locality's own.
"""

from dataclasses import dataclass

from app.complaints.lifecycle import Category


@dataclass(frozen=True)
class Limit:
    """`days` working days, or calendar days where `calendar` is set."""

    days: int
    basis: str
    calendar: bool = False


_NAMED = Limit(15, "最低生活保障审核确认办法 第三十七条（15日为地方示例）", calendar=True)
_INQUIRY = Limit(3, "local hotline standard")


def limit_of(category: Category, *, named: bool) -> Limit | None:
    """Return the time limit; None where none is set: an anonymous complaint, a suggestion."""
    if category is Category.INQUIRY:
        return _INQUIRY
    if category in (Category.COMPLAINT, Category.REPORT) and named:
        return _NAMED
    return None
