"""Everything held about one citizen, put together from all stages (个人信息保护法 art. 45)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.applications.held import HELD as APPLICATIONS
from app.applications.household import ADULT_AGE
from app.audit.queries import count_looks_at
from app.awards.held import HELD as AWARDS
from app.complaints.held import HELD as COMPLAINTS
from app.complaints.queries import citizen_index
from app.core.clock import legal_date, today
from app.core.db import ReadSession
from app.core.held import HeldPart, HeldRow, Holding, Subject, plain, read_held
from app.corrections.held import HELD as CORRECTIONS
from app.disbursement.held import HELD as DISBURSEMENT
from app.files.held import HELD as FILES
from app.handovers.held import HELD as HANDOVERS
from app.identity.actors import Actor
from app.identity.commands import phone_of
from app.identity.held import HELD as IDENTITY
from app.identity.queries import get_citizen
from app.letters.held import HELD as LETTERS
from app.notices.held import HELD as NOTICES
from app.notifications.held import HELD as NOTIFICATIONS
from app.overpayments.held import HELD as OVERPAYMENTS
from app.reference.retention import Kept, Period
from app.relatives.held import HELD as RELATIVES
from app.retention.catalogue import CATALOGUE
from app.retention.held import HELD as RETENTION
from app.retention.periods import Keeping, Periods, load_periods
from app.retention.queries import (
    CaseState,
    find_last_use,
    list_awards_of,
    list_cases_of,
    list_members_by_number,
    list_minors,
)
from app.review.held import HELD as REVIEW
from app.status_queries.held import HELD as STATUS_QUERIES
from app.verification.held import HELD as VERIFICATION

HOLDINGS: tuple[Holding, ...] = (
    *IDENTITY, *APPLICATIONS, *VERIFICATION, *REVIEW, *NOTICES, *AWARDS, *DISBURSEMENT, *OVERPAYMENTS, *HANDOVERS,
    *COMPLAINTS,
    *LETTERS, *CORRECTIONS, *NOTIFICATIONS, *FILES, *RELATIVES, *RETENTION,
    *STATUS_QUERIES,
)  # fmt: skip
LOOKS = "audit_records"


@dataclass(frozen=True)
class CopiedRow:
    """One row, and as what and until when it is kept; no date: the period has not begun."""

    row: HeldRow
    keeping: Keeping


@dataclass(frozen=True)
class CopiedPart:
    """All of one table."""

    part: HeldPart
    rows: tuple[CopiedRow, ...]


async def copy_everything(db: ReadSession, actor: Actor) -> list[CopiedPart]:
    """Return all parts that hold something about the caller, or could: an empty part says that nothing is held."""
    async with db.wider():  # he may be a member of another's household
        return await _copy(db, actor)


async def _copy(db: ReadSession, actor: Actor) -> list[CopiedPart]:
    cases = await list_cases_of(db, actor.id)
    subject = await _subject(db, actor, cases)
    periods = await load_periods(db, today(db.clock))
    last_use = await find_last_use(db, actor.id)
    files = {case.id: periods.of_case(case, last_use) for case in cases}
    parts = [await read_held(db, holding, subject) for holding in HOLDINGS]
    parts.append(await _looks(db, actor))
    used = None if last_use is None else legal_date(last_use)
    return [CopiedPart(part, tuple(_kept(part, row, files, periods, used) for row in part.rows)) for part in parts]


async def _subject(db: ReadSession, actor: Actor, cases: list[CaseState]) -> Subject:
    citizen = await get_citizen(db, actor.id)
    phone = phone_of(db, citizen) or ""
    indexes = {
        "one_time_codes.phone": db.vault.index("one_time_codes.phone", phone),
        "complaint_reporters.citizen": citizen_index(db.vault, citizen.id),
    }
    memberships: frozenset[UUID] = frozenset()
    if citizen.id_number_sealed is not None:
        number = db.vault.open("citizens.id_number", citizen.id, citizen.id_number_sealed)
        indexes["members.id_number"] = db.vault.index("members.id_number", number)
        memberships = frozenset(await list_members_by_number(db, indexes["members.id_number"]))
    own = frozenset(case.id for case in cases)
    born_after = Period(years=-ADULT_AGE).after(today(db.clock))
    return Subject(
        citizen=actor.id,
        cases=own,
        memberships=memberships,
        wards=frozenset(await list_minors(db, own, born_after)),
        awards=await list_awards_of(db, actor.id),
        indexes=indexes,
    )


async def _looks(db: ReadSession, actor: Actor) -> HeldPart:
    counts = await count_looks_at(db, actor)
    rows = tuple(HeldRow(plain(count._asdict()), None, legal_date(count.last_at)) for count in counts)
    return HeldPart(LOOKS, rows)


def _kept(
    part: HeldPart, row: HeldRow, files: Mapping[UUID, Keeping], periods: Periods, last_use: date | None
) -> CopiedRow:
    kept = CATALOGUE[part.table].kept
    file = files.get(row.case) if row.case else None
    if kept is Kept.APPROVAL_FILE:
        # A member of another's household learns what his row is kept as; when that case ends is not his to know.
        return CopiedRow(row, file or Keeping(Kept.APPROVAL_FILE, None))
    if kept is Kept.PAYMENT_LIST:
        month = row.data.get("month")
        return CopiedRow(row, periods.of(kept, date(int(month[:4]), 12, 31) if month else None))
    if kept is Kept.DAILY_MANAGEMENT:
        return CopiedRow(row, periods.of(kept, file.start if file else row.since))
    if kept is Kept.ACCOUNT:
        return CopiedRow(row, periods.of(kept, last_use))
    return CopiedRow(row, periods.of(kept, row.since))
