"""The household report as both sides read it; the citizen's shape has plain words, the caseworker's the check ids."""

from typing import Literal
from uuid import UUID

from app.api.common.schemas import Moment, Out
from app.facts import FactKey, Item, Unit
from app.verification import words
from app.verification.comparison import Difference
from app.verification.models import HouseholdReport
from app.verification.report import Content, Entered, Entry, Field, Person

PlainOut = int | str | list[str]


class FieldOut(Out):
    """One field: declared beside found. Money (`unit` fen) is integer fen, areas (`cm2`) are square centimetres.

    `difference`: match, more or less than declared, differs, missing (declared, no record), not_declared (found,
    nothing declared), unknown (no answer, or the owner could not say); null where the form does not ask.
    """

    key: FactKey
    label: str
    unit: Unit
    declared: PlainOut | None
    found: PlainOut | None
    as_of: str | None
    difference: Difference | None
    text: str

    @classmethod
    def of(cls, field: Field, entry: Entry) -> "FieldOut":
        return cls(
            key=field.key,
            label=words.FIELDS[field.key],
            unit=field.unit,
            declared=plain_out(field.declared),
            found=plain_out(field.found),
            as_of=field.as_of.isoformat() if field.as_of else None,
            difference=field.difference,
            text=words.describe_field(field, entry),
        )


class EnteredValueOut(Out):
    """One field as it was entered by hand."""

    key: FactKey
    label: str
    unit: Unit
    value: PlainOut


class EnteredOut(Out):
    """What a caseworker had entered by hand before the source itself answered. The source's answer counts."""

    outcome: Literal["hit", "none"]
    entered_at: Moment
    differs: bool
    values: list[EnteredValueOut]

    @classmethod
    def of(cls, entered: Entered) -> "EnteredOut":
        return cls(
            outcome=entered.outcome,
            entered_at=entered.at,
            differs=entered.differs,
            values=[
                EnteredValueOut(
                    key=each.key,
                    label=words.FIELDS[each.key],
                    unit=each.unit,
                    value=list(each.value) if isinstance(each.value, tuple) else each.value,
                )
                for each in entered.values
            ],
        )


class EntryOut(Out):
    """One item of one member. `outcome`: hit, none (the source looked and has no record), or unavailable (no answer:
    never to be read as none). `entered_by_hand`: a caseworker entered what the source said; `superseded_entry`: one
    had, and the source itself has answered since."""

    item: Item
    label: str
    source: str
    source_label: str
    outcome: Literal["hit", "none", "unavailable"]
    asked_at: Moment | None
    answered_at: Moment | None
    entered_by_hand: bool
    superseded_entry: EnteredOut | None
    text: str
    fields: list[FieldOut]

    @classmethod
    def of(cls, entry: Entry) -> "EntryOut":
        return cls(
            item=entry.item,
            label=words.ITEMS[entry.item],
            source=entry.source,
            source_label=words.SOURCES.get(entry.source, entry.source),
            outcome=entry.outcome,
            asked_at=entry.asked_at,
            answered_at=entry.answered_at,
            entered_by_hand=entry.answered_by is not None,
            superseded_entry=EnteredOut.of(entry.entered) if entry.entered else None,
            text=words.describe_entry(entry),
            fields=[FieldOut.of(field, entry) for field in entry.fields],
        )


class PersonOut(Out):
    """One member of the household; no identity number."""

    member_id: UUID
    name: str
    relation: str
    items: list[EntryOut]

    @classmethod
    def of(cls, person: Person) -> "PersonOut":
        return cls(
            member_id=person.member,
            name=person.name,
            relation=person.relation,
            items=[EntryOut.of(entry) for entry in person.entries],
        )


class ReportOut(Out):
    """A household report. `complete` is false while a source owes an answer; `rechecking`: agencies are being asked
    again and a later report will supersede this one."""

    id: UUID
    application_id: UUID
    number: int
    issued_at: Moment
    complete: bool
    rechecking: bool
    summary: str
    members: list[PersonOut]

    @classmethod
    def of(cls, report: HouseholdReport, content: Content, *, rechecking: bool) -> "ReportOut":
        return cls(
            id=report.id,
            application_id=report.application_id,
            number=report.number,
            issued_at=report.issued_at,
            complete=report.complete,
            rechecking=rechecking,
            summary=words.summarise(content),
            members=[PersonOut.of(person) for person in content.members],
        )


def plain_out(value: int | str | tuple[str, ...] | None) -> PlainOut | None:
    return list(value) if isinstance(value, tuple) else value
