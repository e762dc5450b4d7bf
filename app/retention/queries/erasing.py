"""Erasing, set by set. Rows go; where something that is kept longer hangs on one, what tells of people is emptied.

Children go before their parents. A test walks the tables: whatever names an application is erased here, or says why.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Delete, Update, delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.applications.entrustment_models import Entrustment
from app.applications.models import (
    Application,
    ApplicationStep,
    Authorisation,
    Claim,
    ConflictRegistration,
    Document,
    Escalation,
    Member,
    PayoutAccount,
)
from app.applications.promise_models import Promise
from app.awards.finding_models import AwardFinding
from app.awards.models import Award, AwardAdjustment, AwardAmount, Hearing, RecomputedAward
from app.campaigns.models import CampaignHousehold, CampaignQuestion
from app.complaints.models import Complaint, ComplaintReporter
from app.core.db import WriteSession
from app.corrections.models import CorrectionRequest
from app.disbursement.models import LineSettlement, PayLine
from app.files.models import Upload
from app.handovers.models import Handover
from app.letters.models import Letter
from app.notices.models import Notice, Objection
from app.overpayments.models import Recovery, RecoveryMonth, Repayment
from app.overpayments.queries import recoveries_of
from app.retention.models import Erasure, RetentionRun
from app.retention.queries.reading import names_somebody
from app.review.check_result_models import CheckResult
from app.review.evidence_models import EvidenceLetter
from app.review.models import (
    Appraisal,
    Assessment,
    Decision,
    DecisionDelivery,
    HumanReview,
    Opinion,
    Review,
    SendBack,
    Visit,
    VisitSignature,
)
from app.verification.agency_models import CheckAttempt, ReportTally
from app.verification.batch_models import CheckBatchLine
from app.verification.conclusion_models import ReportConclusion
from app.verification.dispute_models import ReportDispute
from app.verification.models import Check, HouseholdReport
from app.verification.need_models import AskedNeed, CheckUse

NOBODY = UUID(int=0)

# All that a file holds and that nothing kept longer hangs on.
FILE: tuple[Any, ...] = (
    Handover, EvidenceLetter, VisitSignature, Visit, Appraisal, Opinion, SendBack, ConflictRegistration, Entrustment,
    Escalation,
    ApplicationStep, Claim, CheckResult, ReportConclusion, ReportDispute, ReportTally, HouseholdReport, CheckAttempt,
    CheckUse, AskedNeed, CampaignQuestion, CampaignHousehold, CheckBatchLine,
    CorrectionRequest, HumanReview, Letter, Check, Promise, Authorisation, Member,
)  # fmt: skip
_SCANNED = (Check, EvidenceLetter, ReportDispute)  # what has a scan of the paper it was answered on
_DRAFT: tuple[Any, ...] = (
    ConflictRegistration, Entrustment, ApplicationStep, Claim, Promise, AskedNeed, Check, Authorisation, Member,
)  # fmt: skip


async def erase_files(db: WriteSession, files: Collection[UUID], now: datetime) -> dict[str, int]:
    """Erase the files of cases that are locked; returns how many rows went, by table.

    An award keeps its application and its decision by foreign keys, as nobody may have one without (D57 art. 28): of
    these, and of the assessment under the decision, the rows stay and hold nobody's data any more.
    """
    await _give_up_scans(db, files, now)
    counts = {
        "documents": await _erase_documents(db, files, now),
        "objections": await _run(db, delete(Objection).where(Objection.notice_id.in_(_notices(files)))),
        "decision_deliveries": await _run(
            db, delete(DecisionDelivery).where(DecisionDelivery.decision_id.in_(_decisions(files)))
        ),
        "notices": await _run(db, delete(Notice).where(Notice.application_id.in_(files))),
    }
    for model in FILE:
        counts[model.__tablename__] = await _run(db, delete(model).where(model.application_id.in_(files)))
    counts |= await _erase_decisions(db, files)
    counts["applications"] = await _run(db, _emptied_application(files, now))
    return {table: count for table, count in counts.items() if count}


async def erase_drafts_now(db: WriteSession, drafts: Collection[UUID], now: datetime) -> None:
    """Erase drafts at their owner's word: nothing that may only be added to hangs on one."""
    await _erase_documents(db, drafts, now)
    for model in _DRAFT:
        await _run(db, delete(model).where(model.application_id.in_(drafts)))
    await _run(db, _emptied_application(drafts, now))


