"""Disputes of what was found, as both sides read them."""

from uuid import UUID

from app.api.common.decisions import RemedyOut
from app.api.common.explanations import Language
from app.api.common.free_words import Words
from app.api.common.schemas import Moment, Out
from app.core.clock import legal_date
from app.core.db import ReadSession
from app.facts import FactKey, Item
from app.review.basis import remedies_of
from app.verification import words
from app.verification.commands import disputed_words_of, reasons_of
from app.verification.commands.disputing import BASIS
from app.verification.dispute_lifecycle import SentWay, Status
from app.verification.dispute_models import ReportDispute


class DisputeOut(Out):
    """A dispute of one field, and the ticket (`number`) that asks its agency for a correction.

    `status`: open (until `due_on`), overdue, escalated (supervisors were told), corrected, upheld, taken_back, lapsed
    (the matter ended). `sent_on`, `sent_way` (post, hand, fax, official_exchange): when and how the county sent the
    agency its letter; null until it has. `asked_again`: the agency was asked anew, and a new report will come of it.
    `otherwise_report_id`: the report in which the agency, asked again, says something else than is disputed; with a
    difference left, that alone is no answer, and the ticket stays open for its letter. Answered, `reference` is what
    that letter goes by, null where what was disputed is gone (`answer_report_id` shows it); upheld, with reasons and
    what can be done. `scanned`: there is a scan of that letter.
    """

    id: UUID
    application_id: UUID
    number: str
    report_id: UUID
    member_id: UUID
    item: Item
    item_label: str
    key: FactKey
    label: str
    source: str
    source_label: str
    statement: Words
    status: Status
    raised_at: Moment
    due_on: str
    due_provisional: bool
    due_basis: str
    sent_on: str | None
    sent_way: SentWay | None
    asked_again: bool
    answered_at: Moment | None
    otherwise_report_id: UUID | None
    answer_report_id: UUID | None
    reference: str | None
    reasons: Words | None
    scanned: bool
    remedies: list[RemedyOut]

    @classmethod
    def of(cls, db: ReadSession, row: ReportDispute, language: Language) -> "DisputeOut":
        """Shape one dispute."""
        upheld = row.status == Status.UPHELD and row.answered_at is not None
        remedies = remedies_of(legal_date(row.answered_at)) if upheld and row.answered_at else []
        return cls(
            id=row.id,
            application_id=row.application_id,
            number=row.number,
            report_id=row.report_id,
            member_id=row.member_id,
            item=Item(row.item),
            item_label=words.ITEMS[Item(row.item)],
            key=FactKey(row.key),
            label=words.FIELDS[FactKey(row.key)],
            source=row.partner,
            source_label=words.SOURCES.get(row.partner, row.partner),
            statement=disputed_words_of(db, row),
            status=Status(row.status),
            raised_at=row.raised_at,
            due_on=row.due_on.isoformat(),
            due_provisional=row.due_provisional,
            due_basis=BASIS,
            sent_on=row.sent_on.isoformat() if row.sent_on else None,
            sent_way=SentWay(row.sent_way) if row.sent_way else None,
            asked_again=row.recheck_id is not None,
            answered_at=row.answered_at,
            otherwise_report_id=row.answer_report_id if row.answered_at is None else None,
            answer_report_id=row.answer_report_id if row.answered_at is not None else None,
            reference=row.reference,
            reasons=reasons_of(db, row),
            scanned=row.scan_upload_id is not None,
            remedies=[RemedyOut.of(remedy, language) for remedy in remedies],
        )
