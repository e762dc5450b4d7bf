"""Awards with all that must stand behind them: a citizen, an approved application, a decision, a bank account.

Rows rather than commands: a payroll test needs many of them at once. The way there has tests of its own.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from app.applications.household import applicant_name_of
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application, Claim, PayoutAccount
from app.applications.payees import put_holder
from app.awards.finding_queries import list_open_findings
from app.awards.lifecycle import Status
from app.awards.models import Award
from app.awards.payees import put_payee
from app.core.canonical import canonical_bytes
from app.core.crypto import GENERAL
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.review.lifecycle import Status as ReviewStatus
from app.review.models import Assessment, Decision, Review
from app.verification.queries import find_current_report
from tests.builders.people import build_citizen

COUNTY = "532529"
_numbers = count(1)
_BODY = {"assessment": {"findings": []}, "opinion": {}, "decision": {"statement": "情况属实。", "reasons": []}}


@dataclass(frozen=True)
class Grant:
    """An award to be made, from December 2026 unless it says otherwise."""

    amount_fen: int = 52_000
    from_month: date = date(2026, 12, 1)
    status: Status = Status.ACTIVE
    to_month: date | None = None
    account: str | None = field(default_factory=lambda: f"9900001{next(_numbers):012d}")
    holder: str = "测试甲"
    body: dict[str, Any] = field(default_factory=lambda: dict(_BODY))  # of the decision
    decided_on: date | None = None
    program: str = "living_allowance"
    report: UUID | None = None  # that it rests on; the present one, if there is one


async def build_decision(
    db: WriteSession, grant: Grant, *, county: str = COUNTY, outcome: str = "approved"
) -> tuple[Decision, Application, Actor]:
    """Make an application that was decided, and its applicant."""
    applicant = await build_citizen(db, name="测试甲")
    application = _application(db, applicant, county, outcome, grant.program)
    db.add_all(
        [application, Claim(kind="member:test", key=new_id().bytes, application_id=application.id, county=county)]
    )
    await db.flush()
    await _add_account(db, applicant, grant)
    return await _decide(db, application, grant, outcome), application, applicant


async def _decide(db: WriteSession, application: Application, grant: Grant, outcome: str) -> Decision:
    now, county = db.clock.now(), application.county
    review = Review(
        id=new_id(), county=county, division=application.division, application_id=application.id,
        status=ReviewStatus.CONFIRMED, created_at=now, ended_at=now,
    )  # fmt: skip
    db.add(review)
    assessment = _assessment(db, application, grant, await _report_of(db, application, grant))
    db.add(assessment)
    await db.flush()
    row = new_id()
    decision = Decision(
        id=row, county=county, division=application.division, number=f"JD{application.id.hex[-20:]}",
        application_id=application.id, review_id=review.id, assessment_id=assessment.id, program=application.program,
        outcome=outcome, monthly_amount_fen=grant.amount_fen, members_counted=3,
        first_month=grant.from_month if outcome == "approved" else None, basis=[], remedies=[], parameter_versions={},
        digest="0" * 64,
        body_sealed=db.vault.seal("decisions.body", row, canonical_bytes(grant.body).decode(), division=county),
        decided_by=new_id(), decided_on=grant.decided_on or now.date(), decided_at=now,
    )  # fmt: skip
    db.add(decision)
    await db.flush()
    return decision


async def build_award(db: WriteSession, grant: Grant | None = None, *, county: str = COUNTY) -> Award:
    """Make an award in any state."""
    grant = grant or Grant()
    decision, application, _ = await build_decision(db, grant, county=county)
    return await _open(db, application, decision, grant)


async def build_award_of(db: WriteSession, application: Application, grant: Grant | None = None) -> Award:
    """Make an award for a household that has handed in an application, with its members."""
    grant = grant or Grant()
    application.status = ApplicationStatus.APPROVED
    return await _open(db, application, await _decide(db, application, grant, "approved"), grant)


async def _open(db: WriteSession, application: Application, decision: Decision, grant: Grant) -> Award:
    award = Award(
        id=new_id(), county=application.county, division=application.division, application_id=application.id,
        decision_id=decision.id, beneficiary_id=application.applicant_id,
        program=application.program, monthly_amount_fen=grant.amount_fen, members_count=3,
        from_month=grant.from_month, to_month=grant.to_month, status=grant.status, opened_at=db.clock.now(),
    )  # fmt: skip
    put_payee(db, award, applicant_name_of(db, application))
    db.add(award)
    await db.flush()
    return award


async def found_about(db: ReadSession, award_id: UUID) -> list[UUID]:
    """Return the ids of what was found about an award and waits, as who looks at it reads them."""
    return [finding.id for finding in await list_open_findings(db, award_id)]


def recipient_of(award: Award) -> Actor:
    """Return the citizen an award is paid to."""
    return Actor(award.beneficiary_id, Role.APPLICANT)


async def _add_account(db: WriteSession, applicant: Actor, grant: Grant) -> None:
    if grant.account is None:
        return
    row = PayoutAccount(
        citizen_id=applicant.id, bank_code="RCC",
        account_sealed=db.vault.seal("payout_accounts.account", applicant.id, grant.account, division=GENERAL),
        account_index=db.vault.index("payout_accounts.account", grant.account), changed_at=db.clock.now(),
    )  # fmt: skip
    put_holder(db, row, grant.holder)
    db.add(row)
    await db.flush()


def _application(
    db: WriteSession, applicant: Actor, county: str, outcome: str, program: str = "living_allowance"
) -> Application:
    row, now = new_id(), db.clock.now()
    return Application(
        id=row, county=county, division=f"{county}103204", number=f"DB{new_id().hex[-24:]}",
        lookup_code="TESTCODE", program=program, form_version=1, status=ApplicationStatus(outcome),
        applicant_id=applicant.id, area_class="rural", created_at=now,
        submitted_at=now, accepted_at=now, ended_at=now,
        applicant_name_sealed=db.vault.seal("applications.applicant_name", row, "测试甲", division=county),
    )  # fmt: skip


async def _report_of(db: WriteSession, application: Application, grant: Grant) -> UUID:
    if grant.report is not None:
        return grant.report
    current = await find_current_report(db, application.id)
    return current.id if current is not None else new_id()


def _assessment(db: WriteSession, application: Application, grant: Grant, report: UUID) -> Assessment:
    row, now = new_id(), db.clock.now()
    return Assessment(
        id=row, county=application.county, division=application.division, application_id=application.id,
        report_id=report, program=application.program, judged_on=now.date(), outcome="eligible",
        monthly_amount_fen=grant.amount_fen, members_counted=3, parameter_versions={}, digest="0" * 64,
        body_sealed=db.vault.seal("assessments.body", row, "{}", division=application.county), made_by=new_id(),
        made_at=now,
    )  # fmt: skip
