"""The household report as both sides read it; the citizen's shape has plain words, the caseworker's the check ids."""

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from pydantic import Field as Described

from app.api.common.explanations import Language
from app.api.common.schemas import Moment, Out
from app.facts import FactKey, Item, Unit
from app.verification import words
from app.verification.comparison import Difference
from app.verification.conclusion_models import ReportConclusion, Verdict
from app.verification.contradictions import Reason, Score
from app.verification.models import HouseholdReport
from app.verification.report import Content, Entered, Entry, Field, Person

PlainOut = int | str | list[str]


class FieldOut(Out):
    """One field: declared beside found. Money (`unit` fen) is integer fen, areas (`cm2`) are square centimetres.

    `difference`: match, more or less than declared, differs, missing (declared, no record), not_declared (found,
    nothing declared), unknown (no answer, or the owner could not say); null where the form does not ask. Of another
    adult `found` is null, and `text` says so.
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
    def of(cls, field: Field, entry: Entry, *, withheld: bool = False) -> "FieldOut":
        as_of = None if withheld else field.as_of
        return cls(
            key=field.key,
            label=words.FIELDS[field.key],
            unit=field.unit,
            declared=plain_out(field.declared),
            found=None if withheld else plain_out(field.found),
            as_of=as_of.isoformat() if as_of else None,
            difference=field.difference,
            text=words.withhold_field(field, entry) if withheld else words.describe_field(field, entry),
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


class AskedAgainOut(Out):
    """That the source was asked again, and has given no new answer: what it answered before holds until `valid_until`,
    or until it answers."""

    asked_at: Moment
    text: str

    @classmethod
    def of(cls, entry: Entry) -> "AskedAgainOut | None":
        if entry.asked_again is None:
            return None
        return cls(asked_at=entry.asked_again.at, text=words.describe_asked_again(entry))


class EntryOut(Out):
    """One item of one member. `outcome`: hit, none (the source looked and has no record), or unavailable (no answer:
    never to be read as none); null of another adult whose source has answered: whether it has a record is his to read.
    `entered_by_hand`: a caseworker entered what the source said; `superseded_entry`: one had, and the source itself has
    answered since. `valid_until`: the last day on which the answer may be relied upon; null without an answer, and in
    reports of before that was said. `asked_again`: the source was asked anew in vain, and what it said before holds."""

    item: Item
    label: str
    source: str
    source_label: str
    outcome: Literal["hit", "none", "unavailable"] | None
    asked_at: Moment | None
    answered_at: Moment | None
    valid_until: str | None
    entered_by_hand: bool
    superseded_entry: EnteredOut | None
    asked_again: AskedAgainOut | None
    text: str
    fields: list[FieldOut]

    @classmethod
    def of(cls, entry: Entry, *, withheld: bool = False) -> "EntryOut":
        return cls(
            item=entry.item,
            label=words.ITEMS[entry.item],
            source=entry.source,
            source_label=words.SOURCES.get(entry.source, entry.source),
            outcome=None if withheld and entry.outcome != "unavailable" else entry.outcome,
            asked_at=entry.asked_at,
            answered_at=entry.answered_at,
            valid_until=entry.valid_until.isoformat() if entry.valid_until else None,
            entered_by_hand=entry.answered_by is not None,
            superseded_entry=EnteredOut.of(entry.entered) if entry.entered and not withheld else None,
            asked_again=AskedAgainOut.of(entry),
            text=words.withhold_entry(entry) if withheld else words.describe_entry(entry),
            fields=[FieldOut.of(field, entry, withheld=withheld) for field in entry.fields],
        )


class PersonOut(Out):
    """One member of the household; no identity number. `withheld`: another adult, who alone reads what was found about
    him; what is shown is whether it differs from what was declared."""

    member_id: UUID
    name: str
    relation: str
    withheld: bool
    items: list[EntryOut]

    @classmethod
    def of(cls, person: Person, *, withheld: bool = False) -> "PersonOut":
        return cls(
            member_id=person.member,
            name=person.name,
            relation=person.relation,
            withheld=withheld,
            items=[EntryOut.of(entry, withheld=withheld) for entry in person.entries],
        )


class ContradictionOut(Out):
    """One contradiction, with what it weighs. `key` and `difference` null: of the whole item, what was entered by hand
    was not so."""

    member_id: UUID
    item: Item
    key: FactKey | None
    difference: Difference | None
    points: int
    text: str

    @classmethod
    def of(cls, reason: Reason, language: Language) -> "ContradictionOut":
        return cls(
            member_id=reason.member,
            item=reason.item,
            key=reason.key,
            difference=reason.difference,
            points=reason.points,
            text=reason.zh if language == "zh" else reason.en,
        )


_MEANING = {
    "zh": "分值只用于安排查看的先后和入户了解的重点，不作为不予救助的依据；情况由工作人员向您核实后再作判断。",
    "en": "The points only say which reports are looked at first and what a survey asks about. They refuse nobody: a "
    "caseworker asks about each, and judges.",
}


class ContradictionsOut(Out):
    """What was found against what was declared, weighed by a published table (`version`), those that weigh most first.
    `close_look`: the points reach what the place has set for looking closely. `meaning`: what they are for."""

    version: int
    points: int
    close_look: bool
    meaning: str
    reasons: list[ContradictionOut]

    @classmethod
    def of(cls, score: Score, language: Language) -> "ContradictionsOut":
        return cls(
            version=score.version,
            points=score.points,
            close_look=score.close_look,
            meaning=_MEANING[language],
            reasons=[ContradictionOut.of(reason, language) for reason in score.reasons],
        )


_VERDICTS = {
    Verdict.CONSISTENT: (
        "县级核对人员认为：查到的情况与申报一致。",
        "The county's checker concludes that what was found is as you declared.",
    ),
    Verdict.INCONSISTENT: (
        "县级核对人员认为：查到的情况与申报不一致。对报告中的任何一项，您都可以提出异议。",
        "The county's checker concludes that what was found is not as you declared. You can dispute any field.",
    ),
    Verdict.CANNOT_BE_TOLD: (
        "县级核对人员认为：现有结果不足以判断申报是否属实，还需继续核实。",
        "The county's checker concludes that what is there does not say whether you declared what is so.",
    ),
}


class ConclusionOut(Out):
    """What a person at the county concluded from the report; it is not the decision."""

    verdict: Verdict
    concluded_at: Moment
    text: str

    @classmethod
    def of(cls, row: ReportConclusion, language: Language) -> "ConclusionOut":
        return cls(
            verdict=Verdict(row.verdict),
            concluded_at=row.concluded_at,
            text=_VERDICTS[Verdict(row.verdict)][language == "en"],
        )


class ReportOut(Out):
    """A household report. `complete` is false while a source owes an answer; `rechecking`: agencies are being asked
    again and a later report will supersede this one. Nothing is granted on it after `valid_until`: agencies are asked
    again."""

    id: UUID
    application_id: UUID
    number: int
    issued_at: Moment
    complete: bool
    rechecking: bool
    valid_until: str | None
    summary: str
    contradictions: ContradictionsOut | None = Described(description="null in reports of before they were weighed")
    conclusion: ConclusionOut | None = Described(description="null until a person has concluded")
    members: list[PersonOut]

    @classmethod
    def of(
        cls,
        report: HouseholdReport,
        content: Content,
        language: Language,
        *,
        rechecking: bool,
        conclusion: ReportConclusion | None,
        withheld: Collection[UUID] = (),
    ) -> "ReportOut":
        """Shape a report; `withheld`: members whose findings the reader may not know."""
        return cls(
            id=report.id,
            application_id=report.application_id,
            number=report.number,
            issued_at=report.issued_at,
            complete=report.complete,
            rechecking=rechecking,
            valid_until=report.valid_until.isoformat() if report.valid_until else None,
            summary=words.summarise(content),
            contradictions=ContradictionsOut.of(content.score, language) if content.score else None,
            conclusion=ConclusionOut.of(conclusion, language) if conclusion else None,
            members=[PersonOut.of(person, withheld=person.member in withheld) for person in content.members],
        )


def plain_out(value: int | str | tuple[str, ...] | None) -> PlainOut | None:
    return list(value) if isinstance(value, tuple) else value