async def erase_bank_accounts(db: WriteSession, owners: Collection[UUID]) -> int:
    """Erase the bank accounts of citizens who have no case any more."""
    case = exists().where(Application.applicant_id == PayoutAccount.citizen_id)
    return await _run(db, delete(PayoutAccount).where(PayoutAccount.citizen_id.in_(owners), ~case))


async def empty_awards(db: WriteSession, awards: Collection[UUID]) -> dict[str, int]:
    """Erase what the management of stopped awards left behind; the awards stay for the payment lists."""
    emptied = update(Award).where(Award.id.in_(awards))
    recoveries = recoveries_of(awards)
    counts = {
        "repayments": await _run(db, delete(Repayment).where(Repayment.recovery_id.in_(recoveries))),
        "recovery_months": await _run(db, delete(RecoveryMonth).where(RecoveryMonth.award_id.in_(awards))),
        "recoveries": await _run(db, delete(Recovery).where(Recovery.award_id.in_(awards))),
        "award_amounts": await _run(db, delete(AwardAmount).where(AwardAmount.award_id.in_(awards))),
        "award_findings": await _run(db, delete(AwardFinding).where(AwardFinding.award_id.in_(awards))),
        "award_adjustments": await _run(db, delete(AwardAdjustment).where(AwardAdjustment.award_id.in_(awards))),
        "recomputed_awards": await _run(db, delete(RecomputedAward).where(RecomputedAward.award_id.in_(awards))),
        "award_hearings": await _run(db, delete(Hearing).where(Hearing.award_id.in_(awards))),
        "awards": await _run(
            db,
            emptied.values(
                payee_name_sealed=None,
                payee_name_clear=None,
                payee_name_index=None,
                stop_reason_sealed=None,
                version=Award.version + 1,
            ),
        ),
    }
    await forget_beneficiaries(db, awards)
    return {table: count for table, count in counts.items() if count}


async def anonymise_lines(db: WriteSession, lines: Collection[UUID], awards: Collection[UUID]) -> dict[str, int]:
    """Take from payments whom they went to. Amount, month and the bank's word stay: the ledger speaks of them."""
    settlements = delete(LineSettlement).where(LineSettlement.line_id.in_(lines))
    anonymous = update(PayLine).where(PayLine.id.in_(lines))
    counts = {
        "line_settlements": await _run(db, settlements),
        "pay_lines": await _run(
            db,
            anonymous.values(
                payee_name_sealed=None,
                payee_name_clear=None,
                account_sealed=None,
                account_index=b"",
                # Another nobody for each: a household's months must not be found together again.
                beneficiary_id=func.gen_random_uuid(),
                disputed_word=None,
            ),
        ),
    }
    await forget_beneficiaries(db, awards)
    return {table: count for table, count in counts.items() if count}


async def forget_beneficiaries(db: WriteSession, awards: Collection[UUID]) -> None:
    """Take from awards whom they were paid to, once neither they nor any of their lines name anybody."""
    named = exists().where(PayLine.award_id == Award.id, names_somebody(PayLine))
    forgotten = update(Award).where(Award.id.in_(awards), ~names_somebody(Award), ~named)
    await _run(db, forgotten.values(beneficiary_id=NOBODY))


async def empty_notices(db: WriteSession, notices: Collection[UUID]) -> dict[str, int]:
    """Take the name from notices; what was posted where and when stays with the case."""
    emptied = update(Notice).where(Notice.id.in_(notices)).values(applicant_name_sealed=None, applicant_name_clear=None)
    return {"notices": await _run(db, emptied)}


async def erase_complaints(db: WriteSession, complaints: Collection[UUID]) -> dict[str, int]:
    """Erase complaints with who made them."""
    reporters = delete(ComplaintReporter).where(ComplaintReporter.complaint_id.in_(complaints))
    counts = {"complaint_reporters": await _run(db, reporters)}
    counts["complaints"] = await _run(db, delete(Complaint).where(Complaint.id.in_(complaints)))
    return counts


