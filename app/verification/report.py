"""What a household report says: declared beside found, per member, item and field, with source and times.

Kept sealed as JSON, so that a report can be read years later as it was issued: what was added to it since has a value
that says "not known then". Identity numbers are never part of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.facts import UNITS, Fact, FactKey, Item, Outcome, Unit
from app.partners.registry import partner_for
from app.verification.comparison import Difference, Stated, compare
from app.verification.contradictions import Compared, Score, weigh
from app.verification.known import Known, last_day_of
from app.verification.lifecycle import Status
from app.verification.models import Check, HouseholdReport
from app.verification.values import PlainValue, keys_of, to_plain

ItemOutcome = Literal["hit", "none", "unavailable"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Field(_Part):
    """One field. `asked` False: the form does not ask about it; `known` False: the owner could not say."""

    key: FactKey
    unit: Unit
    asked: bool
    known: bool
    declared: PlainValue | None
    found: PlainValue | None
    as_of: date | None
    difference: Difference | None


class EnteredValue(_Part):
    """One field as it was entered by hand."""

    key: FactKey
    unit: Unit
    value: PlainValue


class Entered(_Part):
    """What somebody had entered by hand before the source itself answered. The source's answer counts."""

    outcome: Literal["hit", "none"]
    by: UUID
    at: datetime
    values: tuple[EnteredValue, ...]
    differs: bool


class AskedAgain(_Part):
    """That a source was asked again about what it had answered, and has given no new answer. `at`: when it was."""

    check: UUID
    status: Status
    at: datetime


class Entry(_Part):
    """One item of one member. `check` is None where nobody was asked, because nothing authorised it.

    `answered_by`: who entered by hand what stands here; `entered`: what had been entered before the source answered.
    `valid_until`: the last day on which the answer may be relied upon; None without one, and in reports of before that
    was said. `asked_again`: what stands here was asked anew in vain, and holds until the source says otherwise.
    """

    item: Item
    source: str
    check: UUID | None
    status: Status | None
    outcome: ItemOutcome
    asked_at: datetime | None
    answered_at: datetime | None
    answered_by: UUID | None
    fields: tuple[Field, ...]
    entered: Entered | None = None
    valid_until: date | None = None
    asked_again: AskedAgain | None = None


class Person(_Part):
    """One member of the household."""

    member: UUID
    name: str
    relation: str
    entries: tuple[Entry, ...]


class Content(_Part):
    """The whole report. `score`: its contradictions with their reasons; None in reports of before they were weighed."""

    members: tuple[Person, ...]
    score: Score | None = None

    @property
    def complete(self) -> bool:
        """Say whether every source answered: 'no record' is an answer, silence is none."""
        return all(entry.outcome != "unavailable" for person in self.members for entry in person.entries)

    @property
    def asked_in_vain(self) -> bool:
        """Say whether a source that had answered was asked again, and did not answer again."""
        return any(entry.asked_again is not None for person in self.members for entry in person.entries)

    def entries(self) -> Iterator[tuple[Person, Entry]]:
        """Go through all items of all members."""
        return ((person, entry) for person in self.members for entry in person.entries)

    def only(self, members: Collection[UUID]) -> "Content":
        """Return what the report says of some members, with the contradictions about them alone."""
        score = None if self.score is None else self.score.only(members)
        return Content(members=tuple(each for each in self.members if each.member in members), score=score)

    def valid_until(self) -> date | None:
        """Return the last day on which all answers may be relied upon; None where nobody answered."""
        return min((entry.valid_until for _, entry in self.entries() if entry.valid_until is not None), default=None)


def weigh_members(members: Sequence[Person], close_look_from: int) -> Score:
    """Return what contradicts what these members declared."""
    rows = [(person.member, entry) for person in members for entry in person.entries]
    return weigh(
        (
            Compared(member, entry.item, field.key, field.difference, field.declared, field.found)
            for member, entry in rows
            for field in entry.fields
        ),
        ((member, entry.item) for member, entry in rows if entry.entered is not None and entry.entered.differs),
        close_look_from,
    )


