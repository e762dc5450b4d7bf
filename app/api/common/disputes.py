"""Disputes of what was found, as both sides read them."""

from collections.abc import Mapping, Sequence
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
from app.verification.dispute_lifecycle import LapseGround, SentWay, Status
from app.verification.dispute_models import ReportDispute
from app.verification.dispute_queries import corrected_after_refusal

# Why a dispute has lapsed, and what whoever disputed may do about what was found.
_NOTES: Mapping[LapseGround, Mapping[Language, str]] = {
    LapseGround.MATTER_ENDED: {
        "zh": "申请已撤回或者终止办理，不再请数据源核实。信息有误的，可以提交更正申请；"
        "再次申请时，对新的核对结果可以重新提出异议。",
        "en": "The application was withdrawn or ended, so the agency is asked no more. What is wrong you can have "
        "corrected by a request all the same; applying anew, you can dispute what is found then.",
    },
    LapseGround.AWARD_ENDED: {
        "zh": "待遇已停止，或者已移交现居住地办理，原办理机关不再请数据源核实。信息有误的，可以提交更正申请；"
        "对停止待遇的决定不服的，可以按决定书载明的途径寻求救济；已移交的，可以向现办理机关提出。",
        "en": "The aid has stopped, or is another county's now, so the agency is asked no more. What is wrong you can "
        "still have corrected by a request; against a decision to stop there are the remedies that its letter names; "
        "what moved is for the county that has it now.",
    },
    LapseGround.AUTHORISATION_WITHDRAWN: {
        "zh": "核对授权已撤回，不再向数据源致函。信息有误的，可以提交更正申请，由经办机关核实并答复，无须授权；"
        "作出不利决定前，仍会告知核对结果并听取意见。",
        "en": "The authorisation was withdrawn, so the agency is not written to. What is wrong you can have corrected "
        "by a request to the office, which needs no authorisation; before anything is decided against you, you are "
        "told what was found, and are heard.",
    },
}

# Corrected after a refusal that did not wait for it.
_AFTER_REFUSAL: Mapping[Language, str] = {
    "zh": "有关部门已更正该项信息。不予确认的决定作出在前，所依据的核对结果有一部分现已更正，县级民政部门将复核该决定。"
    "可以立即重新申请；对决定不服的，可以在下列期限内申请行政复议或者提起行政诉讼，期限自知道该决定之日起计算。",
    "en": "The agency has corrected this. The refusal was made before and rested in part on what is corrected by now; "
    "the county looks at it again. You may apply again at once; against the refusal there are the remedies below, "
    "within their time from the day you learned of it.",
}


class DisputeOut(Out):
    """A dispute of one field, and the ticket (`number`) that asks its agency for a correction.

    `status`: open (until `due_on`), overdue, escalated (supervisors were told), corrected, upheld, taken_back, lapsed
    (nobody is asked any more: `lapsed_for` says why, null before that was kept, and `lapsed_note` what she may do).
    `sent_on`, `sent_way` (post, hand, fax, official_exchange): when and how the county sent the agency its letter; null
    until it has. `asked_again`: the agency was asked anew, and a new report will come of it.
    `otherwise_report_id`: the report in which the agency, asked again, says something else than is disputed; with a
    difference left, that alone is no answer, and the ticket stays open for its letter. Answered, `reference` is what
    that letter goes by, null where what was disputed is gone (`answer_report_id` shows it); upheld, with reasons and
    what can be done; corrected after a refusal that did not wait for it, `decision_note` says so (null otherwise), and
    `remedies` are those against that decision. `scanned`: there is a scan of that letter.
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
    lapsed_for: LapseGround | None
    lapsed_note: str | None
    decision_note: str | None
    remedies: list[RemedyOut]

    @classmethod
    async def list_of(cls, db: ReadSession, rows: Sequence[ReportDispute], language: Language) -> "list[DisputeOut]":
        """Shape disputes, and say of which the answer came after a refusal."""
        late = await corrected_after_refusal(db, rows)
        return [cls.of(db, row, language, after_refusal=row.id in late) for row in rows]

    @classmethod
    def of(
        cls, db: ReadSession, row: ReportDispute, language: Language, *, after_refusal: bool = False
    ) -> "DisputeOut":
        """Shape one dispute; `after_refusal`: it was corrected after the application was refused."""
        against = row.status == Status.UPHELD or after_refusal
        remedies = remedies_of(legal_date(row.answered_at)) if against and row.answered_at else []
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
            lapsed_for=LapseGround(row.lapsed_for) if row.lapsed_for else None,
            lapsed_note=_NOTES[LapseGround(row.lapsed_for)][language] if row.lapsed_for else None,
            decision_note=_AFTER_REFUSAL[language] if after_refusal else None,
            remedies=[RemedyOut.of(remedy, language) for remedy in remedies],
        )
