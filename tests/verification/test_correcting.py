"""What an agency says when it is asked again puts right what was disputed only where the finding is gone."""

from datetime import UTC, date, datetime

import pytest

from app.core.ids import new_id
from app.facts import Fact, FactKey, Item, Outcome
from app.verification.comparison import Stated
from app.verification.correcting import is_corrected, says_otherwise
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.report import Content, Person, write_entry

_WHO = new_id()
_ANSWERED = datetime(2026, 11, 23, 4, tzinfo=UTC)
_ITEMS = {
    FactKey.VEHICLE_COUNT: Item.VEHICLES,
    FactKey.DEPOSIT_BALANCE: Item.DEPOSITS,
    FactKey.DWELLING_COUNT: Item.REAL_ESTATE,
    FactKey.DWELLING_AREA: Item.REAL_ESTATE,
}


def _report(key: FactKey, declared: int | None, found: int | str | None) -> Content:
    """A report of one item. `declared` None: the form does not ask; `found` None: no record, "hit": a hit that is
    silent about the field, "silence": no answer."""
    check = Check(id=new_id(), partner="somebody", status=Status.ANSWERED, answered_at=_ANSWERED)
    check.outcome = Outcome.NONE if found is None else Outcome.HIT
    if found == "silence":
        check.status, check.outcome = Status.UNAVAILABLE, None
    facts = {key: Fact(key, found, "somebody", date(2026, 11, 20))} if isinstance(found, int) else {}
    stated = {} if declared is None else {key: Stated(declared)}
    entry = write_entry(_ITEMS[key], check, facts, stated, {}, 30)
    return Content(members=(Person(member=_WHO, name="测试甲", relation="self", entries=(entry,)),))


@pytest.mark.parametrize(
    ("key", "declared", "before", "now", "otherwise", "corrected"),
    [
        (FactKey.VEHICLE_COUNT, 0, 1, None, True, True),  # sold, and gone from the register
        (FactKey.VEHICLE_COUNT, 0, 1, 0, True, True),
        (FactKey.VEHICLE_COUNT, 1, 2, 1, True, True),
        (FactKey.VEHICLE_COUNT, 0, 1, 2, True, False),
        (FactKey.VEHICLE_COUNT, 0, 2, 1, True, False),
        (FactKey.VEHICLE_COUNT, 0, 1, 1, False, False),
        (FactKey.DEPOSIT_BALANCE, 0, 5_000_000, 5_000_001, True, False),
        (FactKey.DEPOSIT_BALANCE, 0, 5_000_000, 4_999_999, True, False),
        (FactKey.DWELLING_COUNT, 1, None, 1, True, True),  # the register had no record of what was declared
        (FactKey.DWELLING_COUNT, 1, 1, None, True, False),
        (FactKey.DWELLING_AREA, None, 725_000, 700_000, True, False),  # of which the form says nothing
        (FactKey.DWELLING_AREA, None, 725_000, None, True, True),
        (FactKey.VEHICLE_COUNT, 0, 1, "silence", False, False),
        (FactKey.VEHICLE_COUNT, 0, 1, "hit", False, False),
    ],
)
def test_a_finding_is_corrected_where_it_is_gone(key, declared, before, now, otherwise, corrected):
    reports = _report(key, declared, before), _report(key, declared, now)

    assert says_otherwise(*reports, _WHO, _ITEMS[key], key) is otherwise
    assert is_corrected(*reports, _WHO, _ITEMS[key], key) is corrected
