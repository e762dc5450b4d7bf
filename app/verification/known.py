"""What is known of an item of a person: what its agency answered last, for as long as that holds. Pure.

An answer is superseded by an answer, and by nothing else: that an agency is asked again, and says nothing, takes
nothing away of what it has said. Once the earlier answer has grown too old nothing is known any more, which is never
"no record". Facts, reports and what they depend on are drawn from here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.core.clock import legal_date
from app.facts import Item
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.prefill import PREFILLING

_FIRST_ROUND = PREFILLING + 1


@dataclass(frozen=True)
class Known:
    """`check`: the question whose answer counts; where none does, the one that was put last. `asked_again`: the one
    that was put since, and has no answer; None where the last one has its answer, or no earlier answer holds."""

    check: Check
    asked_again: Check | None = None


def what_is_known(checks: Iterable[Check], on: date, valid_days: int) -> Mapping[tuple[UUID, Item], Known]:
    """Return what counts on a day, of each item of each person that was asked about.

    The last answer counts, whatever its age: that it has grown old shows in the report, and is asked anew. Where a
    question was put anew and has no answer, or is open still, an earlier one counts that holds on that day. With what
    was cancelled the answers before it are out: whom it is about has withdrawn the authorisation.

    `valid_days`: calendar days for which an answer may be relied upon, the day it came not counted.
    """
    return {place: _known(each, on, valid_days) for place, each in _by_place(checks).items()}


def is_asked_in_vain(checks: Iterable[Check]) -> bool:
    """Say whether something that was answered was asked anew, and has no new answer: what is known depends on the day
    then."""
    return any(_known(each, date.min, 0).asked_again is not None for each in _by_place(checks).values())


def last_day_of(check: Check, valid_days: int) -> date | None:
    """Return the last day on which an answer may be relied upon; None without one."""
    if check.answered_at is None:
        return None
    return legal_date(check.answered_at) + timedelta(days=valid_days)


def _by_place(checks: Iterable[Check]) -> dict[tuple[UUID, Item], list[Check]]:
    """Return the questions about each item of each person, the last one first."""
    places: defaultdict[tuple[UUID, Item], list[Check]] = defaultdict(list)
    for check in sorted(checks, key=lambda each: each.round, reverse=True):
        places[check.member_id, Item(check.item)].append(check)
    return places


def _known(checks: Sequence[Check], on: date, valid_days: int) -> Known:
    last = checks[0]
    if last.status == Status.ANSWERED:
        return Known(last)
    # What filled in the draft and was asked anew with the acceptance did not count then, and does not later.
    set_aside = any(each.round == _FIRST_ROUND and each.campaign_id is None for each in checks)
    for check in checks:
        if check.status == Status.CANCELLED or (check.round == PREFILLING and set_aside):
            break
        if check.status == Status.ANSWERED and (last_day_of(check, valid_days) or date.min) >= on:
            return Known(check, last)
    return Known(last)