def write_entry(
    item: Item,
    check: Check | None,
    facts: Mapping[FactKey, Fact],
    stated: Mapping[FactKey, Stated],
    entered: Mapping[FactKey, Fact],
    valid_days: int,
    asked_again: Check | None = None,
) -> Entry:
    """Set one check beside the declaration, and beside what was entered by hand before the agency answered itself.

    `valid_days`: calendar days for which an answer may be relied upon, the day it came not counted. `asked_again`: the
    check by which the same was asked since, without an answer.
    """
    outcome: ItemOutcome = "unavailable"
    if check is not None and check.status == Status.ANSWERED:
        outcome = "hit" if check.outcome == Outcome.HIT else "none"
    return Entry(
        item=item,
        source=check.partner if check else partner_for(item),
        check=check.id if check else None,
        status=Status(check.status) if check else None,
        outcome=outcome,
        asked_at=check.asked_at if check else None,
        answered_at=check.answered_at if check else None,
        answered_by=check.answered_by if check else None,
        fields=tuple(_field(key, stated.get(key), facts.get(key), outcome) for key in keys_of(item)),
        entered=_entered(check, facts, entered) if check else None,
        valid_until=last_day_of(check, valid_days) if check and outcome != "unavailable" else None,
        asked_again=AskedAgain(
            check=asked_again.id,
            status=Status(asked_again.status),
            at=asked_again.asked_at or asked_again.opened_at,
        )
        if asked_again
        else None,
    )


def says_otherwise(
    entered: Outcome | None, values: Mapping[FactKey, Fact], outcome: Outcome | None, facts: Mapping[FactKey, Fact]
) -> bool:
    """Say whether what was entered by hand differs from what the agency says; as of when does not matter."""
    plain = [{key: fact.value for key, fact in each.items()} for each in (values, facts)]
    return entered != outcome or plain[0] != plain[1]


def _entered(check: Check, facts: Mapping[FactKey, Fact], values: Mapping[FactKey, Fact]) -> Entered | None:
    if check.answered_by is not None or check.entered_by is None or check.entered_at is None:
        return None
    return Entered(
        outcome="hit" if check.entered_outcome == Outcome.HIT else "none",
        by=check.entered_by,
        at=check.entered_at,
        values=tuple(
            EnteredValue(key=key, unit=UNITS[key], value=to_plain(fact.value)) for key, fact in sorted(values.items())
        ),
        differs=says_otherwise(check.entered_outcome, values, check.outcome, facts),
    )


def _field(key: FactKey, said: Stated | None, fact: Fact | None, outcome: ItemOutcome) -> Field:
    # A hit that says nothing of one field is silent about it; only "no record" says that there is none.
    answered = outcome == "none" or fact is not None
    return Field(
        key=key,
        unit=UNITS[key],
        asked=said is not None,
        known=said is None or said.known,
        declared=to_plain(said.value) if said and said.value is not None else None,
        found=to_plain(fact.value) if fact else None,
        as_of=fact.as_of if fact else None,
        difference=compare(key, said, fact.value if fact else None, answered=answered),
    )


def has_expired(report: HouseholdReport, on: date) -> bool:
    """Say whether one of a report's answers may no longer be relied upon."""
    return report.valid_until is not None and report.valid_until < on


def grown_old(content: Content, by: date) -> list[tuple[UUID, UUID]]:
    """List member and check of the answers that may not be relied upon beyond a day, or say no such day."""
    return [
        (person.member, entry.check)
        for person, entry in content.entries()
        if entry.check is not None
        and entry.outcome != "unavailable"
        and (entry.valid_until is None or entry.valid_until <= by)
    ]


def state_of(checks: Sequence[Check], known: Iterable[Known]) -> str:
    """Return what the report depends on, as text: which checks ended how and when, and which earlier answers count of
    what was asked anew in vain."""
    ended = (f"{check.id} {check.status} {check.asked_at} {check.answered_at} {check.answered_by}" for check in checks)
    counting = (f"{each.check.id} counts" for each in known if each.asked_again is not None)
    return "\n".join(sorted((*ended, *counting)))