async def add_tombstones(db: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep that files were erased, by which rule."""
    await db.execute(insert(Erasure), rows)


async def begin_run(db: WriteSession, run: Mapping[str, Any]) -> bool:
    """Begin a night's run, or go on with it; says whether there is anything left of it to do."""
    await db.execute(upsert(RetentionRun).values(**run).on_conflict_do_nothing())
    query = select(RetentionRun.finished_at).where(RetentionRun.day == run["day"])
    return (await db.execute(query)).scalar_one() is None


async def finish_run(db: WriteSession, run: Mapping[str, Any]) -> None:
    """Keep that a night's run is done."""
    await db.execute(update(RetentionRun).where(RetentionRun.day == run["day"]).values(finished_at=run["finished_at"]))


async def _erase_documents(db: WriteSession, files: Collection[UUID], now: datetime) -> int:
    """Erase papers; their uploads are given to the sweep that clears away files, unless another case has them, too."""
    statement = delete(Document).where(Document.application_id.in_(files)).returning(Document.upload_id)
    uploads = (await db.execute(statement)).scalars().all()
    await _give_up(db, update(Upload).where(Upload.id.in_(uploads), *_nowhere_else(files)), now)
    return len(uploads)


async def _give_up_scans(db: WriteSession, files: Collection[UUID], now: datetime) -> None:
    """Give the scans that answers were entered from to the same sweep; one paper may have told about several cases."""
    for model in _SCANNED:
        scans = select(model.scan_upload_id).where(model.application_id.in_(files), model.scan_upload_id.is_not(None))
        await _give_up(db, update(Upload).where(Upload.id.in_(scans), *_nowhere_else(files)), now)


def _nowhere_else(files: Collection[UUID]) -> list[ColumnElement[bool]]:
    """Say of an upload that no other case has it, neither as a paper nor as the scan of an answer."""
    papers = exists().where(Document.upload_id == Upload.id, Document.application_id.not_in(files))
    scans = (exists().where(each.scan_upload_id == Upload.id, each.application_id.not_in(files)) for each in _SCANNED)
    return [~papers, *(~each for each in scans)]


async def _give_up(db: WriteSession, uploads: Update, now: datetime) -> None:
    await db.execute(uploads.values(attached_at=None, discarded_at=now), execution_options=_UNSYNCHRONISED)


async def _erase_decisions(db: WriteSession, files: Collection[UUID]) -> dict[str, int]:
    awarded = exists().where(Award.decision_id == Decision.id)
    decided = exists().where(Decision.assessment_id == Assessment.id)
    under_decision = exists().where(Decision.review_id == Review.id)
    in_files = Decision.application_id.in_(files)
    assessed = Assessment.application_id.in_(files)
    counts = {"decisions": await _run(db, delete(Decision).where(in_files, ~awarded))}
    counts["decisions"] += await _run(db, update(Decision).where(in_files).values(body_sealed=None))
    counts["assessments"] = await _run(db, delete(Assessment).where(assessed, ~decided))
    counts["assessments"] += await _run(db, update(Assessment).where(assessed).values(body_sealed=None))
    counts["reviews"] = await _run(db, delete(Review).where(Review.application_id.in_(files), ~under_decision))
    return counts


def _emptied_application(files: Collection[UUID], now: datetime) -> Update:
    return (
        update(Application)
        .where(Application.id.in_(files))
        .values(
            applicant_id=NOBODY,
            applicant_name_sealed=None,
            applicant_name_clear=None,
            number=None,
            lookup_code=None,
            answers_sealed=None,
            answers_clear=None,
            field_versions={},
            address_sealed=None,
            missing_sealed=None,
            ended_reason_sealed=None,
            residence_sealed=None,
            prefilled_sealed=None,
            redirected_to=None,
            erased_at=now,
            version=Application.version + 1,
        )
    )


_UNSYNCHRONISED = {"synchronize_session": False}


async def _run(db: WriteSession, statement: Delete | Update) -> int:
    result = await db.execute(statement, execution_options=_UNSYNCHRONISED)
    return cast("CursorResult[Any]", result).rowcount


def _notices(files: Collection[UUID]) -> Any:
    return select(Notice.id).where(Notice.application_id.in_(files))


def _decisions(files: Collection[UUID]) -> Any:
    return select(Decision.id).where(Decision.application_id.in_(files))
